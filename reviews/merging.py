"""Counts that identify nobody: what is fewer than five stands with others. Plain functions."""

from collections.abc import Iterable
from dataclasses import dataclass

from reviews.public_sentence import FEW
from reviews.themes import OTHER


@dataclass(frozen=True)
class ThemeCount:
    """How many reviews are of a theme, and how many of them are bad."""

    theme: str
    n: int
    bad: int


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
    other = ThemeCount(OTHER, sum(row.n for row in together), sum(row.bad for row in together))
    return [*apart, other]
