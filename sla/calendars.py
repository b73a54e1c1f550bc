"""From a stored calendar to the plain one that `worktime` computes with."""

from datetime import time
from time import monotonic

from sla.models import Calendar, ClosedDay
from sla.worktime import WorkCalendar

KEPT_SECONDS = 30  # another process may have edited the calendar
_loaded: dict[int, tuple[float, WorkCalendar]] = {}
_by_code: dict[str, int] = {}


def work_calendar(calendar_id: int) -> WorkCalendar:
    """The plain calendar of a row, kept in the process for half a minute, or until it is edited here."""
    loaded_at, calendar = _loaded.get(calendar_id, (0.0, None))
    if calendar is None or monotonic() - loaded_at > KEPT_SECONDS:
        calendar = _load(Calendar.objects.get(pk=calendar_id))
        _loaded[calendar_id] = (monotonic(), calendar)
    return calendar


def calendar_id(code: str) -> int:
    """The primary key of a calendar by its code, kept in the process until a calendar is edited here."""
    if code not in _by_code:
        _by_code[code] = Calendar.objects.only("pk").get(code=code).pk
    return _by_code[code]


def forget(**_kwargs) -> None:
    _loaded.clear()
    _by_code.clear()


def _load(row: Calendar) -> WorkCalendar:
    days = {kind: set() for kind in ClosedDay.Kind.values}
    for day, kind in row.exceptions.values_list("date", "kind"):
        days[kind].add(day)
    return WorkCalendar(
        timezone=row.timezone,
        windows=tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in row.windows),
        closed=frozenset(days[ClosedDay.Kind.CLOSED]),
        makeup=frozenset(days[ClosedDay.Kind.MAKEUP]),
        round_the_clock=row.round_the_clock,
        use_public_holidays=row.use_public_holidays,
    )
