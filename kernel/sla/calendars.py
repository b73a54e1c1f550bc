"""From a stored calendar to the plain one that `workdays` computes with.

The rules of a version, as JSON: `windows`, `round_the_clock`, `use_public_holidays`, `arranged` (the years whose
arrangement was entered), and `exceptions`, each with `date`, `until` (or None), `kind`, `hours` and `note`.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime

from kernel.core.process_cache import FOREVER, cached_for
from kernel.sla.models import Calendar, CalendarVersion, ClosedDay
from kernel.sla.workdays import (
    EVER,
    ONE_DAY,
    AnyCalendar,
    Versions,
    Windows,
    WorkCalendar,
    parse_windows,
)

# another process may have changed the calendar; changes count from later on (kernel.sla.calendar_versions)
KEPT_SECONDS = 20
Kind = ClosedDay.Kind


@cached_for(KEPT_SECONDS)
def work_calendar(calendar_id: int) -> AnyCalendar:
    """The plain calendar of a row with all its versions, kept in the process a while, or until it is changed here."""
    row = Calendar.objects.get(pk=calendar_id)
    versions = (
        CalendarVersion.objects.filter(calendar=row)
        .order_by("number")
        .values_list("in_force_from", "rules")
    )
    parts = [
        (moment.astimezone(UTC) if moment else EVER, plain(row.timezone, rules))
        for moment, rules in versions
    ]
    return (
        Versions(tuple(parts))
        if parts
        else plain(row.timezone, rules_of(row, row.exceptions.all()))
    )


@cached_for(FOREVER)
def calendar_id(code: str) -> int:
    """The primary key of a calendar by its code, kept in the process until a calendar is edited here."""
    return Calendar.objects.only("pk").get(code=code).pk


def forget(**_kwargs) -> None:
    work_calendar.forget()
    calendar_id.forget()


def rules_of(row: Calendar, exceptions: Iterable[ClosedDay]) -> dict:
    """The row and its exceptions as the rules of a version."""
    listed = [
        {
            "date": day.date.isoformat(),
            "until": day.until.isoformat() if day.until else None,
            "kind": str(day.kind),
            "hours": day.hours,
            "note": day.note,
        }
        for day in sorted(exceptions, key=lambda day: (day.date, day.kind))
    ]
    return {
        "windows": row.windows,
        "round_the_clock": row.round_the_clock,
        "use_public_holidays": row.use_public_holidays,
        "arranged": sorted(row.arrangements.values_list("year", flat=True)),
        "exceptions": listed,
    }


def plain(timezone: str, rules: dict) -> WorkCalendar:
    """The plain calendar of some rules. Raises ValueError for hours that can't be."""
    days: dict[str, dict[date, Windows]] = {kind: {} for kind in Kind.values}
    for row in sorted(rules["exceptions"], key=_length, reverse=True):
        hours, days_of_kind = parse_windows(row["hours"]), days[row["kind"]]
        for day in _days(row):
            days_of_kind[day] = hours
    return WorkCalendar(
        timezone=timezone,
        windows=parse_windows(rules["windows"]),
        closed=frozenset(days[Kind.CLOSED]),
        makeup=frozenset(days[Kind.MAKEUP]),
        hours={
            day: hours
            for kind in (Kind.MAKEUP, Kind.HALF)
            for day, hours in days[kind].items()
            if hours
        },
        evenings=days[Kind.EVENING],
        round_the_clock=rules["round_the_clock"],
        use_public_holidays=rules["use_public_holidays"],
        arranged=frozenset(rules["arranged"]),
    )


def followed_by(calendar_id: int, rules: dict, at: datetime) -> AnyCalendar:
    """The calendar of a row as it would be if these rules counted from a moment on."""
    present = work_calendar(calendar_id)
    parts = present.parts if isinstance(present, Versions) else ((EVER, present),)
    moment = max(at.astimezone(UTC), parts[-1][0])
    return Versions((*parts, (moment, plain(present.zone.key, rules))))


def _length(row: dict) -> int:
    first, last = _ends(row)
    return (last - first).days


def _ends(row: dict) -> tuple[date, date]:
    first = date.fromisoformat(row["date"])
    return first, date.fromisoformat(row["until"]) if row["until"] else first


def _days(row: dict) -> Iterator[date]:
    day, last = _ends(row)
    while day <= last:
        yield day
        day += ONE_DAY
