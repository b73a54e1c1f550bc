"""Counts that identify nobody: what is fewer than five stands with others. Plain functions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from reviews.public_sentence import FEW
from reviews.themes import OTHER


@dataclass(frozen=True)
class ThemeCount:
    """How many bad reviews are of a theme, and of how many the writer's trouble is solved."""

    theme: str
    n: int
    solved: int

    @property
    def open(self) -> int:
        return self.n - self.solved


def merged(counts: Iterable[ThemeCount], few: int = FEW) -> list[ThemeCount]:
    """The largest theme first; those of fewer than `few` are one, "other", at the end, and where they are still too
    few the next smallest stands with them. Nothing is left out: the sums stay what they were."""
    rows = sorted((row for row in counts if row.n), key=lambda row: (-row.n, row.theme))
    apart = [row for row in rows if row.n >= few and row.theme != OTHER]
    together = [row for row in rows if row.n < few or row.theme == OTHER]
    while together and apart and sum(row.n for row in together) < few:
        together.append(apart.pop())
    if not together:
        return apart
    other = ThemeCount(OTHER, sum(row.n for row in together), sum(row.solved for row in together))
    return [*apart, other]


@dataclass(frozen=True)
class MonthCount:
    """The reviews of a month, or, where one had too few, of the months from `month` to `until` (`YYYY-MM`).

    `cases` were completed and `answered` of them have a review; `n` reviews were given, `good` of them; `bad` ones,
    of which `contacted` were answered by a call and `repaired` closed with a repair, `solved` by the writer's word.
    """

    month: str
    until: str
    cases: int = 0
    answered: int = 0
    n: int = 0
    good: int = 0
    bad: int = 0
    contacted: int = 0
    repaired: int = 0
    solved: int = 0

    def with_next(self, later: "MonthCount") -> "MonthCount":
        sums = {name: getattr(self, name) + getattr(later, name) for name in SUMMED}
        return replace(self, until=later.until, **sums)


SUMMED = ("cases", "answered", "n", "good", "bad", "contacted", "repaired", "solved")


def months_merged(months: Sequence[MonthCount], few: int = FEW) -> list[MonthCount]:
    """In the order of time; a month with fewer than `few` reviews joins the next, the last ones the one before. Of
    fewer than `few` in all nothing is said. No row is left out otherwise."""
    whole: list[MonthCount] = []
    waiting: MonthCount | None = None
    for month in months:
        waiting = waiting.with_next(month) if waiting else month
        if waiting.n >= few:
            whole.append(waiting)
            waiting = None
    if waiting and whole:
        whole.append(whole.pop().with_next(waiting))
    return whole
