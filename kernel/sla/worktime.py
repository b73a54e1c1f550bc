"""Working time: when a budget of working minutes ends, and how much working time lies between two moments.

Plain Python. All arithmetic is done in UTC on exact `datetime`s, so no microsecond is lost and a change of the
clocks in a time zone is counted right; results are aware datetimes in the calendar's own time zone. Which windows a day
has is said in `kernel.sla.workdays`; the functions take a calendar or the versions of one.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from kernel.sla.workdays import ONE_DAY, AnyCalendar, Span, spans

NOTHING = timedelta(0)
IDLE_DAYS_LIMIT = 366  # a calendar without one open day in a year is a mistake, not a long holiday


class NoWorkingTime(ValueError):
    """A year of days without any window: the deadline would never come."""


class Opening(NamedTuple):
    """Whether work is being done at a moment, and what comes next.

    `closes_at` is the end of the running window, None outside one and for a calendar that never closes; `opens_at` is
    the next opening after the moment, None for a calendar that never closes.
    """

    is_open: bool
    closes_at: datetime | None
    opens_at: datetime | None


def deadline(start: datetime, minutes: float | timedelta, calendar: AnyCalendar) -> datetime:
    """The earliest moment, not before `start`, by which `minutes` of working time have passed since `start`.

    A budget used up just when a window closes ends at that close, not at the next opening; a budget of nothing ends
    at `start`. `elapsed(start, deadline(start, m, c), c)` is `m` to the microsecond. A `timedelta` is taken as it is.
    Raises ValueError for a negative budget or a naive `start`, NoWorkingTime when no window comes for a year.
    """
    left = minutes if isinstance(minutes, timedelta) else timedelta(minutes=minutes)
    if left < NOTHING:
        raise ValueError(f"A budget of working time can't be negative: {left}.")
    moment = _utc(start)
    if left == NOTHING or _never_closes(calendar, moment):
        return (moment + left).astimezone(calendar.zone)
    for span in _spans_from(moment, calendar):
        opens = max(span.opens, moment)
        available = span.closes - opens
        if left <= available:
            return (opens + left).astimezone(calendar.zone)
        left -= available
    raise AssertionError("unreachable: spans go on until NoWorkingTime")


def elapsed(start: datetime, end: datetime, calendar: AnyCalendar) -> timedelta:
    """The working time between `start` and `end`, exact; nothing when `end` isn't after `start`.

    Raises ValueError for naive datetimes.
    """
    since, until = _utc(start), _utc(end)
    if until <= since:
        return NOTHING
    if _never_closes(calendar, since):
        return until - since
    total = NOTHING
    day, last = since.astimezone(calendar.zone).date(), until.astimezone(calendar.zone).date()
    while day <= last:
        for opens, closes in spans(day, calendar):
            if opens < until and closes > since:
                total += min(closes, until) - max(opens, since)
        day += ONE_DAY
    return total


def windows_of(day: date, calendar: AnyCalendar) -> tuple[tuple[datetime, datetime], ...]:
    """The windows of one local day as aware (opens, closes) in the calendar's time zone; empty on a day off."""
    zone = calendar.zone
    return tuple(
        (span.opens.astimezone(zone), span.closes.astimezone(zone)) for span in spans(day, calendar)
    )


def current_window(moment: datetime, calendar: AnyCalendar) -> Opening:
    """Whether `moment` lies in a window, when that closes, and the next opening. The moment of closing is outside."""
    now = _utc(moment)
    if _never_closes(calendar, now):
        return Opening(True, None, None)
    closes_at = None
    for span in _spans_from(now, calendar):
        if span.opens > now:
            zone = calendar.zone
            return Opening(closes_at is not None, closes_at, span.opens.astimezone(zone))
        closes_at = span.closes.astimezone(calendar.zone)
    raise AssertionError("unreachable: spans go on until NoWorkingTime")


LUNCH, NIGHT = "lunch", "night"


def why_closed(moment: datetime, opens_at: datetime, calendar: AnyCalendar) -> str:
    """Why no work is being done at a moment outside every window, after which the next one begins at `opens_at`:
    `LUNCH` between two windows of a day, else `NIGHT`, however many days it lasts."""
    now = _utc(moment)
    today = now.astimezone(calendar.zone).date()
    worked = any(span.closes <= now for span in spans(today, calendar))
    return LUNCH if worked and opens_at.astimezone(calendar.zone).date() == today else NIGHT


def is_workday(day: date, calendar: AnyCalendar) -> bool:
    """Whether any work is done on that local day."""
    return bool(spans(day, calendar))


def _utc(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError(f"Working time needs an aware datetime, not {moment!r}.")
    return moment.astimezone(UTC)


def _spans_from(moment: datetime, calendar: AnyCalendar) -> Iterator[Span]:
    """The windows that close after `moment`, in order, for as long as they are asked for."""
    day = moment.astimezone(calendar.zone).date()
    idle = 0
    while idle <= IDLE_DAYS_LIMIT:
        windows = spans(day, calendar)
        for span in windows:
            if span.closes > moment:
                yield span
        idle = 0 if windows else idle + 1
        day += ONE_DAY
    raise NoWorkingTime(f"No working time in the {IDLE_DAYS_LIMIT} days before {day}.")


def _never_closes(calendar: AnyCalendar, moment: datetime) -> bool:
    return calendar.always_open_from is not None and moment >= calendar.always_open_from
