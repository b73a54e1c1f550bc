"""The thirteen days off that the law itself names (the regulation on holidays, as amended on 10 November 2024).

New Year, the eve to the third day of Spring Festival, Qingming, 1 and 2 May, Dragon Boat, Mid-Autumn, 1 to 3 October.

They are known years ahead. What the State Council arranges around them (bridges, make-up days) is known only in the
autumn before, and then stands in the `chinesecalendar` package or is entered by the administrator. The lunar dates in
`data/statutory-holidays.csv` are computed; a test computes them anew with `lunar_python` and `sxtwl`. Plain Python.
"""

import csv
from datetime import date
from pathlib import Path

SOURCE = Path(__file__).parent / "data" / "statutory-holidays.csv"


def _read() -> dict[int, dict[str, list[date]]]:
    days: dict[int, dict[str, list[date]]] = {}
    with SOURCE.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            day = date.fromisoformat(row["date"])
            days.setdefault(day.year, {}).setdefault(row["holiday"], []).append(day)
    return days


_HOLIDAYS = _read()
STATUTORY_DAYS = frozenset(
    day for holidays in _HOLIDAYS.values() for days in holidays.values() for day in days
)
LAST_STATUTORY_YEAR = max(_HOLIDAYS)


def holidays_of(year: int) -> dict[str, list[date]]:
    """The law's holidays of a year by their Chinese names, in order; empty for a year beyond the table."""
    return _HOLIDAYS.get(year, {})
