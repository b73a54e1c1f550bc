"""A stage awaits its applicant though nothing is wrong: begun and ended by whoever has it in hand; the rest is
`Case.begin_awaiting` and `Case.end_awaiting` within another move (`kernel.cases.awaiting` says what it means)."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from kernel.accounts.models import Zone
from kernel.cases import rights
from kernel.cases.locked_case import locked_stage
from kernel.cases.models import Application, Awaits, Event, Stage
from kernel.core.certain import certain
from kernel.core.errors import Incomplete, Refused, Stale
from kernel.core.moment import now
from kernel.form import flow

LONGEST_REASON = certain(Stage._meta.get_field("awaits_reason").max_length)
BATCH = 200


def begin_awaiting(
    *, actor, stage_id: int, kind: str, reason: str, until: datetime | None = None
) -> Stage:
    """The officer who has the stage in hand can't go on before the applicant has done something that isn't a
    correction. The clocks rest until `end_awaiting`, or by themselves until `until`.

    `kind` is one of `Awaits`; `reason` is read by the applicant and holds no personal data. Raises Incomplete without
    a reason, Stale where the stage isn't open, Refused where somebody else has it in hand.
    """
    if kind not in Awaits.values:
        raise Incomplete(_("Choose what is waited for."))
    if not reason.strip():
        raise Incomplete(_("Write what you wait for. The applicant reads it."))
    if len(reason.strip()) > LONGEST_REASON:
        raise Incomplete(
            _("The reason is too long: %(n)s characters at most.") % {"n": LONGEST_REASON}
        )
    with locked_stage(stage_id, actor) as (case, stage):
        rights.require_work(actor, stage)
        if stage.state != flow.OPEN:
            raise Stale
        _require_in_hand(stage, actor)
        case.begin_awaiting(stage, kind, reason.strip(), until)
    return stage


def end_awaiting(*, actor, stage_id: int) -> Stage:
    """What the stage awaited has come: it goes on where it was. A second click does nothing. Raises Stale where the
    stage isn't under way, Refused where somebody else has it in hand."""
    with locked_stage(stage_id, actor) as (case, stage):
        rights.require_work(actor, stage)
        if stage.state not in flow.AT_WORK:
            raise Stale
        _require_in_hand(stage, actor)
        case.end_awaiting(stage)
    return stage


def end_what_has_come() -> int:
    """Write down the waits that ended by themselves; returns how many. For the sweep: clocks and lines are right
    without it."""
    due = Stage.objects.filter(state=flow.AWAITING, awaits_until__lte=now()).order_by(
        "awaits_until"
    )
    return sum(_ended(stage_id) for stage_id in due.values_list("pk", flat=True)[:BATCH])


def remind_waiting() -> int:
    """Remind applicants of what has waited for them for the zone's days, and again after as many; returns how many were
    reminded. For the sweep; days are those of the calendar."""
    return sum(_remind(pk) for zone in Zone.objects.all() for pk in _due_for_a_reminder(zone))


def _due_for_a_reminder(zone) -> list[int]:
    since = now() - timedelta(days=zone.setting("wait_reminder_days"))
    told = Event.objects.filter(
        application=OuterRef("application"),
        department=OuterRef("department"),
        kind=Event.Kind.REMINDED,
        at__gt=since,
    )
    waiting = Stage.objects.filter(zone=zone).with_applicant_since(since)
    return list(waiting.filter(~Exists(told)).values_list("pk", flat=True)[:BATCH])


def _remind(stage_id: int) -> bool:
    try:
        with locked_stage(stage_id, wait=False) as (case, stage):
            if stage.state not in flow.WITH_APPLICANT:
                return False
            case.record(Event.Kind.REMINDED, stage, days=(case.at - stage.awaits_since).days)
    except Application.DoesNotExist:  # somebody is moving the case; the next sweep looks again
        return False
    return True


def _ended(stage_id: int) -> bool:
    try:
        with locked_stage(stage_id, wait=False) as (case, _stage):
            return any(event.kind == Event.Kind.AWAITED for event in case.events)
    except Application.DoesNotExist:  # somebody is moving the case, and writes it down
        return False


def _require_in_hand(stage: Stage, actor) -> None:
    if stage.holder_id and stage.holder_id != actor.pk:
        raise Refused(_("%(who)s is working on this case.") % {"who": stage.holder})
