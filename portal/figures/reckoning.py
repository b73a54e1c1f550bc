"""The published figures, reckoned from the rows of the daily files and from nothing else.

`docs/recompute_figures.py` reckons the same for whoever doesn't believe them; a test compares the two.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from io import StringIO

from portal.figures.rows import MEASURED, OVERDUE, periods_of

Key = tuple[str, str, str, str]  # period, kind, name, figure
RECENT, RECENT_DAYS = "recent", 30  # a period more: the days of the newest files
HEAD = ("period", "kind", "name", "figure", "value")


def figures(files: Iterable[tuple[str, str]]) -> dict[Key, int]:
    """Of each month ("2026-11"), each week ("2026-W48") and `RECENT`, from (day, content) of the files in their order:
    how many rows, half and nine in ten of their minutes, and the sum of each column, which an older file may lack. Rows
    that were corrected later don't count; still overdue is what was so when the last day of the period ended."""
    rows: list[dict[str, str]] = []
    last: dict[str, str] = {}
    days: list[str] = []
    for day, content in files:
        rows += csv.DictReader(StringIO(content))
        last |= dict.fromkeys((*_periods(day), RECENT), day)
        days.append(day)
    recent = set(days[-RECENT_DAYS:])
    corrected = {row["corrects"] for row in rows}
    groups = defaultdict(list)
    for row in rows:
        for period in (row["month"], row["week"], *[RECENT] * (row["day"] in recent)):
            if row["row"] not in corrected and (
                row["kind"] != OVERDUE or row["day"] == last[period]
            ):
                groups[period, row["kind"], row["name"]].append(row)
    return {
        (*group, figure): value
        for group, told in groups.items()
        for figure, value in _of(told).items()
    }


def _periods(day: str) -> tuple[str, str]:
    return periods_of(date.fromisoformat(day))


def _of(rows: list[dict[str, str]]) -> dict[str, int]:
    minutes = sorted(int(row["minutes"] or 0) for row in rows)
    sums = {column: sum(int(row.get(column) or 0) for row in rows) for column in MEASURED}
    return {"n": len(rows), "p50": rank(minutes, 50), "p90": rank(minutes, 90), **sums}


def rank(ordered: list[int], percent: int) -> int:
    """The nearest rank: so many percent are not more than this."""
    return ordered[-(-len(ordered) * percent // 100) - 1]


def as_csv(reckoned: dict[Key, int]) -> str:
    """`figures.csv`: a figure a line, but for those that are 0."""
    target = StringIO()
    lines = sorted([*key, value] for key, value in reckoned.items() if value)
    csv.writer(target, lineterminator="\n").writerows([HEAD, *lines])
    return target.getvalue()


def read(text: str) -> dict[Key, int]:
    """`figures.csv` as figures; one that isn't named is 0."""
    return {
        (line["period"], line["kind"], line["name"], line["figure"]): int(line["value"])
        for line in csv.DictReader(StringIO(text))
    }
