"""What the visitor does on the second screen: joins it, signs, files, hands in corrections.

Whoever holds the tablet isn't logged in. It is the one that typed the filing's code; that it is in the visitor's hands
an officer saw who knows the visitor (`kernel.accounts.presences`), and every act asks for that
(`proofs.Right.AT_COUNTER`). The helper's own browser never typed the code, so it has none of these.
"""

import secrets
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel.accounts import proofs
from kernel.accounts.proofs import Right
from kernel.cases import founders_papers, helping
from kernel.cases.actions.counter import keep_open, screen_mark
from kernel.cases.actions.resubmit import resubmit
from kernel.cases.actions.signing import AT_COUNTER, sign_as
from kernel.cases.actions.signing_links import NOT_YOURS, ask_signatures, link_of
from kernel.cases.actions.submit import submit
from kernel.cases.agency import is_person
from kernel.cases.models import Application, CounterFiling, SigningRequest
from kernel.core.errors import NotAllowed, Refused
from kernel.core.moment import now
from kernel.core.privacy import blind_index

NO_SUCH_CODE = _(
    "No filing has this code now. Compare it with the helper's screen, or ask for a new one."
)


@dataclass(frozen=True)
class Joined:
    """`token` is what the tablet keeps; the portal keeps its digest."""

    filing: CounterFiling
    token: str


@transaction.atomic
def join_screen(*, code: str) -> Joined:
    """The tablet that types this code is the filing's second screen until that ends. The code is good once.

    Raises Refused for a code of no filing that is worked on now.
    """
    rows = CounterFiling.objects.filter(
        screen_code=screen_mark(code), screen_code_until__gt=now(), ended_at=None
    )
    row = rows.select_related("application").select_for_update(of=("self",)).first()
    if row is None or not helping.in_force(row.application.zone_id).filter(pk=row.pk).exists():
        raise Refused(NO_SUCH_CODE)
    token = secrets.token_urlsafe(24)
    row.screen, row.screen_at, row.screen_code = _digest(token), now(), ""
    row.save(update_fields=["screen", "screen_at", "screen_code"])
    return Joined(row, token)


def screened(token: str) -> CounterFiling | None:
    """The filing that this tablet shows now; None for every other browser, and once it has ended."""
    if not token:
        return None
    rows = CounterFiling.objects.filter(screen=_digest(token), ended_at=None)
    row = rows.select_related("application__zone", "visitor", "helper", "presence").first()
    if row is None or row.used_at <= helping.idle_since(row.application.zone_id, now()):
        return None
    return row


@transaction.atomic
def link_on_screen(*, token: str) -> SigningRequest:
    """The page on which the visitor reads and signs what is theirs to sign. Raises NotAllowed without a screen, Refused
    where they aren't named."""
    row = _acting(token)
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("zone")
        .get(pk=row.application_id)
    )
    case = founders_papers.standing(application)
    own = next((person for person in case.filing.people if is_person(row.visitor, person)), None)
    if own is None:
        raise Refused(NOT_YOURS)
    return link_of(application, own, case.at)


def sign_on_screen(*, token: str, request_uid, seen: dict[str, str]) -> Application:
    """`sign_as` of the visitor, whom an officer knows. Raises NotAllowed without a screen and for a link of another
    person or case, NotProved where nobody is known to be here, and Refused as `sign_as` does."""
    row = _acting(token)
    link = SigningRequest.objects.get(uid=request_uid)
    if link.application_id != row.application_id:
        raise NotAllowed
    person = founders_papers.standing(row.application).filing.by_uid.get(str(link.person))
    if person is None or not is_person(row.visitor, person):
        raise NotAllowed
    return sign_as(
        application_id=row.application_id,
        person=person.uid,
        seen=seen,
        proof=proof_of(row),
    )


def proof_of(row: CounterFiling) -> dict:
    """How who acts on the second screen has shown who they are; stays with the signature."""
    return {
        "by": AT_COUNTER,
        "how": str(row.presence.how),
        "presence": str(row.presence.uid),
        "counter": str(row.uid),
        "helper": row.helper_id,
    }


def submit_on_screen(*, token: str) -> Application:
    """`submit` by the visitor. Raises NotAllowed without a screen, else as `submit` does."""
    row = _acting(token)
    return submit(actor=row.visitor, application_id=row.application_id, counter=row)


def resubmit_on_screen(*, token: str, department: str, knowingly: bool) -> Application:
    """`resubmit` by the visitor. Raises NotAllowed without a screen, else as `resubmit` does."""
    row = _acting(token)
    return resubmit(
        actor=row.visitor,
        application_id=row.application_id,
        department=department,
        knowingly=knowingly,
    )


def ask_on_screen(*, token: str, address: str) -> int:
    """`ask_signatures` by the visitor, of who signs elsewhere. Raises NotAllowed without a screen."""
    row = _acting(token)
    return ask_signatures(actor=row.visitor, application_id=row.application_id, address=address)


def _acting(token: str) -> CounterFiling:
    row = screened(token)
    if row is None:
        raise NotAllowed
    proofs.require(row.visitor, Right.AT_COUNTER, row.presence)
    keep_open(filing=row)
    return row


def _digest(token: str) -> str:
    return blind_index(f"counter-screen-token:{token}")
