"""What `/figures/` shows: month by month or week by week, each beside the one before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from kernel.accounts.models import Zone
from kernel.core import departments
from kernel.core.words import Words
from kernel.form import flow
from portal.figures.reckoning import Key
from portal.figures.rows import (
    APPOINTMENT,
    CASE,
    FILED,
    OTHER,
    OVERDUE,
    OWNER,
    REPAIR,
    REVIEW,
    SERVICE,
    STAGE,
    THEME,
    TICKET,
    WAIT,
    periods_of,
)
from portal.supervision import owners, waits
from portal.supervision.tally import COMPLETED
from reviews import themes
from services.booked import kinds
from services.hall import lanes

SHOWN = 12  # months, or weeks
PARTS = MONTH, WEEK = "month", "week"  # as `periods_of` gives them


class Numbers:
    """The figures of one period, by kind, name and figure."""

    def __init__(self, figures: Mapping[tuple[str, str, str], int]):
        self._of = figures

    def get(self, kind: str, name: str, figure: str = "n") -> int:
        return self._of.get((kind, name, figure), 0)

    def sum(self, kind: str, figure: str = "n") -> int:
        return sum(n for (of, _name, what), n in self._of.items() if (of, what) == (kind, figure))

    def names(self, kind: str) -> list[str]:
        return sorted({name for of, name, _what in self._of if of == kind})


@dataclass(frozen=True)
class Line:
    """A stage in a period. Minutes are working minutes; None where nothing has finished. `limit` is the average of
    those that held, `before` within how many minutes half had finished in the period before."""

    name: str
    n: int
    p50: int | None
    p90: int | None
    limit: int
    on_time: int
    overdue: int
    corrections: int
    before: int | None

    @property
    def label(self) -> str:
        return flow.clocks()[self.name].label

    @property
    def on_time_share(self) -> float | None:
        return self.on_time / self.n if self.n else None

    @property
    def late(self) -> bool:
        """More than one in ten took longer than the limit."""
        return self.p90 is not None and self.p90 > self.limit

    @property
    def state(self) -> str:
        return "breached" if self.late else "stopped"

    @property
    def change(self) -> int:
        """Minutes more (or less) than in the period before, by half of the cases."""
        return 0 if self.p50 is None or self.before is None else self.p50 - self.before


@dataclass(frozen=True)
class Given:
    """A service, or a lane of the hall, in a period: `n` ended in whatever way, `done` of them were given, to `missed`
    nobody came. `p50` and `p90` are the minutes for which tickets waited."""

    kind: str
    name: str
    n: int
    done: int
    missed: int
    p50: int
    p90: int

    @property
    def label(self) -> str:
        if self.kind == TICKET:
            return str(lanes.LANES[self.name].label) if self.name in lanes.LANES else self.name
        return str(kinds.label(self.name))


@dataclass(frozen=True)
class Period:
    """`begins` is its first day; `numbers` are its figures, `before` those of the period before it."""

    name: str
    begins: date
    numbers: Numbers
    before: Numbers
    zone: Zone

    @property
    def filed(self) -> int:
        return self.numbers.sum(FILED)

    @property
    def completed(self) -> int:
        return self.numbers.get(CASE, COMPLETED)

    @property
    def right_share(self) -> float | None:
        """Of the completed cases, those that nothing was asked to be corrected in."""
        return self._share(self.numbers.get(CASE, COMPLETED, "right"), self.completed)

    @property
    def lines(self) -> list[Line]:
        here = set(departments.at_work(self.zone.setting("departments")))
        told = set(self.numbers.names(STAGE)) | set(self.numbers.names(OVERDUE))
        names = [
            name
            for name in flow.counted()
            if name in told or here & set(flow.clocks()[name].covers)
        ]
        return [self._line(name) for name in names]

    def _line(self, name: str) -> Line:
        get, n = self.numbers.get, self.numbers.get(STAGE, name)
        return Line(
            name,
            n,
            get(STAGE, name, "p50") if n else None,
            get(STAGE, name, "p90") if n else None,
            round(get(STAGE, name, "limit") / n)
            if n
            else flow.budget(name, self.zone.settings, self.begins),
            n - get(STAGE, name, "late"),
            get(OVERDUE, name),
            get(STAGE, name, "corrections"),
            self.before.get(STAGE, name, "p50") if self.before.get(STAGE, name) else None,
        )

    @property
    def overdue_elsewhere(self) -> int:
        """Still overdue, at stages where fewer than five are: which, isn't told."""
        return self.numbers.get(OVERDUE, OTHER)

    @property
    def owners(self) -> list[tuple[str, float]]:
        """(whose, working minutes for each completed case)."""
        if not self.completed:
            return []
        return [
            (label, self.numbers.get(OWNER, owner, "minutes") / self.completed)
            for owner, label in owners.labels().items()
            if self.numbers.get(OWNER, owner)
        ]

    @property
    def waits(self) -> tuple[int, float | None]:
        n = self.numbers.sum(WAIT)
        return n, self._share(self.numbers.sum(WAIT, "days"), n)

    @property
    def appointments(self) -> dict[str, int]:
        return {outcome: self.numbers.get(APPOINTMENT, outcome) for outcome in waits.PUBLIC}

    @property
    def reviews(self) -> dict:
        n, first = self.numbers.sum(REVIEW), self.numbers.sum(REVIEW, "first")
        return {
            "n": n,
            "good_share": self._share(n - self.numbers.sum(REVIEW, "bad"), n),
            "level": self._share(self.numbers.sum(REVIEW, "level"), n),
            "response": self._share(first, self.completed),
        }

    @property
    def repairs(self) -> tuple[int, int]:
        """How many repairs after bad reviews were closed, and how many of them the writer called solved."""
        return self.numbers.sum(REPAIR), self.numbers.sum(REPAIR, "done")

    @property
    def themes(self) -> list[tuple[Words, int, int]]:
        """What bad reviews were about, the most frequent first: (theme, how many, how many repairs of it closed)."""
        names = {*self.numbers.names(THEME), *self.numbers.names(REPAIR)}
        rows = [
            (themes.label(name), self.numbers.get(THEME, name), self.numbers.get(REPAIR, name))
            for name in sorted(names)
        ]
        return sorted(rows, key=lambda row: -row[1])

    @property
    def services(self) -> list[Given]:
        return [self._given(SERVICE, name) for name in self.numbers.names(SERVICE)]

    @property
    def tickets(self) -> list[Given]:
        return [self._given(TICKET, name) for name in self.numbers.names(TICKET)]

    def _given(self, kind: str, name: str) -> Given:
        get = self.numbers.get
        return Given(
            kind,
            name,
            get(kind, name),
            get(kind, name, "done"),
            get(kind, name, "missed"),
            get(kind, name, "p50"),
            get(kind, name, "p90"),
        )

    @staticmethod
    def _share(part: int, whole: int) -> float | None:
        return part / whole if whole else None


def periods(zone, figures: Mapping[Key, int], by: str, days: Iterable[date]) -> list[Period]:
    """Those in which the `days` of files lie, the latest first."""
    place = PARTS.index(by)
    names = sorted({periods_of(day)[place] for day in days}, reverse=True)[: SHOWN + 1]
    of_period: dict[str, dict[tuple[str, str, str], int]] = {name: {} for name in names}
    for (period, *name), value in figures.items():
        if period in of_period:
            of_period[period][*name] = value
    numbers = [*map(Numbers, of_period.values()), Numbers({})]
    rows = [(name, first_day(name)) for name in names[:SHOWN]]
    return [
        Period(*row, own, before, zone)
        for row, (own, before) in zip(rows, pairwise(numbers), strict=False)
    ]


def first_day(period: str) -> date:
    """Of "2026-11" or "2026-W48"."""
    year, _dash, part = period.partition("-")
    if part.startswith("W"):
        return date.fromisocalendar(int(year), int(part[1:]), 1)
    return date(int(year), int(part), 1)
