"""The appointment of a case with the department that meets its applicant, and the places that can be had.

The answer of the form says when: a moment, for which a place is booked (`kernel.bookings`), or `SOON`, for whoever
needs no appointment: the department has its minutes as soon as its stage opens. After the submit, answer and booking
are moved together (`kernel.cases.actions.appointments`), so that the answer alone tells every page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from kernel.bookings import reading
from kernel.bookings.models import Booking, Diary
from kernel.cases.models import Stage
from kernel.core.departments import department, departments, meeting_fields
from kernel.form import flow
from kernel.form.filing import Filing
from kernel.sla.calendars import calendar_id, work_calendar
from kernel.sla.models import Clock
from kernel.sla.worktime import deadline


@dataclass(frozen=True)
class Place:
    """A time that can be had, or is full (`left` 0): by when the department is done (None where nothing is promised),
    and whether the whole case then keeps its limit."""

    begins_at: datetime
    left: int
    done_by: datetime | None = None
    is_within: bool = False

    @property
    def is_done_later(self) -> bool:
        """Whether the department is done on another day only."""
        return self.done_by is not None and self.done_by.date() != self.begins_at.date()

    @property
    def value(self) -> str:
        """As the form stores it: local, without a time zone."""
        return f"{self.begins_at:%Y-%m-%dT%H:%M}"


def way(filing: Filing) -> str:
    """The way of meeting, as diaries call it; empty while none is chosen."""
    if not flow.meeting():
        return ""
    met = meeting_fields()
    return met.ways.get(filing.answer(met.how), "")


def diary(zone, unit: str) -> Diary | None:
    """The open diary of a unit of the department that meets the applicant."""
    return reading.diary(zone, flow.meeting(), unit) if flow.meeting() and unit else None


def diary_of(filing: Filing, zone) -> Diary | None:
    return diary(zone, filing.unit_of(flow.meeting())) if flow.meeting() else None


def booking(owner, at: datetime) -> Booking | None:
    """What is held or booked for a case; `owner` is its uid."""
    return reading.live_booking(owner, flow.meeting(), at)


def stage_to_meet(application) -> Stage | None:
    """The stage of the meeting of a filed case while its appointment can still be moved; None where there is none."""
    under_way = (flow.WAITING, *flow.AT_WORK)
    rows = Stage.objects.filter(application=application, department=flow.meeting())
    return rows.filter(state__in=under_way).first()


def offered(application, stage: Stage, unit: str, at: datetime) -> Mapping:
    """Local day → the places that a filed case can have at a unit of the department that it meets."""
    its_diary = diary(application.zone, unit)
    if its_diary is None:
        return {}
    since = earliest(application, at) if stage.state == flow.WAITING else at
    return days(application.zone, its_diary, at, since, application.submitted_at)


def possible_from(zone, at: datetime) -> datetime:
    """When a company that is filed at this moment exists at the latest: what goes before is due."""
    return _after(zone, at, sum(flow.budget(name, zone.settings) for name in _clocks_before()))


def earliest(application, at: datetime) -> datetime:
    """The same of a case that is under way: when what goes before is due, or, where that isn't known, its whole limit
    from now on."""
    due = Clock.objects.filter(
        owner=application.uid, name__in=_clocks_before(), due_at__gt=at
    ).order_by("-due_at")
    last = due.values_list("due_at", flat=True).first()
    return last or possible_from(application.zone, at)


def minutes(zone) -> int:
    """The working minutes of the department, from the appointment on."""
    return flow.budget(flow.stage_clocks()[flow.meeting()], zone.settings)


def done_by(zone, begins_at: datetime) -> datetime:
    """When the department is done at the latest with whom it meets at this moment."""
    return _after(zone, begins_at, minutes(zone))


def days(
    zone,
    diary: Diary,
    at: datetime,
    not_before: datetime | None = None,
    filed_at: datetime | None = None,
) -> Mapping:
    """Local day → its places, free and full, from `not_before` on (of a draft: `possible_from`); the limit of the whole
    case counts from `filed_at`, of a draft from now."""
    limit = _after(zone, filed_at or at, flow.budget(flow.TOTAL, zone.settings))
    offers: dict[date, list[Place]] = {}
    for day, slots in reading.days(diary, at, not_before).items():
        offers[day] = [
            Place(slot.begins_at, slot.left, by := done_by(zone, slot.begins_at), by <= limit)
            for slot in slots
        ]
    return offers


def _clocks_before() -> set[str]:
    """The clocks of the departments that are done before the one that meets the applicant begins."""
    state = department(flow.meeting()).state
    before = [
        department for department in departments() if _place(department.state) < _place(state)
    ]
    return {department.clock_name for department in before}


def _place(state: str) -> int:
    return flow.RUNNING_STATES.index(state)


def _after(zone, at: datetime, minutes: int) -> datetime:
    return deadline(at, minutes, work_calendar(calendar_id(zone.calendar_code)))
