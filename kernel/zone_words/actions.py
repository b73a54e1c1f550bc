"""A zone's words: kept as a draft, put before a second person, in force from then on, and never changed again."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kernel.accounts import proposing
from kernel.accounts.models import Role, Zone
from kernel.accounts.permissions import require_administrator
from kernel.accounts.proposal_kinds import Agreed
from kernel.accounts.proposals import Proposal
from kernel.core.certain import certain
from kernel.core.errors import Incomplete, NotAllowed, Refused, Stale
from kernel.core.moment import now
from kernel.zone_words import checking, places
from kernel.zone_words.events import record
from kernel.zone_words.in_force import AHEAD
from kernel.zone_words.models import WordsEvent, ZoneWords
from kernel.zone_words.places import Place

USE = "zone_words"
Says, Kind = ZoneWords.Says, WordsEvent.Kind
WAITS = _(
    "These words wait for a second person. To change them, take that back under “Four eyes” first."
)
GONE = _("There is no such draft any more.")


@transaction.atomic
def keep_draft(
    *, actor, zone: Zone, place: str, says: str, words: Mapping[str, str] | None = None
) -> ZoneWords:
    """The draft of the next version at a place. Raises NotAllowed for anybody but the zone's administrator, Incomplete
    with what is wrong as (sentence, (name of the field,)), Refused while it waits for a second person."""
    require_administrator(actor, zone.pk)
    at = _place(zone, place)
    if proposing.waiting(USE, subject(zone.pk, place)):
        raise Refused(WAITS)
    kept = dict(_kept(at, says, words or {}))
    rows = ZoneWords.objects.select_for_update().filter(zone=zone, place=place)
    draft = rows.filter(in_force_from=None).first()
    if draft is None:
        newest = rows.order_by("-number").first()
        draft = ZoneWords(zone=zone, place=place, number=newest.number + 1 if newest else 1)
    elif (draft.says, draft.words) == (says, kept):
        return draft  # the same once more
    draft.says, draft.words = says, kept
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError as error:  # a colleague began one at the same moment
        raise Refused(_("A colleague keeps a draft of this at the same moment.")) from error
    record(draft, Kind.KEPT, actor)
    return draft


@transaction.atomic
def discard_draft(*, actor, zone: Zone, place: str) -> None:
    """Throw a draft away; its event keeps what it said. Raises Refused while it waits for a second person."""
    require_administrator(actor, zone.pk)
    if proposing.waiting(USE, subject(zone.pk, place)):
        raise Refused(WAITS)
    draft = _draft(zone, place)
    record(draft, Kind.DISCARDED, actor)
    draft.delete()


@transaction.atomic
def ask_to_use(*, actor, zone: Zone, place: str, reason: str) -> Proposal:
    """Put it before a second person that a draft is used from now on. Raises as `keep_draft`, and what `proposing.ask`
    raises."""
    require_administrator(actor, zone.pk)
    draft = _draft(zone, place)
    _require_usable(_place(zone, place), draft)
    proposal = proposing.ask(
        actor=actor,
        kind=USE,
        subject=subject(zone.pk, place),
        arguments={
            "zone": zone.pk,
            "place": place,
            "number": draft.number,
            "says": draft.says,
            "words": draft.words,
        },
        reason=reason,
        zone=zone,
    )
    record(draft, Kind.ASKED, actor, reason=proposal.reason)
    return proposal


def use(agreed: Agreed) -> ZoneWords:
    """The draft is in force, as two persons want it, from a minute on (`in_force.AHEAD`). Raises Stale where it says
    something else by now."""
    asked = agreed.of(USE)
    zone = Zone.objects.get(pk=asked["zone"])
    require_administrator(agreed.first, zone.pk)
    draft = _draft(zone, asked["place"])
    if (draft.number, draft.says, draft.words) != (asked["number"], asked["says"], asked["words"]):
        raise Stale
    _require_usable(_place(zone, draft.place), draft)
    draft.in_force_from = now() + AHEAD
    draft.save(update_fields=["in_force_from"])
    record(draft, Kind.IN_FORCE, agreed.first, agreed.second)
    return draft


def subject(zone: int, place: str) -> str:
    """By which a proposal names it."""
    return f"words:{zone}:{place}"


def may_write(user, zone: Zone) -> bool:
    return user.holds(Role.ADMINISTRATOR) and user.zone_id == zone.pk


def _place(zone: Zone, code: str) -> Place:
    if (place := places.place(zone, code)) is None:
        raise NotAllowed
    return place


def _kept(place: Place, says: str, words: Mapping[str, str]) -> Mapping[str, str]:
    """The words as they are kept. Raises Incomplete."""
    if says == Says.PRODUCT and place.has_product:
        return {}
    if says == Says.NOTHING and place.may_be_left_out:
        return {}
    if says != Says.OWN:
        raise Refused(_("Choose what is to be said."))
    kept = {field: str(words.get(field, "")).strip() for field in place.fields}
    _require_right(place, kept)
    return kept


def _require_right(place: Place, words: Mapping[str, str]) -> None:
    if wrong := checking.faults(place, words):
        raise Incomplete(
            _("The words can't be kept like this."), [(text, (field,)) for field, text in wrong]
        )


def _require_usable(place: Place, draft: ZoneWords) -> None:
    """Raises Incomplete for a draft that isn't right (any more), Refused where it changes nothing."""
    if draft.says == Says.OWN:
        _require_right(place, draft.words)
    before = ZoneWords.objects.filter(
        zone=draft.zone_id, place=draft.place, in_force_from__isnull=False
    ).first()
    says, words = (certain(before.says), before.words) if before else (Says.PRODUCT, {})
    if (says, words) == (draft.says, draft.words):
        raise Refused(_("The draft says what is in force already: there is nothing to change."))


def _draft(zone: Zone, place: str) -> ZoneWords:
    rows = ZoneWords.objects.select_for_update()
    draft = rows.filter(zone=zone, place=place, in_force_from=None).first()
    if draft is None:
        raise Refused(GONE)
    return draft
