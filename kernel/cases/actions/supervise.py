"""What a supervisor decides about a case: urge, reassign, extend, decline; and the reason that each breach asks for."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from kernel.accounts.models import User
from kernel.accounts.permissions import require_administrator
from kernel.accounts.proposal_kinds import Agreed
from kernel.accounts.proposals import Proposal
from kernel.cases import breaches, proposed, rights, trail
from kernel.cases.locked_case import Case, locked_case, locked_stage
from kernel.cases.models import Application, BreachReason, Event, Stage
from kernel.core import rows
from kernel.core.errors import Incomplete, NotAllowed, Refused, Stale
from kernel.core.moment import now
from kernel.form import flow
from kernel.sla import clocks, set_aside
from kernel.sla.models import Clock

DECLINE = "decline"
MOST_MINUTES = 480  # of one extension: a working day


def ask_to_decline(*, actor, application_id: int, legal_basis: str) -> Proposal:
    """Put it before a second person that a case be declined, with its legal basis; no window can. Raises Stale once the
    licence is out, and what `proposed.ask` raises."""
    if not legal_basis.strip():
        raise Incomplete(_("A case is declined only with its legal basis. Write it down."))
    with transaction.atomic():
        with locked_case(application_id, actor) as case:
            _require_declinable(actor, case)
        return proposed.ask(
            case.application,
            actor=actor,
            kind=DECLINE,
            reason=legal_basis,
            arguments={"legal_basis": legal_basis.strip()},
        )


def decline(agreed: Agreed) -> Application:
    """Decline a case, as two persons want it. Raises Stale once the licence is out."""
    asked = agreed.of(DECLINE)
    with locked_case(asked["application_id"], agreed.first) as case:
        _require_declinable(agreed.first, case)
        case.application.decline()
        case.end()
        case.record(Event.Kind.DECLINED, legal_basis=asked["legal_basis"], **agreed.seal)
    return case.application


def _require_declinable(actor, case: Case) -> None:
    rights.require_supervisor(actor, case.application)
    if not can_proceed(case.application.decline):
        raise Stale


def urge(*, actor, stage_id: int) -> Stage:
    """Ask whoever holds the stage (its desk, while nobody does) to get on with it. Raises Stale unless it is open."""
    with locked_stage(stage_id, actor) as (case, stage):
        rights.require_supervisor(actor, case.application)
        if stage.state != flow.OPEN:
            raise Stale
        case.record(Event.Kind.URGED, stage, holder=stage.holder_id)
    return stage


def reassign(*, actor, stage_id: int, officer_id: int, reason: str) -> Stage:
    """Put the stage into the hands of another officer of its desk. Clock and spans go on: the desk holds it as before.

    Raises NotAllowed for an officer of another desk, Stale once the stage is not under way.
    """
    if not reason.strip():
        raise Incomplete(_("Write why the case is given to somebody else."))
    with locked_stage(stage_id, actor) as (case, stage):
        rights.require_supervisor(actor, case.application)
        if stage.state not in flow.UNDER_WAY:
            raise Stale
        officer = User.objects.filter(pk=officer_id, is_active=True).first()
        if officer is None or not rights.may_work(officer, stage):
            raise NotAllowed(_("This person does not work at the desk of the stage."))
        rights.require_not_helped(officer, case.application)
        before = stage.holder_id
        if before == officer.pk:
            raise Refused(_("%(who)s holds the case already.") % {"who": officer})
        case.hand_to(stage, officer)
        case.record(
            Event.Kind.REASSIGNED, stage, holder=officer.pk, before=before, reason=reason.strip()
        )
    return stage


def extend(*, actor, application_id: int, clock: str, minutes: int, ground: str) -> Clock:
    """Add working minutes to a clock that hasn't stopped, with a ground that everybody reads on the case.

    The budget stays beside; a breach that happened stays one. Raises Stale once the clock has stopped.
    """
    if not ground.strip():
        raise Incomplete(_("Write the ground of the extension. It is shown on the case."))
    if not 1 <= minutes <= MOST_MINUTES:
        raise Incomplete(_("Add between 1 and %(most)s minutes.") % {"most": MOST_MINUTES})
    with locked_case(application_id, actor) as case:
        rights.require_supervisor(actor, case.application)
        extended = _clock(case, clock)
        if extended.state == Clock.State.STOPPED:
            raise Stale
        case.catch_up(extended)
        clocks.extend(extended, minutes, case.at)
        rows.update([extended], clocks.FIELDS)
        case.record(
            Event.Kind.EXTENDED,
            clock=clock,
            minutes=minutes,
            ground=ground.strip(),
            limit_minutes=extended.limit_minutes,
        )
    return extended


def explain_breach(
    *, actor, application_id: int, clock: str, category: str, text: str
) -> BreachReason:
    """Say why a clock went over: its supervisor, the next level, or who holds (or held last) a stage that it covers.

    Raises Stale where the clock is within its limit, Refused when the reason was given already.
    """
    if category not in BreachReason.Category.values:
        raise Incomplete(_("Choose a reason."))
    if not text.strip():
        raise Incomplete(_("Write what happened."))
    with locked_case(application_id, actor) as case:
        if not rights.may_explain(actor, case.application):
            case.role = actor.role_at(_held(case, actor, clock))
        late = _clock(case, clock)
        if not (late.breached_at or (late.due_at and late.due_at < case.at)):
            raise Stale
        if BreachReason.objects.filter(clock=late).exists():
            raise Refused(_("The reason was given already."))
        given = BreachReason.objects.create(
            application=case.application,
            clock=late,
            category=category,
            text=text.strip(),
            given_by=actor,
            given_at=case.at,
        )
        breaches.explained(case.application, clock, case.at)
        case.record(Event.Kind.EXPLAINED, clock=clock, category=category, text=text.strip())
    return given


@transaction.atomic
def put_back(*, actor, clock_id: int) -> None:
    """Let the sweep try a clock again that was set aside after failures. Raises Stale where it isn't (any more)."""
    owner = Clock.objects.values_list("owner", flat=True).filter(pk=clock_id).first()
    case = (
        Application.objects.select_for_update(of=("self",))
        .defer("answers")
        .filter(uid=owner)
        .first()
        if owner
        else None
    )
    if case is None:
        raise Stale
    require_administrator(actor, case.zone_id)
    if not set_aside.put_back(clock_id):
        raise Stale
    name = Clock.objects.values_list("name", flat=True).get(pk=clock_id)
    rows.insert([trail.append(case, Event.Kind.PUT_BACK, now(), actor, clock=name)])
    rows.update([case], ("trail_head", "trail_length"))


def _clock(case: Case, name: str) -> Clock:
    """The case's clock of this name. Raises Stale where it has none."""
    clock = Clock.objects.filter(owner=case.application.uid, name=name).first()
    if clock is None:
        raise Stale
    return clock


def _held(case: Case, actor, clock: str) -> str:
    """The department of the stage under the clock that is or was in the actor's hands. Raises NotAllowed for none."""
    covered = (
        [case.stages[name] for name in flow.clocks()[clock].covers if name in case.stages]
        if clock in flow.clocks() and case.stages
        else []
    )
    held = (stage.department for stage in covered if stage.holder_id == actor.pk)
    if department := next(held, None):
        return department
    raise NotAllowed
