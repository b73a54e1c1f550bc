"""An officer works at the counter on a visitor's filing: how it begins, goes on and ends, and what it leaves behind.

The visitor reads along on a second screen, which a short code joins to it; only what that screen asks for is signed or
filed (`kernel.cases.actions.second_screen`).
"""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kernel.accounts import proofs
from kernel.accounts.models import Presence, Zone
from kernel.accounts.proofs import Right
from kernel.cases import helping
from kernel.cases.actions.editing import seen_mark
from kernel.cases.locked_case import Case, locked_case
from kernel.cases.models import Application, CounterFiling, Event
from kernel.cases.numbers import readable_code
from kernel.core.errors import NotAllowed, Refused
from kernel.core.moment import now
from kernel.core.privacy import blind_index
from kernel.form import flow

OFTEN = timedelta(minutes=1)  # using it again within it is written down once
CODE_LASTS = timedelta(minutes=10)
SCREEN_CODE, CLAIM_CODE = 6, 10  # characters
Why = CounterFiling.Why

NOT_OPEN = _(
    "Nothing of this case can be filled in now: it is with the departments, or it has ended. See where it stands under "
    "“Progress”."
)
OWN_DESK = _(
    "You hold this case at your desk, so somebody else helps with it at the counter: nobody decides on what they "
    "filled in."
)


def begin_counter_filing(
    *, actor, presence: Presence, application_id: int, ticket: str = ""
) -> CounterFiling:
    """The officer works on this filing with the visitor from now on; what they worked on before ends. Once more on the
    same filing gives the same.

    Raises NotAllowed for who doesn't help, and for a filing of somebody else or of another zone; NotProved for a
    visitor who wasn't shown to be here; Refused while a colleague works on it, while the officer holds it at a desk,
    and where nothing is to be filled in.
    """
    if not helping.may_help(actor) or presence.by_id != actor.pk:
        raise NotAllowed
    visitor = presence.account
    proofs.require(visitor, Right.AT_COUNTER, presence)
    for other in CounterFiling.objects.filter(helper=actor, ended_at=None):
        if other.application_id != application_id:
            end_counter_filing(filing_id=other.pk, why=Why.NEXT, actor=actor)
    try:
        with locked_case(application_id, actor) as case:
            if (case.application.applicant_id, case.application.zone_id) != (
                visitor.pk,
                actor.zone_id,
            ):
                raise NotAllowed
            return _begun(case, presence, ticket)
    except IntegrityError as error:
        raise Refused(
            _("You began with another filing at the same moment. Open this one again.")
        ) from error


def _begun(case: Case, presence: Presence, ticket: str) -> CounterFiling:
    for row in CounterFiling.objects.filter(application=case.application, ended_at=None):
        if row.used_at <= helping.idle_since(case.application.zone_id, case.at):
            _end(case, row, Why.IDLE)
        elif row.helper_id == case.actor.pk and row.presence_id == presence.pk:
            return row
        elif row.helper_id == case.actor.pk:
            _end(case, row, Why.NEXT)
        else:
            sentence = _("%(who)s is working on this filing at the counter.")
            raise Refused(sentence % {"who": row.helper})
    _require_open(case)
    row = CounterFiling.objects.create(
        application=case.application,
        helper=case.actor,
        visitor=presence.account,
        presence=presence,
        ticket=ticket,
        marks=_marks(case.application),
        begun_at=case.at,
        used_at=case.at,
    )
    case.application.helpers = sorted({*case.application.helpers, case.actor.pk})
    case.record(Event.Kind.HELPED, counter=str(row.uid), visitor=row.visitor_id, how=presence.how)
    return row


def _require_open(case: Case) -> None:
    stages = case.stages.values()
    if any(stage.holder_id == case.actor.pk for stage in stages):
        raise NotAllowed(OWN_DESK)
    is_returned = any(stage.state == flow.RETURNED for stage in stages)
    if case.application.state != flow.DRAFT and not is_returned:
        raise Refused(NOT_OPEN)


def _marks(application: Application) -> dict[str, str]:
    """A digest of each page as it is now, and of who is named and what is uploaded."""
    answers = application.answers
    marks = {section: seen_mark(answers[section]) for section in answers if section != "signatures"}
    people = {str(person.uid): person.data for person in application.people.all()}
    files = sorted(application.materials.values_list("sha256", flat=True))
    return marks | {"people": seen_mark(people), "materials": seen_mark({"files": files})}


def end_counter_filing(*, filing_id: int, why: str, actor=None) -> None:
    """The right is over, and the trail says which pages changed meanwhile. Ended already it does nothing."""
    row = CounterFiling.objects.get(pk=filing_id)
    with locked_case(row.application_id, actor) as case:
        row.refresh_from_db()
        if row.ended_at is None:
            _end(case, row, why)


def _end(case: Case, row: CounterFiling, why: str) -> None:
    before, after = row.marks, _marks(case.application)
    changed = sorted(
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    )
    row.ended_at, row.ended_why = case.at, why
    row.screen_code, row.screen, row.marks = "", None, {}
    row.save(update_fields=["ended_at", "ended_why", "screen_code", "screen", "marks"])
    case.record(
        Event.Kind.HELP_ENDED,
        counter=str(row.uid),
        visitor=row.visitor_id,
        helper=row.helper_id,
        why=str(why),
        changed=changed,
    )


def end_idle_counter_filings() -> int:
    """End what nobody did anything at for its zone's minutes; returns how many. For the sweep."""
    ended = 0
    for zone in Zone.objects.all():
        rows = CounterFiling.objects.filter(application__zone=zone, ended_at=None)
        for row in rows.filter(used_at__lte=helping.idle_since(zone.pk, now())):
            end_counter_filing(filing_id=row.pk, why=Why.IDLE)
            ended += 1
    return ended


def keep_open(*, filing: CounterFiling) -> None:
    """Helper or visitor did something with it: it goes on."""
    at = now()
    CounterFiling.objects.filter(pk=filing.pk, used_at__lt=at - OFTEN).update(used_at=at)


@transaction.atomic
def draw_screen_code(*, actor, filing_id: int) -> str:
    """A new code by which one tablet becomes the second screen of a filing; an earlier code and screen are no more.
    Raises NotAllowed for who doesn't work on it now."""
    row = _own(actor, filing_id)
    code = readable_code(SCREEN_CODE)
    row.screen_code, row.screen_code_until = screen_mark(code), now() + CODE_LASTS
    row.screen, row.screen_at = None, None
    row.save(update_fields=["screen_code", "screen_code_until", "screen", "screen_at"])
    return code


@transaction.atomic
def draw_claim_code(*, actor, filing_id: int) -> str:
    """A new code that the visitor takes home, to take the account over there; earlier ones are void. Raises NotAllowed
    for who doesn't work on it now, Refused where the account has a phone: then that opens it."""
    row = _own(actor, filing_id)
    if row.visitor.phone_proved_at:
        raise Refused(_("The visitor's phone opens the account: no code is needed."))
    code = readable_code(CLAIM_CODE)
    CounterFiling.objects.filter(visitor=row.visitor).exclude(claim_code="").update(claim_code="")
    row.claim_code = claim_mark(code)
    row.claim_until = now() + timedelta(days=row.application.zone.setting("claim_days"))
    row.save(update_fields=["claim_code", "claim_until"])
    return code


@transaction.atomic
def take_claim_code(*, filing_id: int) -> None:
    """The account was taken over by its code: it is good once."""
    CounterFiling.objects.filter(pk=filing_id).update(claim_code="", claim_until=None)


def claimed_by(code: str) -> CounterFiling | None:
    """By which filing somebody holds a code that is still good."""
    rows = CounterFiling.objects.filter(claim_code=claim_mark(code), claim_until__gt=now())
    row = rows.select_related("visitor").first()
    return row if row and not row.visitor.phone_proved_at else None


def screen_mark(code: str) -> str:
    return blind_index(f"counter-screen:{_tidy(code)}")


def claim_mark(code: str) -> str:
    return blind_index(f"counter-claim:{_tidy(code)}")


def _tidy(code: str) -> str:
    return "".join(char for char in code.upper() if char.isalnum())


def _own(actor, filing_id: int) -> CounterFiling:
    """Under lock, for its helper while it is in force. Raises NotAllowed."""
    rows = helping.in_force(actor.zone_id).filter(pk=filing_id, helper=actor)
    row = (
        rows.select_related("application__zone", "visitor").select_for_update(of=("self",)).first()
    )
    if row is None:
        raise NotAllowed
    return row
