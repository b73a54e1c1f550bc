"""What reviews say, always with how many answered: a share without its response rate and n means nothing."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, OuterRef, Subquery, Value
from django.db.models.functions import Concat

from kernel.cases.models import Application
from kernel.form import flow
from kernel.sla.models import Clock
from reviews.models import BAD_LEVELS, FollowUp, Level, Review


@dataclass(frozen=True)
class LevelCount:
    level: Level
    n: int
    share: float | None

    @property
    def is_bad(self) -> bool:
        return self.level in BAD_LEVELS

    @property
    def percent(self) -> float:
        """The share as a length of 0 to 100, for drawing."""
        return (self.share or 0) * 100


@dataclass(frozen=True)
class Score:
    """Reviews of the cases completed in a period. `cases` were completed, `answered` of them have a review, `n` reviews
    in all; shares are 0 to 1, or None where there is nothing to divide."""

    cases: int
    answered: int
    levels: list[LevelCount]

    @property
    def n(self) -> int:
        return sum(row.n for row in self.levels)

    @property
    def good(self) -> int:
        return sum(row.n for row in self.levels if not row.is_bad)

    @property
    def good_share(self) -> float | None:
        return self.good / self.n if self.n else None

    @property
    def response_rate(self) -> float | None:
        return self.answered / self.cases if self.cases else None


def score(zone=None, since: datetime | None = None) -> Score:
    """The score of the cases completed since a moment, in three queries; None is every zone, or from the beginning."""
    completed = Application.objects.filter(completed_at__isnull=False)
    if zone is not None:
        completed = completed.filter(zone=zone)
    if since is not None:
        completed = completed.filter(completed_at__gte=since)
    reviews = Review.objects.filter(application__in=completed)
    counted = dict(reviews.order_by().values_list("level").annotate(n=Count("pk")))
    n = sum(counted.values())
    return Score(
        cases=completed.count(),
        answered=reviews.order_by().values("application").distinct().count(),
        levels=[
            LevelCount(level, counted.get(level, 0), counted.get(level, 0) / n if n else None)
            for level in Level
        ],
    )


def follow_ups(zone):
    """The bad reviews of a zone, those that nobody has contacted first, the earliest due date first; each with what its
    clock says: `contact_by`, while it runs, and `over_at`, the moment that it went over."""
    rows = FollowUp.objects.filter(review__application__zone=zone).annotate(
        contact_by=_clock("due_at"), over_at=_clock("breached_at")
    )
    order = (
        F(name).asc(nulls_first=True) for name in ("rectified_at", "contacted_at", "contact_by")
    )
    return rows.select_related("review__application", "contacted_by", "rectified_by").order_by(
        *order, "pk"
    )


def _clock(column: str) -> Subquery:
    """A column of the clock that watches a follow-up (`actions.contact`)."""
    name = Concat(Value(f"{flow.CONTACT}:"), OuterRef("review__service"))
    return Subquery(
        Clock.objects.filter(owner=OuterRef("review__application__uid"), name=name).values(column)
    )


def waiting(zone) -> int:
    """How many bad reviews still wait for their contact."""
    return FollowUp.objects.filter(review__application__zone=zone, contacted_at=None).count()
