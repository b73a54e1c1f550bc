"""The figures of a zone as they were last published: of its daily files, which a new day's file alone changes."""

import re
from collections import Counter
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.db.models import Max, OuterRef, Subquery
from django.utils.timezone import localdate

from kernel.accounts.models import Zone
from kernel.core.moment import now
from kernel.core.process_cache import FOREVER, cached_for
from kernel.form import flow
from portal.figures import reckoning
from portal.figures.board import Numbers
from portal.figures.models import DailyFile
from portal.figures.reckoning import Key
from portal.figures.rows import CASE, OVERDUE, REPAIR, REVIEW, SERVICE, STAGE, THEME
from portal.supervision.tally import COMPLETED
from reviews.published import Counted, Published, ThemeCounted

KEPT_SECONDS = 24 * 60 * 60


@dataclass(frozen=True)
class Recent:
    """Of the last thirty days that have a file, up to the end of `until`; None and 0 before the first file.

    `n` cases were completed, `on_time` of them, half within `median` and nine in ten within `p90` working minutes.
    `overdue` clocks were over their limit when `until` ended. `services` ended, `given` of them were given, to `missed`
    nobody came. Shares are 0 to 1, or None without anything to divide."""

    until: date | None
    n: int
    on_time: int
    median: int | None
    p90: int | None
    overdue: int
    reviews: int
    good_share: float | None
    response_rate: float | None
    services: int = 0
    given: int = 0
    missed: int = 0

    @property
    def share(self) -> float | None:
        return self.on_time / self.n if self.n else None


def published(zone: Zone) -> str:
    """The zone's figures.csv, reckoned once for each new file."""
    head = zone.daily_files.order_by("-number").values_list("signature", flat=True).first() or ""
    return _kept(f"figures-{zone.pk}-{head[:32]}", lambda: _published(zone))


def _published(zone: Zone) -> str:
    told = zone.daily_files.order_by("number").values_list("day", "content")
    contents = ((day.isoformat(), content) for day, content in told.iterator())
    return reckoning.as_csv(reckoning.figures(contents))


def _kept(key: str, reckon: Callable):
    kept = cache.get(key)
    if kept is None:
        kept = reckon()
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def recent(zone: Zone | None) -> Recent:
    """Of a zone, or of none that there is."""
    newest = zone.daily_files.order_by("-number").only("day", "signature").first() if zone else None
    if zone is None or newest is None:
        return Recent(None, **_recent({}))
    key = f"recent-{zone.pk}-{newest.signature[:32]}"
    return Recent(newest.day, **_kept(key, lambda: _recent(reckoning.read(published(zone)))))


def _recent(figures: Mapping[Key, int]) -> dict:
    """What `Recent` has, as the cache keeps it."""
    numbers = Numbers(
        {
            (kind, name, figure): value
            for (period, kind, name, figure), value in figures.items()
            if period == reckoning.RECENT
        }
    )
    n, reviews = numbers.get(STAGE, flow.TOTAL), numbers.sum(REVIEW)
    completed = numbers.get(CASE, COMPLETED)
    return {
        "n": n,
        "on_time": n - numbers.get(STAGE, flow.TOTAL, "late"),
        "median": numbers.get(STAGE, flow.TOTAL, "p50") if n else None,
        "p90": numbers.get(STAGE, flow.TOTAL, "p90") if n else None,
        "overdue": numbers.sum(OVERDUE),
        "reviews": reviews,
        "good_share": (reviews - numbers.sum(REVIEW, "bad")) / reviews if reviews else None,
        "response_rate": numbers.sum(REVIEW, "first") / completed if completed else None,
        "services": numbers.sum(SERVICE),
        "given": numbers.sum(SERVICE, "done"),
        "missed": numbers.sum(SERVICE, "missed"),
    }


def reviews() -> Published:
    """What all zones' files say of reviews, added up: reckoned once for each new file and year."""
    newest = DailyFile.objects.filter(zone=OuterRef("pk")).order_by("-number")
    heads = Zone.objects.annotate(head=Subquery(newest.values("signature")[:1])).order_by("pk")
    return _reviews(tuple(heads.values_list("pk", "head")), f"{localdate(now()):%Y}-")


@cached_for(FOREVER, most=2)
def _reviews(_heads: tuple, year: str) -> Published:
    figures: Counter[Key] = Counter()
    for zone in Zone.objects.order_by("pk"):
        figures.update(reckoning.read(published(zone)))
    days = DailyFile.objects.aggregate(until=Max("day"))
    months = {period for period, *_rest in figures if MONTH.fullmatch(period)}
    this_year = _of(figures, {month for month in months if month.startswith(year)})
    return Published(
        until=days["until"],
        recent=_counted(_of(figures, {reckoning.RECENT})),
        ever=_counted(_of(figures, months)),
        themes=sorted(
            (
                ThemeCounted(theme, this_year.get(THEME, theme), this_year.get(REPAIR, theme))
                for theme in this_year.names(THEME)
            ),
            key=lambda row: (-row.n, row.theme),
        ),
    )


MONTH = re.compile(r"\d{4}-\d{2}")


def _of(figures: Mapping[Key, int], periods: Container[str]) -> Numbers:
    """Of several periods together: sums alone mean something there."""
    sums: Counter[tuple[str, str, str]] = Counter()
    for (period, *name), value in figures.items():
        if period in periods:
            sums[*name] += value
    return Numbers(sums)


def _counted(numbers: Numbers) -> Counted:
    return Counted(
        cases=numbers.get(CASE, COMPLETED),
        answered=numbers.sum(REVIEW, "first"),
        n=numbers.sum(REVIEW),
        bad=numbers.sum(REVIEW, "bad"),
        repaired=numbers.sum(REPAIR),
        solved=numbers.sum(REPAIR, "done"),
    )
