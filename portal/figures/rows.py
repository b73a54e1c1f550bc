"""A row of a daily file, and how rows are made coarser until nobody is alone in one."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from datetime import date

K = 5  # as many rows at least share all that says who they could be: kind, name, company type, day and hours
OTHER, WHOLE_DAY = "other", "day"
FILED, STAGE, CASE, OWNER = "filed", "stage", "case", "owner"
WAIT, APPOINTMENT, REVIEW, OVERDUE = "wait", "appointment", "review", "overdue"
SERVICE, TICKET, THEME, REPAIR = "service", "ticket", "theme", "repair"


@dataclass(frozen=True)
class Row:
    """One stage, case, wait, appointment, review, service or ticket. What its columns hold, docs/figures.md says; a
    number that isn't known or doesn't belong is None. `hours` is the hour ("09"), half of the day ("am", "pm") or
    "day".

    `minutes` and `limit` are working minutes, `days` are of the calendar; `late`, `right`, `bad`, `first`, `done` and
    `missed` are 0 or 1.
    """

    kind: str
    name: str
    day: date
    company_type: str = ""
    hours: str = ""
    minutes: int | None = None
    limit: int | None = None
    late: int | None = None
    corrections: int | None = None
    right: int | None = None
    days: int | None = None
    level: int | None = None
    bad: int | None = None
    first: int | None = None
    done: int | None = None
    missed: int | None = None

    @property
    def values(self) -> tuple[int | None, ...]:
        """All that is measured; the other columns say of whom."""
        return tuple(getattr(self, name) for name in MEASURED)

    def measured_as(self, other: "Row") -> "Row":
        """Of the same class, with what was measured of another."""
        return replace(self, **dict(zip(MEASURED, other.values, strict=True)))

    def stored(self) -> dict:
        return asdict(self) | {"day": self.day.isoformat()}

    @classmethod
    def read(cls, stored: dict) -> "Row":
        return cls(**stored | {"day": date.fromisoformat(stored["day"])})


_CLASS = ("kind", "name", "day", "company_type", "hours")
MEASURED = tuple(column.name for column in fields(Row) if column.name not in _CLASS)


def periods_of(day: date) -> tuple[str, str]:
    """Its month and its week by ISO 8601: "2026-11", "2026-W48"."""
    year, week, _weekday = day.isocalendar()
    return f"{day:%Y-%m}", f"{year}-W{week:02}"


def published(rows: Iterable[Row], day: date) -> list[Row | None]:
    """The rows as the file of a day tells them, in their order; None for those that wait for the next, since fewer than
    K of their kind and name are there."""
    given = list(rows)
    of_kind = defaultdict(list)
    for place, row in enumerate(given):
        of_kind[row.kind, row.name].append(place)
    told: list[Row | None] = [None] * len(given)
    for places in of_kind.values():
        if len(places) >= K:
            for place, row in zip(
                places, _coarser([given[place] for place in places], day), strict=True
            ):
                told[place] = row
    return told


def _coarser(rows: list[Row], day: date) -> list[Row]:
    """K rows or more of one kind and name: rare company types become one, and hours of the day its halves, or the day,
    where fewer than K of a type fall into one of them."""
    types = _types(Counter(row.company_type for row in rows))
    hours = {}
    for told in set(types.values()):
        of_type = [row for row in rows if types[row.company_type] == told]
        hours[told] = next(part for part in PARTS if min(Counter(map(part, of_type)).values()) >= K)
    return [
        replace(
            row, day=day, company_type=(told := types[row.company_type]), hours=hours[told](row)
        )
        for row in rows
    ]


def _types(counted: Counter) -> dict[str, str]:
    """Company type → as it is told. Where the rare ones are too few together, the next rarest joins them."""
    rare, n = [], 0
    for kind, count in sorted(counted.items(), key=lambda pair: (pair[1], pair[0])):
        if count >= K and (not rare or n >= K):
            break
        rare.append(kind)
        n += count
    return {kind: OTHER if kind in rare else kind for kind in counted}


def _hour(row: Row) -> str:
    return row.hours


def _half(row: Row) -> str:
    return "am" if row.hours < "12" else "pm"


def _whole(_row: Row) -> str:
    return WHOLE_DAY


PARTS = (_hour, _half, _whole)  # of the day, from the finest


def unnamed(rows: Iterable[Row]) -> list[Row]:
    """Rows of what is still overdue: where fewer than K are at one stage, the stage isn't told. None waits."""
    given = list(rows)
    names = _types(Counter(row.name for row in given))
    return [replace(row, name=names[row.name]) for row in given]
