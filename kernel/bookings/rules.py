"""Which places a unit has on a day, and which of them are free. Plain Python on a plain working calendar.

A slot is a stretch of time at which a unit receives people; it has as many places as the unit has counters (or video
seats). Slots begin where one of the unit's windows opens and follow each other without a gap; what is left before the
window closes is no slot.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from kernel.sla.workdays import MIDNIGHT, ONE_DAY, AnyCalendar, Windows, check_windows
from kernel.sla.worktime import is_workday, windows_of

MOST_PLACES = 200
EVENING, HOUR = time(18), timedelta(hours=1)


class Slot(NamedTuple):
    """From when to when, both aware; a slot ends where the next one may begin."""

    begins_at: datetime
    ends_at: datetime


class Taken(NamedTuple):
    """A place (1, 2, …) that somebody has from one moment to another."""

    place: int
    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Plan:
    """How a unit receives people.

    `windows` are its own hours as local times, empty for those of the office; they count on days that the calendar
    works, and within the calendar's hours unless `after_hours`. `closed` are the unit's own closed days. With `only_on`
    it receives people on that day and no other, whether the calendar works it or not.
    Raises ValueError for hours that can't be, a slot shorter than a minute, or no place.
    """

    slot_minutes: int
    places: int
    windows: Windows = ()
    closed: frozenset[date] = frozenset()
    after_hours: bool = False
    only_on: date | None = None

    def __post_init__(self) -> None:
        check_windows(self.windows)
        if self.slot_minutes < 1 or not 1 <= self.places <= MOST_PLACES:
            raise ValueError("A slot has a minute and a place at least.")

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.slot_minutes)


def slots_of(day: date, plan: Plan, calendar: AnyCalendar) -> tuple[Slot, ...]:
    """The slots of a local day, in order, in the calendar's time zone; none on a day off."""
    if day in plan.closed or not (
        day == plan.only_on if plan.only_on else is_workday(day, calendar)
    ):
        return ()
    office = windows_of(day, calendar)
    slots = []
    for opens, closes in _own_windows(day, plan, calendar) or office:
        for slot in _cut(opens, closes, plan.length):
            if plan.after_hours or any(
                a <= slot.begins_at and slot.ends_at <= b for a, b in office
            ):
                slots.append(Slot(*(moment.astimezone(calendar.zone) for moment in slot)))
    return tuple(slots)


def slots_from(moment: datetime, plan: Plan, calendar: AnyCalendar, days: int) -> Iterator[Slot]:
    """The slots that begin at a moment or after it, in order, through so many local days from its own day on."""
    first = moment.astimezone(calendar.zone).date()
    for number in range(days):
        for slot in slots_of(first + number * ONE_DAY, plan, calendar):
            if slot.begins_at >= moment:
                yield slot


def is_offered(slot: Slot, plan: Plan, calendar: AnyCalendar) -> bool:
    """Whether the unit still receives people at just this time."""
    return slot in slots_of(slot.begins_at.astimezone(calendar.zone).date(), plan, calendar)


def free_places(slot: Slot, plan: Plan, taken: Iterable[Taken]) -> list[int]:
    """The places that nobody has at any time of the slot, in order. What was taken may be of another length."""
    busy = {other.place for other in taken if _meet(other, slot)}
    return [place for place in range(1, plan.places + 1) if place not in busy]


def next_free(slots: Iterable[Slot], plan: Plan, taken: Iterable[Taken], count: int) -> list[Slot]:
    """The first `count` of these slots that have a place left."""
    known = list(taken)
    free: list[Slot] = []
    for slot in slots:
        if len(free) == count:
            break
        if free_places(slot, plan, known):
            free.append(slot)
    return free


def reminders_due(begins_at: datetime, at: datetime, zone: tzinfo) -> int:
    """How many reminders have fallen due: one the evening before, the second an hour before."""
    evening = datetime.combine(begins_at.astimezone(zone).date() - ONE_DAY, EVENING, tzinfo=zone)
    return (at >= evening) + (at >= begins_at - HOUR)


def _meet(taken: Taken, slot: Slot) -> bool:
    return taken.begins_at < slot.ends_at and slot.begins_at < taken.ends_at


def _own_windows(day: date, plan: Plan, calendar: AnyCalendar) -> list[tuple[datetime, datetime]]:
    return [
        (
            datetime.combine(day, opens, tzinfo=calendar.zone),
            datetime.combine(
                day + ONE_DAY if closes == MIDNIGHT else day, closes, tzinfo=calendar.zone
            ),
        )
        for opens, closes in plan.windows
    ]


def _cut(opens: datetime, closes: datetime, length: timedelta) -> Iterator[Slot]:
    """Reckoned in UTC, so that a change of the clocks in a time zone neither stretches nor doubles a slot."""
    begins, last = opens.astimezone(UTC), closes.astimezone(UTC)
    while begins + length <= last:
        yield Slot(begins, begins + length)
        begins += length
