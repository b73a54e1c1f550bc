"""Counting: what a set of finished cases adds up to, by day, company type and subject; read from the cases themselves.

`models.DaySummary` says what a subject's columns hold. The same reading makes the summaries of closed days, the part of
the figures that is not summarised yet, and the recount that checks them.
"""

from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import get_current_timezone, localtime

from banking.fields import Meeting
from banking.models import Account
from kernel.cases.models import Application, Stage
from kernel.core import departments
from kernel.core.moment import now
from kernel.form import flow
from kernel.sla.models import Clock
from portal.supervision import owners, waits
from reviews.models import Review
from seals.models import SealOrder

DAY_SECONDS = 24 * 60 * 60
FILED, COMPLETED, REVIEWED, SUBSIDY = "filed", "completed", "reviewed", "subsidy"
Key = tuple[date, str, str]  # day, company type, subject


def of_clock(name: str) -> str:
    """The subject of the clocks that ran to their end."""
    return f"clock:{name}"


def of_breach(name: str) -> str:
    """The subject of the clocks that went over, finished or not."""
    return f"over:{name}"


def of_wait(kind: str) -> str:
    """The subject of the waits of a kind (`waits.WAITS`) that ended."""
    return f"wait:{kind}"


def of_appointment(outcome: str) -> str:
    """The subject of what came of appointments (`waits.OUTCOMES`)."""
    return f"appointment:{outcome}"


def without(department: str) -> str:
    """The subject of the completed cases that did without a department."""
    return f"without:{department}"


@dataclass
class Tally:
    """A sum that grows. `buckets` map a text (minutes, an hour, a level) to a count."""

    n: int = 0
    hits: int = 0
    total: int = 0
    buckets: Counter = field(default_factory=Counter)

    def add(self, hit: bool = False, amount: int = 0, bucket: object = None) -> None:
        self.n, self.hits, self.total = self.n + 1, self.hits + bool(hit), self.total + amount
        if bucket is not None:
            self.buckets[str(bucket)] += 1

    def merge(self, other: "Tally") -> None:
        self.n, self.hits, self.total = (
            self.n + other.n,
            self.hits + other.hits,
            self.total + other.total,
        )
        self.buckets.update(other.buckets)

    @property
    def mean_minutes(self) -> float | None:
        """The weighted average of a clock's subject: all seconds over all clocks."""
        return self.total / 60 / self.n if self.n else None

    def percentile(self, percent: int) -> int | None:
        """The nearest rank, in the whole minutes of the buckets."""
        rank, seen = max(1, -(-self.n * percent // 100)), 0
        for minutes in sorted(map(int, self.buckets)):
            seen += self.buckets[str(minutes)]
            if seen >= rank:
                return minutes
        return None

    @property
    def share(self) -> float | None:
        return self.hits / self.n if self.n else None


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=get_current_timezone())


def months(today: date, many: int = 12) -> list[date]:
    """The first days of the present month and of those before it, the latest first."""
    place = today.year * 12 + today.month - 1
    return [date((place - back) // 12, (place - back) % 12 + 1, 1) for back in range(many)]


def runs(days: Iterable[date]) -> list[tuple[datetime, datetime]]:
    """The days as few half-open spans of time."""
    spans: list[list[datetime]] = []
    for day in sorted(days):
        begin, end = midnight(day), midnight(day + timedelta(days=1))
        if spans and spans[-1][1] == begin:
            spans[-1][1] = end
        else:
            spans.append([begin, end])
    return [(begin, end) for begin, end in spans]


def within(column: str, spans: Iterable[tuple[datetime, datetime]]) -> Q:
    """Rows whose moment lies in one of the spans; none where there are no spans."""
    result = Q()
    for begin, end in spans:
        result |= Q(**{f"{column}__gte": begin, f"{column}__lt": end})
    return result or Q(pk__in=())


def of_zone(zone) -> Q:
    return Q(zone=zone) & ~Q(state=flow.DRAFT)


def clocks_of(
    zone, without: tuple[str, ...] = (flow.DRAFT,), names: Container[str] | None = flow.clocks()
) -> QuerySet[Clock]:
    """The clocks of a zone's cases, but for those in the states `without`; each with its `company_type`.

    Those of the flow alone, unless other `names` are given (None: promises too).

    The case is looked up for each clock that the caller's other conditions leave, by scalar subqueries: as a join,
    PostgreSQL would rather read every case there is (benchmarks/README.md).
    """
    cases = Application.objects.filter(uid=OuterRef("owner")).exclude(state__in=without).order_by()
    rows = Clock.objects.annotate(
        zone_id=Subquery(cases.values("zone")), company_type=Subquery(cases.values("company_type"))
    )
    rows = rows.filter(zone_id=zone.pk)
    return rows if names is None else rows.filter(name__in=names)


def finished_clocks(zone, spans) -> QuerySet[Clock]:
    """The clocks that ran to their end in these spans: those that stopped because their case was broken off did not.

    What a case had finished before stays counted, so that no closed day changes when its licence is revoked later.
    """
    broken_off = Stage.objects.filter(
        application__uid=OuterRef("owner"), state=flow.ENDED
    ).order_by()
    rows = clocks_of(zone).annotate(broken_off_at=Subquery(broken_off.values("closed_at")[:1]))
    in_time = Q(broken_off_at=None) | Q(stopped_at__lt=F("broken_off_at"))
    return rows.filter(within("stopped_at", spans), in_time, state=Clock.State.STOPPED)


def breached_clocks(since: datetime, until: datetime) -> Q:
    """Went over between the two, whether or not a sweep has seen it: a clock is over after its deadline, not at it."""
    return Q(breached_at__gte=since, breached_at__lt=until) | Q(
        state=Clock.State.RUNNING, breached_at=None, due_at__gte=since, due_at__lt=until
    )


def went_over(zone, spans, at: datetime) -> QuerySet[Clock]:
    """The clocks that went over in these spans, up to `at`: on the day on which they did, finished, under way, or
    broken off since; each with the moment (`went_over_at`)."""
    result = Q()
    for begin, end in spans:
        result |= breached_clocks(begin, min(end, at))
    rows = clocks_of(zone, names=flow.counted()).filter(result or Q(pk__in=()))
    return rows.annotate(went_over_at=Coalesce(F("breached_at"), F("due_at")))


def of_owner(name: str) -> str:
    return f"owner:{name}"


def count(zone, days: Iterable[date]) -> dict[Key, Tally]:
    """Everything that happened on these days, in a constant number of queries however many they are."""
    spans, result = runs(days), {}
    if not spans:
        return result
    for part in PARTS:
        part(
            zone,
            spans,
            lambda at, kind, subject: result.setdefault(
                (localtime(at).date(), kind, subject), Tally()
            ),
        )
    return result


def _filed(zone, spans, tally) -> None:
    rows = Application.objects.filter(of_zone(zone), within("submitted_at", spans))
    for at, kind, channel in rows.order_by().values_list("submitted_at", "company_type", "channel"):
        tally(at, kind, FILED).add(channel == Application.Channel.ONLINE, bucket=localtime(at).hour)


def without_visit() -> Q:
    """Filed online, and the bank by video, or no account opened."""
    met = Q(bank_account__meeting=Meeting.VIDEO) | Q(bank_account=None)
    return Q(channel=Application.Channel.ONLINE) & met


def _completed(zone, spans, tally) -> None:
    rows = Application.objects.filter(within("completed_at", spans), zone=zone).order_by()
    meeting = Subquery(Account.objects.filter(application=OuterRef("pk")).values("meeting"))
    for at, kind, channel, met, versions in rows.annotate(met=meeting).values_list(
        "completed_at", "company_type", "channel", "met", "standards_versions"
    ):
        for department in departments.left_out(versions):
            tally(at, kind, without(department.code)).add()
        tally(at, kind, COMPLETED).add(
            channel == Application.Channel.ONLINE and met in (None, Meeting.VIDEO)
        )


def _reviewed(zone, spans, tally) -> None:
    completed = within("application__completed_at", spans)
    reviews = Review.objects.filter(completed, application__zone=zone, kind="").order_by()
    seen = set()
    for case, at, kind, level in reviews.values_list(
        "application", "application__completed_at", "application__company_type", "level"
    ):
        result = tally(at, kind, REVIEWED)
        result.n += case not in seen
        result.total += 1
        result.buckets[str(level)] += 1
        seen.add(case)


def _subsidised(zone, spans, tally) -> None:
    orders = SealOrder.objects.filter(
        within("delivered_at", spans), application__zone=zone
    ).order_by()
    for at, kind, fen in orders.values_list(
        "delivered_at", "application__company_type", "subsidy_fen"
    ):
        tally(at, kind, SUBSIDY).add(amount=fen)


def _clocked(zone, spans, tally) -> None:
    rows = finished_clocks(zone, spans).order_by()
    for name, at, spent, kind in rows.values_list("name", "stopped_at", "spent", "company_type"):
        seconds = int(spent.total_seconds())
        tally(at, kind, of_clock(name)).add(amount=seconds, bucket=seconds // 60)


def _over(zone, spans, tally) -> None:
    rows = went_over(zone, spans, now()).order_by()
    for name, at, kind in rows.values_list("name", "went_over_at", "company_type"):
        tally(at, kind, of_breach(name)).add()


def _owned(zone, spans, tally) -> None:
    completed = Application.objects.filter(within("completed_at", spans), zone=zone).order_by()
    for at, kind, owner, worked in owners.of_days(zone, completed):
        tally(at, kind, of_owner(owner)).add(amount=int(worked.total_seconds()))


def _waited(zone, spans, tally) -> None:
    rows = waits.ended(zone, within("at", spans)).order_by()
    for kind, *row in rows.values_list("application__company_type", "at", "data", "began_at"):
        wait = waits.Wait(*row)
        result = tally(wait.written_at, kind, of_wait(wait.kind))
        result.add(amount=wait.seconds, bucket=wait.seconds // DAY_SECONDS)


def _met(zone, spans, tally) -> None:
    rows = waits.appointments(zone, within("at", spans)).order_by()
    for at, kind, outcome, actor in rows.values_list("at", "company_type", "kind", "actor"):
        tally(at, kind, of_appointment(outcome)).add(actor is None)


PARTS = (_filed, _completed, _reviewed, _subsidised, _clocked, _over, _owned, _waited, _met)
