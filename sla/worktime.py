"""Working time: when a budget of working minutes ends, and how much working time lies between two moments.

Plain Python. All arithmetic is done in UTC on exact `datetime`s, so no microsecond is lost and a change of the
clocks in a time zone is counted right; results are aware datetimes in the calendar's own time zone.

A day's windows are found in this order:

1. round the clock: the whole day, every day; nothing else is looked at;
2. `closed`: no windows (an office that has closed a day is closed, whatever else is said about it);
3. `makeup`: the windows given for that day (a half day, a make-up workday), or the usual ones;
4. with public holidays: what the `chinesecalendar` package says, as far as its years reach (`is_known_year`);
5. otherwise Monday to Friday.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from chinese_calendar import holidays, workdays

Windows = tuple[tuple[time, time], ...]

USUAL_WINDOWS: Windows = ((time(9), time(12)), (time(13, 30), time(17)))
MIDNIGHT = time(0)
NOTHING = timedelta(0)
ONE_DAY = timedelta(days=1)
IDLE_DAYS_LIMIT = 366  # a calendar without one open day in a year is a mistake, not a long holiday
CACHED_DAYS = 4096

FIRST_KNOWN_YEAR = min(holidays).year
LAST_KNOWN_YEAR = max(holidays).year


class NoWorkingTime(ValueError):
    """A year of days without any window: the deadline would never come."""


@dataclass(frozen=True)
class WorkCalendar:
    """When work is done.

    `windows` are local times, in order and without overlap; an end of 00:00 means midnight at the end of the day.
    `makeup` is either dates that are worked in the usual windows, or a mapping from date to that day's own windows.
    Raises ValueError for windows that overlap, are out of order or empty, and for an unknown time zone.
    """

    timezone: str = "Asia/Shanghai"
    windows: Windows = USUAL_WINDOWS
    closed: frozenset[date] = frozenset()
    makeup: frozenset[date] | Mapping[date, Windows] = field(default=frozenset(), hash=False)
    round_the_clock: bool = False
    use_public_holidays: bool = True
    _days: dict[date, tuple[Span, ...]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        zone_of(self.timezone)
        if not self.windows and not self.round_the_clock:
            raise ValueError("A working calendar needs at least one window.")
        check_windows(self.windows)
        if isinstance(self.makeup, Mapping):
            for windows in self.makeup.values():
                check_windows(windows)

    @property
    def zone(self) -> ZoneInfo:
        return zone_of(self.timezone)


class Span(NamedTuple):
    """One window of one day: from `opens` to `closes`, both UTC."""

    opens: datetime
    closes: datetime


class Opening(NamedTuple):
    """Whether work is being done at a moment, and what comes next.

    `closes_at` is the end of the running window, None outside one and for a calendar that never closes; `opens_at` is
    the next opening after the moment, None for a calendar that never closes.
    """

    is_open: bool
    closes_at: datetime | None
    opens_at: datetime | None


def deadline(start: datetime, minutes: float | timedelta, calendar: WorkCalendar) -> datetime:
    """The earliest moment, not before `start`, by which `minutes` of working time have passed since `start`.

    A budget used up just when a window closes ends at that close, not at the next opening; a budget of nothing ends
    at `start`. `elapsed(start, deadline(start, m, c), c)` is `m` to the microsecond. A `timedelta` is taken as it is.
    Raises ValueError for a negative budget or a naive `start`, NoWorkingTime when no window comes for a year.
    """
    left = minutes if isinstance(minutes, timedelta) else timedelta(minutes=minutes)
    if left < NOTHING:
        raise ValueError(f"A budget of working time can't be negative: {left}.")
    moment = _utc(start)
    if left == NOTHING or calendar.round_the_clock:
        return (moment + left).astimezone(calendar.zone)
    for span in _spans_from(moment, calendar):
        opens = max(span.opens, moment)
        available = span.closes - opens
        if left <= available:
            return (opens + left).astimezone(calendar.zone)
        left -= available
    raise AssertionError("unreachable: spans go on until NoWorkingTime")


def elapsed(start: datetime, end: datetime, calendar: WorkCalendar) -> timedelta:
    """The working time between `start` and `end`, exact; nothing when `end` isn't after `start`.

    Raises ValueError for naive datetimes.
    """
    since, until = _utc(start), _utc(end)
    if until <= since:
        return NOTHING
    if calendar.round_the_clock:
        return until - since
    total = NOTHING
    day, last = since.astimezone(calendar.zone).date(), until.astimezone(calendar.zone).date()
    while day <= last:
        for opens, closes in _spans(day, calendar):
            if opens < until and closes > since:
                total += min(closes, until) - max(opens, since)
        day += ONE_DAY
    return total


def windows_of(day: date, calendar: WorkCalendar) -> tuple[tuple[datetime, datetime], ...]:
    """The windows of one local day as aware (opens, closes) in the calendar's time zone; empty on a day off."""
    zone = calendar.zone
    return tuple((span.opens.astimezone(zone), span.closes.astimezone(zone)) for span in _spans(day, calendar))


def current_window(moment: datetime, calendar: WorkCalendar) -> Opening:
    """Whether `moment` lies in a window, when that closes, and the next opening. The moment of closing is outside."""
    now = _utc(moment)
    if calendar.round_the_clock:
        return Opening(True, None, None)
    closes_at = None
    for span in _spans_from(now, calendar):
        if span.opens > now:
            zone = calendar.zone
            return Opening(closes_at is not None, closes_at, span.opens.astimezone(zone))
        closes_at = span.closes.astimezone(calendar.zone)
    raise AssertionError("unreachable: spans go on until NoWorkingTime")


def is_workday(day: date, calendar: WorkCalendar) -> bool:
    """Whether any work is done on that local day."""
    return bool(_spans(day, calendar))


def is_known_year(year: int) -> bool:
    """Whether public holidays and make-up days of `year` are known; otherwise Monday to Friday stand in."""
    return FIRST_KNOWN_YEAR <= year <= LAST_KNOWN_YEAR


def fallback_years(first: int, last: int) -> tuple[int, ...]:
    """The years from `first` to `last`, both included, for which Monday to Friday stand in: what a page warns of."""
    return tuple(year for year in range(first, last + 1) if not is_known_year(year))


def parse_windows(rows: Iterable[Iterable[str]]) -> Windows:
    """Windows from stored text, `[["09:00", "12:00"], …]`; "24:00" is midnight at the end of the day.

    Raises ValueError for what isn't a time, and for windows that overlap or are out of order.
    """
    windows = []
    for opens, closes in rows:
        windows.append((time.fromisoformat(opens), MIDNIGHT if closes == "24:00" else time.fromisoformat(closes)))
    return check_windows(tuple(windows))


def check_windows(windows: Windows) -> Windows:
    """The windows, unchanged; ValueError if one is empty or ends before it starts, or if they overlap."""
    previous = MIDNIGHT
    for number, (opens, closes) in enumerate(windows, start=1):
        ends_at_midnight = closes == MIDNIGHT
        if opens < previous or (closes <= opens and not ends_at_midnight):
            raise ValueError(f"Window {number} ({opens:%H:%M} to {closes:%H:%M}) is empty or out of order.")
        if ends_at_midnight and number < len(windows):
            raise ValueError(f"Window {number} ends at midnight, so none can follow it.")
        previous = closes
    return windows


@lru_cache(maxsize=64)
def zone_of(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"Unknown time zone: {name!r}.") from error


def _utc(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError(f"Working time needs an aware datetime, not {moment!r}.")
    return moment.astimezone(UTC)


def _spans_from(moment: datetime, calendar: WorkCalendar) -> Iterator[Span]:
    """The windows that close after `moment`, in order, for as long as they are asked for."""
    day = moment.astimezone(calendar.zone).date()
    idle = 0
    while idle <= IDLE_DAYS_LIMIT:
        spans = _spans(day, calendar)
        for span in spans:
            if span.closes > moment:
                yield span
        idle = 0 if spans else idle + 1
        day += ONE_DAY
    raise NoWorkingTime(f"No working time in the {IDLE_DAYS_LIMIT} days before {day}.")


def _spans(day: date, calendar: WorkCalendar) -> tuple[Span, ...]:
    """The day's windows in UTC, remembered on the calendar: a busy page asks for the same few days again and again."""
    known = calendar._days
    spans = known.get(day)
    if spans is None:
        if len(known) >= CACHED_DAYS:
            known.clear()
        spans = known[day] = tuple(_in_utc(day, calendar))
    return spans


def _in_utc(day: date, calendar: WorkCalendar) -> Iterator[Span]:
    zone = calendar.zone
    previous = None
    for opens, closes in _local_windows(day, calendar):
        last_day = day + ONE_DAY if closes == MIDNIGHT else day
        start = datetime.combine(day, opens, tzinfo=zone).astimezone(UTC)
        end = datetime.combine(last_day, closes, tzinfo=zone).astimezone(UTC)
        if previous is not None and start < previous:  # local times skipped by a change of the clocks can cross
            start = previous
        if end > start:
            yield Span(start, end)
            previous = end


def _local_windows(day: date, calendar: WorkCalendar) -> Windows:
    if calendar.round_the_clock:
        return ((MIDNIGHT, MIDNIGHT),)
    if day in calendar.closed:
        return ()
    if day in calendar.makeup:
        return calendar.makeup[day] if isinstance(calendar.makeup, Mapping) else calendar.windows
    if calendar.use_public_holidays and is_known_year(day.year):
        works = day in workdays or (day.weekday() < 5 and day not in holidays)
    else:
        works = day.weekday() < 5
    return calendar.windows if works else ()
