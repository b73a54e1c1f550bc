"""What the data say beside a complaint: how long it took here, and how long it takes others, on one scale with the
standard. Read when a task is opened; it judges nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from kernel.cases.models import Stage
from kernel.core.words import Words
from kernel.form import flow
from kernel.sla import clocks
from kernel.sla.models import Clock
from reviews.models import Review
from reviews.public_sentence import FEW

DAYS = 30
MOST = 500  # clocks that are looked at


@dataclass(frozen=True)
class Evidence:
    """Minutes of the clock `label`: those of this case, and the mean of `n` others of the last days (None where they
    are fewer than five), beside the `limit`. All three on a scale of `span` minutes."""

    label: Words
    limit: int
    here: int
    others: int | None
    n: int

    @property
    def rows(self) -> list[tuple[Words, int | None]]:
        return [(_("This case"), self.here), (_("Others, on average"), self.others)]

    @property
    def span(self) -> int:
        return max(self.limit, self.here, self.others or 0, 1)


def of_review(review: Review, at: datetime) -> Evidence | None:
    """None for what no clock was kept of."""
    if review.kind or review.application is None:
        return None
    name = flow.stage_clocks().get(review.service, flow.TOTAL)
    clock = Clock.objects.filter(owner=review.application.uid, name=name).first()
    if clock is None:
        return None
    others = _others(review, name, at)
    few = len(others) < FEW
    mean = None if few else _minutes(sum(others, timedelta()) / len(others))
    here = _minutes(clocks.spent(clock, at))
    return Evidence(flow.clock_label(name), clock.limit_minutes, here, mean, len(others))


def _others(review: Review, name: str, at: datetime) -> list[timedelta]:
    """What the clocks of this name took that stopped within the last days, in the review's zone."""
    stages = Stage.objects.filter(
        zone=review.zone_id, state=flow.DONE, closed_at__gte=at - timedelta(days=DAYS)
    )
    if review.department:
        stages = stages.filter(department=review.department)
    cases = stages.exclude(application=review.application_id).values("application__uid")
    stopped = Clock.objects.filter(owner__in=cases, name=name, state=Clock.State.STOPPED)
    return [clocks.spent(clock, at) for clock in stopped.order_by("-stopped_at")[:MOST]]


def _minutes(time: timedelta) -> int:
    return time // timedelta(minutes=1)
