"""Which windows a day has: the plain calendar that working time is computed with. Plain Python.

A day's windows are found in this order:

1. round the clock: the whole day, every day; nothing else is looked at;
2. `closed`: no windows (an office that has closed a day is closed, whatever else is said about it);
3. whether the day is worked: `makeup` days are; with public holidays, what the `chinesecalendar` package says, as far
   as its years reach (`is_known_year`), and in later years Monday to Friday without the days that the law itself closes
   (`statutory`), which is all there is to know unless the year is `arranged`: its days entered as exceptions; otherwise
   Monday to Friday;
4. a day that is worked has its own `hours` (a half day), else the windows given with its make-up day, else the usual
   ones; and its `evenings` (extended hours) on top.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from chinese_calendar import holidays, workdays

from kernel.sla.statutory import STATUTORY_DAYS

Windows = tuple[tuple[time, time], ...]

USUAL_WINDOWS: Windows = ((time(9), time(12)), (time(13, 30), time(17)))
MIDNIGHT = time(0)
ONE_DAY = timedelta(days=1)
EVER = datetime.min.replace(tzinfo=UTC)  # before every moment that is counted
CACHED_DAYS = 4096

FIRST_KNOWN_YEAR = min(holidays).year
LAST_KNOWN_YEAR = max(holidays).year


class Span(NamedTuple):
    """One window of one day: from `opens` to `closes`, both UTC."""

    opens: datetime
    closes: datetime


@dataclass(frozen=True)
class WorkCalendar:
    """When work is done.

    `windows` are local times, in order and without overlap; an end of 00:00 means midnight at the end of the day.
    `makeup` is either dates that are worked in the usual windows, or a mapping from date to that day's own windows.
    `hours` are the windows of days that are worked otherwise than usual, `evenings` come on top of a worked day's.
    Raises ValueError for windows that overlap, are out of order or empty, and for an unknown time zone.
    """

    timezone: str = "Asia/Shanghai"
    windows: Windows = USUAL_WINDOWS
    closed: frozenset[date] = frozenset()
    makeup: frozenset[date] | Mapping[date, Windows] = field(default=frozenset(), hash=False)
    round_the_clock: bool = False
    use_public_holidays: bool = True
    hours: Mapping[date, Windows] = field(default_factory=dict, hash=False)
    evenings: Mapping[date, Windows] = field(default_factory=dict, hash=False)
    arranged: frozenset[int] = frozenset()
    _days: dict[date, tuple[Span, ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        zone_of(self.timezone)
        if not self.windows and not self.round_the_clock:
            raise ValueError("A working calendar needs at least one window.")
        check_windows(self.windows)
        for days in (self.makeup, self.hours, self.evenings):
            for windows in days.values() if isinstance(days, Mapping) else ():
                check_windows(windows)

    @property
    def zone(self) -> ZoneInfo:
        return zone_of(self.timezone)

    @property
    def version(self) -> int:
        return 1

    def is_settled(self, year: int) -> bool:
        """Whether the days of a year are known for good, not only those that the law itself closes."""
        follows = self.use_public_holidays and not self.round_the_clock
        return not follows or is_known_year(year) or year in self.arranged

    @property
    def always_open_from(self) -> datetime | None:
        """From when on it never closes; None for a calendar that does."""
        return EVER if self.round_the_clock else None

    def spans_of(self, day: date) -> Iterator[Span]:
        """The windows of a local day in UTC, in order; windows that meet or overlap are one."""
        yield from joined(sorted(_in_utc(day, _local_windows(day, self), self.zone)))


@dataclass(frozen=True)
class Versions:
    """Calendars of one time zone, one after the other: each counts from its moment (UTC) until the next one's.

    What a version counted stays counted when the next one comes. The first counts from EVER; moments are in order.
    """

    parts: tuple[tuple[datetime, WorkCalendar], ...]
    _days: dict[date, tuple[Span, ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        moments = [moment for moment, _calendar in self.parts]
        if moments[:1] != [EVER] or moments != sorted(moments):
            raise ValueError("The versions of a calendar begin with EVER and are in order.")
        if len({calendar.timezone for _moment, calendar in self.parts}) > 1:
            raise ValueError("The versions of a calendar have one time zone.")

    @property
    def version(self) -> int:
        """The number of the newest one; the first is 1."""
        return len(self.parts)

    @property
    def newest(self) -> WorkCalendar:
        return self.parts[-1][1]

    @property
    def zone(self) -> ZoneInfo:
        return self.newest.zone

    def is_settled(self, year: int) -> bool:
        return self.newest.is_settled(year)

    @property
    def windows(self) -> Windows:
        return self.newest.windows

    @property
    def round_the_clock(self) -> bool:
        return self.newest.round_the_clock

    @property
    def always_open_from(self) -> datetime | None:
        return self.parts[-1][0] if self.newest.round_the_clock else None

    def spans_of(self, day: date) -> Iterator[Span]:
        ends = [*(moment for moment, _calendar in self.parts[1:]), datetime.max.replace(tzinfo=UTC)]
        pieces = []
        for (begins, calendar), ends_at in zip(self.parts, ends, strict=True):
            for span in spans(day, calendar):
                cut = Span(max(span.opens, begins), min(span.closes, ends_at))
                if cut.opens < cut.closes:
                    pieces.append(cut)
        yield from joined(pieces)


AnyCalendar = WorkCalendar | Versions


def spans(day: date, calendar: AnyCalendar) -> tuple[Span, ...]:
    """The day's windows in UTC, remembered on the calendar: a busy page asks for the same few days again and again."""
    known = calendar._days
    of_day = known.get(day)
    if of_day is None:
        if len(known) >= CACHED_DAYS:
            known.clear()
        of_day = known[day] = tuple(calendar.spans_of(day))
    return of_day


def joined(pieces: Iterable[Span]) -> Iterator[Span]:
    """Spans in order, those that meet or overlap made one."""
    last = None
    for span in pieces:
        if last and span.opens <= last.closes:
            last = Span(last.opens, max(last.closes, span.closes))
            continue
        if last:
            yield last
        last = span
    if last:
        yield last


def is_known_year(year: int) -> bool:
    """Whether the holiday package has the arrangement of `year`."""
    return FIRST_KNOWN_YEAR <= year <= LAST_KNOWN_YEAR


def unsettled_years(years: Iterable[int], calendar: AnyCalendar) -> tuple[int, ...]:
    """Those of the years in which days may still turn out to be off or worked: what a page warns of."""
    return tuple(year for year in years if not calendar.is_settled(year))


def parse_windows(rows: Iterable[Iterable[str]]) -> Windows:
    """Windows from stored text, `[["09:00", "12:00"], …]`; "24:00" is midnight at the end of the day.

    Raises ValueError for what isn't a time, and for windows that overlap or are out of order.
    """
    windows = []
    for opens, closes in rows:
        windows.append(
            (
                time.fromisoformat(opens),
                MIDNIGHT if closes == "24:00" else time.fromisoformat(closes),
            )
        )
    return check_windows(tuple(windows))


def check_windows(windows: Windows) -> Windows:
    """The windows, unchanged; ValueError if one is empty or ends before it starts, or if they overlap."""
    previous = MIDNIGHT
    for number, (opens, closes) in enumerate(windows, start=1):
        ends_at_midnight = closes == MIDNIGHT
        if opens < previous or (closes <= opens and not ends_at_midnight):
            raise ValueError(
                f"Window {number} ({opens:%H:%M} to {closes:%H:%M}) is empty or out of order."
            )
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


def _in_utc(day: date, windows: Windows, zone: ZoneInfo) -> Iterator[Span]:
    for opens, closes in windows:
        last_day = day + ONE_DAY if closes == MIDNIGHT else day
        start = datetime.combine(day, opens, tzinfo=zone).astimezone(UTC)
        end = datetime.combine(last_day, closes, tzinfo=zone).astimezone(UTC)
        if end > start:  # local times skipped by a change of the clocks can cross
            yield Span(start, end)


def _local_windows(day: date, calendar: WorkCalendar) -> Windows:
    if calendar.round_the_clock:
        return ((MIDNIGHT, MIDNIGHT),)
    if day in calendar.closed or not _is_worked(day, calendar):
        return ()
    given = calendar.makeup.get(day) if isinstance(calendar.makeup, Mapping) else None
    usual = calendar.windows if given is None else given
    return (*calendar.hours.get(day, usual), *calendar.evenings.get(day, ()))


def _is_worked(day: date, calendar: WorkCalendar) -> bool:
    if day in calendar.makeup:
        return True
    if calendar.use_public_holidays and is_known_year(day.year):
        return day in workdays or (day.weekday() < 5 and day not in holidays)
    return day.weekday() < 5 and not (calendar.use_public_holidays and day in STATUTORY_DAYS)
