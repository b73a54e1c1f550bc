"""A stage that is open and awaits its applicant: the bank's appointment lies ahead.

Nothing is wrong and nobody at the desk can go on; the minutes until then are the applicant's. The moment is known from
the beginning, so nobody has to wake anything: the clocks over the stage count on from it by themselves, and its event
on the trail says it (`UNTIL`).
"""

from datetime import datetime

from kernel.cases.holders import APPLICANT
from kernel.cases.models import Event, Stage
from kernel.form import flow
from kernel.form.filing import Filing
from kernel.sla import clocks
from kernel.sla.calendars import calendar_id, work_calendar
from kernel.sla.models import Clock

UNTIL = "awaits_until"  # in the data of the event that opened the stage

Holding = tuple[str, datetime, datetime | None]  # the holder, from when, to when


def appointment(filing: Filing, zone) -> datetime | None:
    """The moment of the appointment at the bank; None where there is none."""
    if filing.appointment is None:
        return None
    return filing.appointment.replace(tzinfo=work_calendar(calendar_id(zone.calendar_code)).zone)


def until(stage: Stage, at: datetime) -> datetime | None:
    """Until when an open stage awaits its applicant, as its clock says; None where it doesn't (any more)."""
    since = stage.clock.running_since if stage.state == flow.OPEN and stage.clock else None
    return since if since and since > at else None


def heard(event: Event) -> datetime | None:
    """Until when the stage that this event opened awaits its applicant."""
    return datetime.fromisoformat(event.data[UNTIL]) if UNTIL in event.data else None


def set_clock(clock: Clock, state: str, at: datetime, rests_until: datetime | None = None) -> None:
    """Let a clock do what the stages ask for."""
    if state == "running":
        clocks.resume(clock, at, rests_until)
    elif state == "paused":
        clocks.pause(clock, at)
    else:
        clocks.stop(clock, at)


def holdings(holder: str | None, at: datetime, awaits_until: datetime | None) -> list[Holding]:
    """Who holds a stage from now on: its applicant until the appointment, if it awaits that, and then `holder`."""
    if holder is None:
        return []
    if awaits_until is None:
        return [(holder, at, None)]
    return [(APPLICANT, at, awaits_until), (holder, awaits_until, None)]
