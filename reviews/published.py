"""What has been published of reviews in figures. Who publishes registers how that is read; the page of reviews shows it
and counts nothing itself.

    published.register(read)          # in the AppConfig.ready() of whoever publishes
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Counted:
    """The reviews of a period. Of `cases` completed ones `answered` have a review; `n` reviews were given in all, `bad`
    of them; `repaired` repairs were closed, `solved` of them by the writer's word. Shares are 0 to 1, or None where
    there is nothing to divide."""

    cases: int
    answered: int
    n: int
    bad: int
    repaired: int
    solved: int

    @property
    def good(self) -> int:
        return self.n - self.bad

    @property
    def good_share(self) -> float | None:
        return self.good / self.n if self.n else None

    @property
    def response_rate(self) -> float | None:
        return self.answered / self.cases if self.cases else None


@dataclass(frozen=True)
class ThemeCounted:
    """How many bad reviews of this year are of a theme, and how many repairs of it were closed."""

    theme: str
    n: int
    closed: int


@dataclass(frozen=True)
class Published:
    """Up to the end of `until`, None before anything was published. `recent` are the last thirty days of it."""

    until: date | None
    recent: Counted
    ever: Counted
    themes: list[ThemeCounted]


NOTHING = Counted(0, 0, 0, 0, 0, 0)
_reads: list[Callable[[], Published]] = []


def register(read: Callable[[], Published]) -> None:
    _reads[:] = [read]


def read() -> Published:
    return _reads[0]() if _reads else Published(None, NOTHING, NOTHING, [])
