"""The thirteen days off that the law itself names (the regulation on holidays, as amended on 10 November 2024).

New Year, the eve to the third day of Spring Festival, Qingming, 1 and 2 May, Dragon Boat, Mid-Autumn, 1 to 3 October.

They are known years ahead. What the State Council arranges around them (bridges, make-up days) is known only in the
autumn before, and then stands in the `chinesecalendar` package or is entered by the administrator. The lunar dates in
`data/statutory-holidays.csv` are computed (sxtwl, lunar_python, borax and lunardate agree on them). Plain Python.
"""

import csv
from datetime import date
from pathlib import Path

SOURCE = Path(__file__).parent / "data" / "statutory-holidays.csv"


def _read() -> frozenset[date]:
    with SOURCE.open(encoding="utf-8", newline="") as rows:
        return frozenset(date.fromisoformat(row["date"]) for row in csv.DictReader(rows))


STATUTORY_DAYS = _read()
LAST_STATUTORY_YEAR = max(STATUTORY_DAYS).year
