"""A stage that awaits its applicant though nothing is wrong: an appointment that lies ahead, a video call that the
other side hasn't joined, a signature, an answer.

Nobody at the desk can go on, and the minutes are the applicant's. Beginning and end are events. Where the moment of the
end is known (an appointment) nobody has to wake anything: the clocks over the stage count on from it by themselves, and
the event says it (`UNTIL`). Whoever moves the case first afterwards, or the sweep, writes the end down.
"""

from datetime import datetime

from kernel.cases.holders import APPLICANT, QUEUE, SUPERVISOR
from kernel.cases.models import Event
from kernel.form import flow
from kernel.form.filing import Filing
from kernel.sla import clocks
from kernel.sla.calendars import calendar_id, work_calendar
from kernel.sla.models import Clock

UNTIL = "awaits_until"  # in the data of the event that began it

Holding = tuple[str, datetime, datetime | None]  # the holder, from when, to when
Held = tuple[str | None, datetime | None]  # the holder, who has it only from this moment on


def appointment(filing: Filing, zone) -> datetime | None:
    """The moment of the appointment at the bank; None where there is none."""
    if filing.appointment is None:
        return None
    return filing.appointment.replace(tzinfo=work_calendar(calendar_id(zone.calendar_code)).zone)


def heard(event: Event) -> datetime | None:
    """Until when the stage of this event awaits its applicant, as it says."""
    return datetime.fromisoformat(event.data[UNTIL]) if UNTIL in event.data else None


def set_clock(clock: Clock, state: str, at: datetime, rests_until: datetime | None = None) -> None:
    """Let a clock do what the stages ask for."""
    if state == "running":
        clocks.resume(clock, at, rests_until)
    elif state == "paused":
        clocks.pause(clock, at)
    else:
        clocks.stop(clock, at)


def held_by(
    department: str, state: str, in_hand, until: datetime | None = None, asked: object = None
) -> Held:
    """Who holds a stage: the applicant, the supervisor while one is `asked` about it, the department, nobody yet
    (queue), or None when it isn't under way; and from when on, where that is known and the applicant has it until
    then."""
    if state in flow.WITH_APPLICANT and not until:
        return APPLICANT, None
    if state in flow.AT_WORK:
        return SUPERVISOR if asked else department if in_hand else QUEUE, until
    return None, None


def holdings(held: Held, at: datetime) -> list[Holding]:
    """The same as spans from now on."""
    holder, since = held
    if holder is None:
        return []
    if since is None:
        return [(holder, at, None)]
    return [(APPLICANT, at, since), (holder, since, None)]
