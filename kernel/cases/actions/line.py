"""The line: what keeps its order and its pace. One line for each desk of a zone; nobody picks from it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import takewhile

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.accounts.models import Zone
from kernel.cases import rights
from kernel.cases.locked_case import Case, locked_case, locked_stage
from kernel.cases.models import Application, Event, Stage
from kernel.core.certain import certain
from kernel.core.errors import Incomplete, Refused, Stale
from kernel.core.moment import now
from kernel.form import flow
from kernel.form.choices import PriorityGround
from kernel.sla.calendars import calendar_id, work_calendar
from kernel.sla.worktime import deadline

OFTEN = timedelta(minutes=1)  # looking at a page again within it is written down once
BATCH = 100


def touch(*, actor, stage_id: int) -> None:
    """The officer is at the case in their hands: it stays there. Not an event: nothing of the case changes."""
    at = now()
    mine = Stage.objects.filter(pk=stage_id, holder=actor, state=flow.OPEN)
    mine.filter(Q(touched_at=None) | Q(touched_at__lt=at - OFTEN)).update(touched_at=at)


def give_back_idle() -> int:
    """Put what its officers have left untouched back in line, where it stood; returns how many. For the sweep."""
    at = now()
    return sum(
        _give_back(stage_id)
        for zone in Zone.objects.all()
        for _moment, stage_id in takewhile(lambda row: row[0] <= at, _in_hand(zone, BATCH))
    )


def next_idle() -> datetime | None:
    """When the next case goes back to the line, unless its officer does something with it; None: nobody has one."""
    first = (moment for zone in Zone.objects.all() for moment, _stage_id in _in_hand(zone, 1))
    return min(first, default=None)


def _in_hand(zone, most: int) -> Iterator[tuple[datetime, int]]:
    """When the stages in hand go back, the earliest first, by the calendar and the setting of the zone as they are."""
    held = Stage.objects.filter(zone=zone, touched_at__isnull=False).order_by("touched_at")
    return (
        (_idle_from(zone, certain(at)), pk)
        for pk, at in held.values_list("pk", "touched_at")[:most]
    )


def _idle_from(zone, at: datetime) -> datetime:
    """When a stage that is touched at this moment goes back to the line."""
    return deadline(
        at, zone.setting("untouched_minutes"), work_calendar(calendar_id(zone.calendar_code))
    )


def _give_back(stage_id: int) -> bool:
    try:
        with locked_stage(stage_id, wait=False) as (case, stage):
            if not stage.touched_at or _is_waited_for(case, stage):
                return False
            before, stage.holder, stage.taken_at, stage.touched_at = (
                stage.holder_id,
                None,
                None,
                None,
            )
            case.record(Event.Kind.GIVEN_BACK, stage, before=before)
    except Application.DoesNotExist:  # somebody is moving the case at this moment
        return False
    return True


def _is_waited_for(case: Case, stage: Stage) -> bool:
    """Whether the officer has done something since, or waits for the supervisor's answer: then it stays for a while."""
    done = (
        case.application.events.filter(actor=stage.holder_id, department=stage.department)
        .order_by("seq")
        .last()
    )
    touched = certain(stage.touched_at)
    touched = max(touched, done.at) if done else touched
    if stage.escalations.waiting().exists():
        touched = case.at
    if _idle_from(case.application.zone, touched) <= case.at:
        return False
    Stage.objects.filter(pk=stage.pk).update(touched_at=touched)
    return True


def prioritise(*, actor, application_id: int, ground: str) -> Application:
    """Let a case go first in every line, on one of the grounds that the zone has published.

    Only the supervisor: who works at a line doesn't choose from it. Raises Stale once the case is over.
    """
    with locked_case(application_id, actor) as case:
        rights.require_supervisor(actor, case.application)
        if ground not in grounds(case.application.zone):
            raise Incomplete(_("Choose one of the published grounds."))
        if case.application.state not in flow.RUNNING_STATES:
            raise Stale
        if case.application.priority:
            raise Refused(_("The case already goes first."))
        case.application.priority = 1
        Stage.objects.filter(application=case.application).update(priority=1)
        case.record(Event.Kind.PRIORITISED, priority_ground=ground)
    return case.application


def grounds(zone) -> dict[str, str]:
    """The published grounds of the priority lane: code → what it is called."""
    return {code: str(PriorityGround(code).label) for code in zone.setting("priority_grounds")}
