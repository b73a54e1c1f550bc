"""Which machines print tickets: a link sets one up, once, and somebody of the zone takes it away."""

from datetime import timedelta
from secrets import token_hex

from django.db import transaction
from django.utils.translation import gettext as _

from kernel.accounts.models import Role, User
from kernel.core.certain import certain
from kernel.core.errors import NotAllowed, Refused
from kernel.core.moment import now
from kernel.core.privacy import blind_index
from services.hall.models import Kiosk

LINK_GOOD = timedelta(hours=1)
SECRET = 32  # bytes


def may_keep(user) -> bool:
    """The supervisors and administrators of a zone keep its machines."""
    return bool(
        user.is_authenticated and user.zone_id and user.holds(Role.SUPERVISOR, Role.ADMINISTRATOR)
    )


def give_link(*, actor: User, place: str) -> tuple[Kiosk, str]:
    """A new machine, and the secret of the link that sets it up; it is shown once and kept by nobody."""
    if not may_keep(actor):
        raise NotAllowed
    secret, at = token_hex(SECRET), now()
    kiosk = Kiosk.objects.create(
        zone=certain(actor.zone),
        place=place,
        link_digest=digest(secret),
        link_until=at + LINK_GOOD,
        made_by=actor,
        made_at=at,
    )
    return kiosk, secret


@transaction.atomic
def set_up(*, link: str) -> tuple[Kiosk, str]:
    """This machine is the kiosk from now on: the secret that it keeps. Raises Refused for a link that was used, is too
    old, or isn't one."""
    rows = Kiosk.objects.select_for_update().filter(link_digest=digest(link), ended_at=None)
    kiosk = rows.filter(set_up_at=None, link_until__gt=now()).first()
    if kiosk is None:
        raise Refused(_("This link was used already, or is too old. Ask for a new one."))
    secret = token_hex(SECRET)
    kiosk.digest, kiosk.set_up_at = digest(secret), now()
    kiosk.save(update_fields=["digest", "set_up_at"])
    return kiosk, secret


@transaction.atomic
def take_away(*, actor: User, kiosk: Kiosk) -> Kiosk:
    """The machine gives no tickets any more."""
    kiosk = Kiosk.objects.select_for_update().get(pk=kiosk.pk)
    if not may_keep(actor) or kiosk.zone_id != actor.zone_id:
        raise NotAllowed
    if kiosk.ended_at is None:
        kiosk.ended_at, kiosk.ended_by, kiosk.digest = now(), actor, ""
        kiosk.save(update_fields=["ended_at", "ended_by", "digest"])
    return kiosk


def of_secret(secret: str) -> Kiosk | None:
    """The machine that holds this secret; None for none, or one that was taken away."""
    if not secret:
        return None
    rows = Kiosk.objects.filter(digest=digest(secret), ended_at=None).exclude(digest="")
    return rows.select_related("zone").first()


def digest(secret: str) -> str:
    return blind_index(f"kiosk:{secret}")
