"""What the figures of some days are made of: times, shares, reviews, waits, outcomes, each with its n and its list."""

from dataclasses import dataclass

from django.urls import reverse

from portal.supervision.scope import Scope
from portal.supervision.tally import DAY_SECONDS, Tally
from reviews.queries import LevelCount, Score


def list_url(scope: Scope, name: str, **more) -> str:
    return f"{reverse('supervision:list', args=[name])}?{scope.query(**more)}".rstrip("?")


@dataclass(frozen=True)
class StageTimes:
    """Working minutes that finished clocks of a name took, beside today's standard; None where none finished.

    `over` are the clocks that went over in these days, finished or not.
    """

    clock: str
    label: str
    standard: int
    tally: Tally
    over: int
    scope: Scope

    @property
    def n(self) -> int:
        return self.tally.n

    @property
    def p50(self) -> int | None:
        return self.tally.percentile(50)

    @property
    def p90(self) -> int | None:
        return self.tally.percentile(90)

    @property
    def mean(self) -> float | None:
        return self.tally.mean_minutes

    @property
    def url(self) -> str:
        return list_url(self.scope, "finished", clock=self.clock)

    @property
    def over_url(self) -> str:
        return list_url(self.scope, "breaches", clock=self.clock)

    def _at(self, minutes: float | None) -> float:
        """A length as a percentage of the standard, at most 110, for drawing."""
        return min((minutes or 0) / self.standard * 100, 110)

    @property
    def drawn(self) -> dict[str, float]:
        return {"p50": self._at(self.p50), "p90": self._at(self.p90), "mean": self._at(self.mean)}


@dataclass(frozen=True)
class Share:
    """`hits` of `n`, with the lists of both."""

    n: int
    hits: int
    url: str
    hits_url: str
    goal: int | None = None

    @property
    def share(self) -> float | None:
        return self.hits / self.n if self.n else None

    @property
    def percent(self) -> float:
        return (self.share or 0) * 100


@dataclass(frozen=True)
class Reviews(Score):
    """Reviews of the cases completed on these days, with their lists."""

    scope: Scope

    @property
    def rows(self) -> list[tuple[LevelCount, str]]:
        """Each level with its list."""
        return [
            (row, list_url(self.scope, "reviews", level=str(int(row.level)))) for row in self.levels
        ]

    @property
    def cases_url(self) -> str:
        return list_url(self.scope, "completed")

    @property
    def answered_url(self) -> str:
        return list_url(self.scope, "completed", reviewed="1")

    @property
    def url(self) -> str:
        return list_url(self.scope, "reviews")

    @property
    def good_url(self) -> str:
        return list_url(self.scope, "reviews", level="good")


@dataclass(frozen=True)
class Waits:
    """The waits of a kind that ended, in calendar days; `longest` in whole ones."""

    label: str
    tally: Tally
    url: str

    @property
    def n(self) -> int:
        return self.tally.n

    @property
    def mean_days(self) -> float | None:
        return self.tally.total / DAY_SECONDS / self.n if self.n else None

    @property
    def longest(self) -> int | None:
        return max(map(int, self.tally.buckets), default=None)


@dataclass(frozen=True)
class Outcome:
    """How many appointments came to this, and how many of them `by_itself`: late steps, a calendar that changed."""

    label: str
    n: int
    by_itself: int
    url: str
