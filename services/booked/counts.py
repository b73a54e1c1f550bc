"""What the services of a zone came to, for pages, exports, the monthly report and the public figures.

    counts.by_day(zone, first, last)       # [DayCount]: one for each kind and day on which anything was
    counts.by_kind(zone, first, last)      # {kind: Count}: the days together, every kind there is
    counts.green(zone, first, last)        # [GreenCount]: the green channel by ground and decision
    counts.helpers(zone, first, last)      # [Load]: what each member of the staff gave

`first` and `last` are local days of the zone, both included. Plain rows without personal data but the names of staff in
`helpers`; nothing is written. A service counts on the day of its appointment, one without a time on the day that it was
asked for; decisions count on the day of the request.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from kernel.bookings import reading
from kernel.bookings.models import Diary
from kernel.core.moment import now
from kernel.sla.calendars import calendar_id, work_calendar
from kernel.sla.workdays import ONE_DAY
from services.booked.kinds import KINDS
from services.booked.models import ServicePerson, ServiceRequest, State


@dataclass(frozen=True)
class Count:
    """`asked` are all requests but wishes that still wait; `open` of them are still ahead or being decided. `capacity`
    are the places there were, `taken` those that somebody had; both 0 for what has no places. `wait_hours` is the
    median from the request to the beginning; None where nothing began."""

    asked: int = 0
    done: int = 0
    cancelled: int = 0
    no_show: int = 0
    refused: int = 0
    open: int = 0
    capacity: int = 0
    taken: int = 0
    wait_hours: float | None = None

    @property
    def share_taken(self) -> float | None:
        """0 to 1; None where there were no places."""
        return self.taken / self.capacity if self.capacity else None


@dataclass(frozen=True)
class DayCount:
    kind: str
    day: date
    count: Count


@dataclass(frozen=True)
class GreenCount:
    """Requests for the green channel on one ground: how many were granted, refused, cancelled, or aren't decided."""

    ground: str
    asked: int
    granted: int
    refused: int
    cancelled: int
    open: int


@dataclass(frozen=True)
class Load:
    """`assigned` are the services that somebody was given or gave, `done` those of them that were given; `minutes` is
    what these took together, where it was measured."""

    person_id: int
    name: str
    assigned: int
    done: int
    minutes: int


def by_day(zone, first: date, last: date) -> list[DayCount]:
    """By kind in their order, then by day; without what was nothing at all."""
    rows = _rows(zone, first, last)
    places = _places(zone, first, last)
    keys = sorted({*rows, *places}, key=lambda key: (list(KINDS).index(key[0]), key[1]))
    return [
        DayCount(kind, day, _count(rows.get((kind, day), []), *places.get((kind, day), (0, 0))))
        for kind, day in keys
    ]


def by_kind(zone, first: date, last: date) -> dict[str, Count]:
    rows = _rows(zone, first, last)
    places = _places(zone, first, last)
    counted = {}
    for kind in KINDS:
        own = [row for (code, _day), found in rows.items() if code == kind for row in found]
        there = [pair for (code, _day), pair in places.items() if code == kind]
        taken, capacity = sum(pair[0] for pair in there), sum(pair[1] for pair in there)
        counted[kind] = _count(own, taken, capacity)
    return counted


def green(zone, first: date, last: date) -> list[GreenCount]:
    """By ground, in the order of their codes."""
    begins, ends = _bounds(zone, first, last)
    rows = ServiceRequest.objects.filter(
        zone=zone, kind="green", asked_at__gte=begins, asked_at__lt=ends
    )
    states: dict[str, Counter[str]] = defaultdict(Counter)
    for ground, state in rows.values_list("ground", "state"):
        states[ground][state] += 1
    return [
        GreenCount(
            ground,
            asked=found.total(),
            granted=found[State.CONFIRMED] + found[State.UNDER_WAY] + found[State.DONE],
            refused=found[State.REFUSED],
            cancelled=found[State.CANCELLED],
            open=found[State.ASKED],
        )
        for ground, found in sorted(states.items())
    ]


def helpers(zone, first: date, last: date) -> list[Load]:
    """By name; who gave nothing isn't among them."""
    asked = _within(ServiceRequest.objects.filter(zone=zone), zone, first, last)
    rows = ServicePerson.objects.filter(request__in=asked).select_related("person")
    found: dict[int, list[tuple[str, str, int | None]]] = defaultdict(list)
    for person_id, name, state, minutes in rows.values_list(
        "person", "person__real_name", "request__state", "request__minutes"
    ):
        found[person_id].append((name, state, minutes))
    loads = [
        Load(
            person_id,
            given[0][0],
            assigned=len(given),
            done=sum(state == State.DONE for _name, state, _minutes in given),
            minutes=sum(minutes or 0 for _name, state, minutes in given if state == State.DONE),
        )
        for person_id, given in found.items()
    ]
    return sorted(loads, key=lambda load: (load.name, load.person_id))


Row = tuple[str, datetime, datetime | None]  # state, asked, begins


def _rows(zone, first: date, last: date) -> dict[tuple[str, date], list[Row]]:
    """(kind, day) → its requests."""
    local = work_calendar(calendar_id(zone.calendar_code)).zone
    rows = _within(ServiceRequest.objects.filter(zone=zone), zone, first, last)
    found: dict[tuple[str, date], list[Row]] = defaultdict(list)
    for kind, state, asked, begins in rows.exclude(state=State.WAITING).values_list(
        "kind", "state", "asked_at", "begins_at"
    ):
        found[kind, (begins or asked).astimezone(local).date()].append((state, asked, begins))
    return found


def _within(
    rows: QuerySet[ServiceRequest], zone, first: date, last: date
) -> QuerySet[ServiceRequest]:
    begins, ends = _bounds(zone, first, last)
    counted = rows.annotate(counts_at=Coalesce(F("begins_at"), F("asked_at")))
    return counted.filter(counts_at__gte=begins, counts_at__lt=ends)


def _bounds(zone, first: date, last: date) -> tuple[datetime, datetime]:
    local = work_calendar(calendar_id(zone.calendar_code)).zone
    return (
        datetime.combine(first, time(), tzinfo=local),
        datetime.combine(last + ONE_DAY, time(), tzinfo=local),
    )


def _places(zone, first: date, last: date) -> dict[tuple[str, date], tuple[int, int]]:
    """(kind, day) → places that somebody has, and all; by the diaries as they are now."""
    at = now()
    found: dict[tuple[str, date], tuple[int, int]] = {}
    for diary in Diary.objects.select_related("zone").filter(zone=zone, service__in=list(KINDS)):
        fullness = reading.fullness_of_days(diary, _days(first, last), at)
        for day, (taken, capacity) in fullness.items():
            before = found.get((diary.service, day), (0, 0))
            found[diary.service, day] = (before[0] + taken, before[1] + capacity)
    return found


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + number * ONE_DAY


def _count(rows: list[Row], taken: int, capacity: int) -> Count:
    states = Counter(state for state, _asked, _begins in rows)
    waits = [
        (begins - asked) / timedelta(hours=1)
        for state, asked, begins in rows
        if begins and state == State.DONE
    ]
    return Count(
        asked=len(rows),
        done=states[State.DONE],
        cancelled=states[State.CANCELLED],
        no_show=states[State.NO_SHOW],
        refused=states[State.REFUSED],
        open=states[State.ASKED] + states[State.CONFIRMED] + states[State.UNDER_WAY],
        capacity=capacity,
        taken=taken,
        wait_hours=median(waits) if waits else None,
    )
