"""What is published of reviews: the themes with what was changed because of them, and the months. Nothing of it says
who wrote (`reviews.merging`, `reviews.public_sentence`)."""

from collections import Counter, defaultdict
from dataclasses import dataclass, fields
from datetime import date, datetime

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.utils.timezone import localdate

from kernel.cases.models import Application
from reviews.merging import MonthCount, ThemeCount, merged, months_merged
from reviews.models import BAD_LEVELS, Repair, Review
from reviews.public_sentence import FEW
from reviews.themes import OTHER, theme_of

MONTH_COLUMNS = tuple(field.name for field in fields(MonthCount))
SHOWN = 30  # sentences
COLUMNS = (
    "created_at",
    "level",
    "application",
    "follow_up__contacted_at",
    "follow_up__repair__state",
    "follow_up__repair__answer",
)


@dataclass(frozen=True)
class Sentence:
    """What became public of a repair. `theme` and `month` are those of the merged counts, "other" and None where too
    few were of its kind then; `n` reviews are of it."""

    theme: str
    month: date | None
    n: int
    done: str
    solved: bool


def themes(since: datetime, zone=None) -> list[ThemeCount]:
    """The bad reviews since a moment by theme, those of fewer than five together."""
    return merged(_counts(_bad(zone).filter(created_at__gte=since)))


def _bad(zone):
    rows = Review.objects.filter(level__in=BAD_LEVELS).order_by()
    return rows if zone is None else rows.filter(zone=zone)


def _counts(rows) -> list[ThemeCount]:
    n: Counter[str] = Counter()
    solved: Counter[str] = Counter()
    for tags, state in rows.values_list("tags", "follow_up__repair__state"):
        theme = theme_of(tags)
        n[theme] += 1
        solved[theme] += state == Repair.State.CLOSED
    return [ThemeCount(theme, n[theme], solved[theme]) for theme in n]


def sentences(zone=None) -> list[Sentence]:
    """The last published ones, the latest first. A month and theme with fewer than five bad reviews aren't said."""
    published = Repair.objects.filter(published_at__isnull=False).order_by("-published_at", "-pk")
    if zone is not None:
        published = published.filter(follow_up__review__zone=zone)
    shown = list(published.select_related("follow_up__review")[:SHOWN])
    by_month = _themes_by_month(zone) if shown else {}
    return [_sentence(repair, by_month) for repair in shown]


@dataclass(frozen=True)
class Repairs:
    """The bad reviews since a moment: how many, how many were contacted, are repaired, and solved by the writer's
    word."""

    n: int
    contacted: int
    repaired: int
    solved: int


def repairs(since: datetime, zone=None) -> Repairs:
    rows = _bad(zone).filter(created_at__gte=since)
    repaired = Q(follow_up__repair__submitted_at__isnull=False)
    counted = rows.aggregate(
        n=Count("pk"),
        contacted=Count("pk", filter=Q(follow_up__contacted_at__isnull=False)),
        repaired=Count("pk", filter=repaired),
        solved=Count("pk", filter=Q(follow_up__repair__answer=Repair.Answer.SOLVED)),
    )
    return Repairs(**counted)


def _themes_by_month(zone) -> dict[date, Counter[str]]:
    counts: dict[date, Counter[str]] = defaultdict(Counter)
    for at, tags in _bad(zone).values_list("created_at", "tags"):
        counts[localdate(at).replace(day=1)][theme_of(tags)] += 1
    return counts


def _sentence(repair: Repair, by_month) -> Sentence:
    month = localdate(repair.review.created_at).replace(day=1)
    theme = theme_of(repair.review.tags)
    rows = merged(ThemeCount(name, n, 0) for name, n in by_month[month].items())
    apart = {row.theme: row.n for row in rows}
    shown = theme if theme in apart else OTHER
    solved = repair.answer == Repair.Answer.SOLVED
    if apart[shown] < FEW:
        return Sentence(OTHER, None, 0, repair.sentence, solved)
    return Sentence(shown, month, apart[shown], repair.sentence, solved)


def months(zone=None) -> list[MonthCount]:
    """Each month since the first completed case; those with fewer than five reviews with the next ones."""
    cases = Application.objects.filter(completed_at__isnull=False).order_by()
    rows = Review.objects.order_by("pk")
    if zone is not None:
        cases, rows = cases.filter(zone=zone), rows.filter(zone=zone)
    sums: dict[date, Counter[str]] = defaultdict(Counter)
    completed = cases.annotate(month=TruncMonth("completed_at")).values("month")
    for month, n in completed.annotate(n=Count("pk")).values_list("month", "n"):
        sums[month.date()]["cases"] += n
    _add_reviews(sums, rows)
    named = [(f"{month:%Y-%m}", sums[month]) for month in sorted(sums)]
    return months_merged([MonthCount(name, name, **counts) for name, counts in named])


def _add_reviews(sums: dict[date, Counter[str]], rows) -> None:
    seen = set()
    for at, level, case, contacted_at, state, answer in rows.values_list(*COLUMNS):
        month, bad = sums[localdate(at).replace(day=1)], level in BAD_LEVELS
        month["n"] += 1
        month["bad" if bad else "good"] += 1
        month["contacted"] += bad and contacted_at is not None
        month["repaired"] += bad and state == Repair.State.CLOSED
        month["solved"] += answer == Repair.Answer.SOLVED
        month["answered"] += case is not None and case not in seen
        seen.add(case)
