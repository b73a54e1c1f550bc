"""The figures of the last 30 days beside the standards. A share always comes with its n."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, Sum

from evaluations import queries as reviews
from registration import flow
from registration.models import Application
from seals.models import Subsidy
from sla.models import Clock

DAYS = 30
SHOWN_CLOCKS = ("licence_and_seals", "tax", "social_security", "bank", "total")
ELECTRONIC_GOAL = 85  # percent; the article's. A zone may set "electronic_goal_percent"


@dataclass(frozen=True)
class StageTimes:
    """Working minutes that finished clocks of a name took; None where none finished."""

    label: str
    standard: int
    n: int
    p50: float | None = None
    p90: float | None = None
    mean: float | None = None

    def _at(self, minutes: float | None) -> float:
        """A length as a percentage of the standard, at most 110, for drawing."""
        return min((minutes or 0) / self.standard * 100, 110)

    @property
    def drawn(self) -> dict[str, float]:
        return {"p50": self._at(self.p50), "p90": self._at(self.p90), "mean": self._at(self.mean)}


def stage_times(zone, since: datetime) -> list[StageTimes]:
    """How long the stages took, from the clocks stopped since then of cases that weren't broken off; one query."""
    broken_off = (flow.WITHDRAWN, flow.DECLINED)
    owners = Application.objects.filter(zone=zone).exclude(state__in=broken_off).values("uid")
    rows = Clock.objects.filter(state=Clock.State.STOPPED, stopped_at__gte=since, owner__in=owners)
    taken = defaultdict(list)
    for name, spent in rows.values_list("name", "spent"):
        taken[name].append(spent.total_seconds() / 60)
    return [_times(flow.CLOCK[name], sorted(taken[name]), zone) for name in SHOWN_CLOCKS]


def _times(rule: flow.ClockRule, ordered: list[float], zone) -> StageTimes:
    standard = flow.budget(rule.name, zone.settings)
    if not ordered:
        return StageTimes(rule.label, standard, 0)
    mean = sum(ordered) / len(ordered)
    return StageTimes(rule.label, standard, len(ordered), percentile(ordered, 50), percentile(ordered, 90), mean)


def percentile(ordered: list[float], percent: int) -> float:
    """The nearest rank of an ordered list that isn't empty."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


@dataclass(frozen=True)
class Electronic:
    """Cases filed online, of those filed; `goal` is in percent."""

    n: int
    online: int
    goal: int

    @property
    def share(self) -> float | None:
        return self.online / self.n if self.n else None

    @property
    def percent(self) -> float:
        return (self.share or 0) * 100


def electronic(zone, since: datetime) -> Electronic:
    filed = Application.objects.filter(zone=zone, submitted_at__gte=since)
    counts = filed.aggregate(n=Count("pk"), online=Count("pk", Q(channel=Application.Channel.ONLINE)))
    return Electronic(**counts, goal=zone.settings.get("electronic_goal_percent", ELECTRONIC_GOAL))


def subsidy(zone, since: datetime) -> dict:
    """What the zone paid for seals: `fen` and the number of sets."""
    lines = Subsidy.objects.filter(order__application__zone=zone, granted_at__gte=since)
    return lines.aggregate(fen=Sum("amount_fen", default=0), n=Count("pk"))


def period(zone, at: datetime) -> dict:
    """Everything the side of the live page shows, for the last DAYS days."""
    since = at - timedelta(days=DAYS)
    times = stage_times(zone, since)
    return {
        "days": DAYS,
        "times": times,
        "times_n": times[-1].n,
        "score": reviews.score(zone, since),
        "follow_ups_waiting": reviews.waiting(zone),
        "electronic": electronic(zone, since),
        "subsidy": subsidy(zone, since),
    }
