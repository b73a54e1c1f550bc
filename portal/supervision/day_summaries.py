"""Summaries of closed days (docs/decisions/summaries.md).

Figures are the sum of the summarised days and of what is read from the cases for the others, today at least. So they
are right whether or not any worker has run.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Min
from django.utils.timezone import localdate

from kernel.accounts.models import Zone
from kernel.cases.models import Application
from kernel.core.moment import now
from kernel.form import flow
from portal.supervision.models import DaySummary, FoldedDay
from portal.supervision.tally import Key, Tally, count

CLOSED_AFTER = timedelta(
    minutes=10
)  # after midnight: many times the longest move that may be under way then
BATCH = 31  # days folded by one task, so that it never takes long


def read(zone, first: date, last: date, at: datetime) -> dict[Key, Tally]:
    """What the days from `first` to `last` add up to, by day, company type and subject; a constant number of
    queries."""
    days = {first + timedelta(days=place) for place in range((last - first).days + 1)}
    days = {day for day in days if day <= localdate(at)}
    marks = FoldedDay.objects.filter(zone=zone, day__gte=first, day__lte=last, stale=False)
    folded = set(marks.values_list("day", flat=True)) & days
    return {**kept(zone, folded), **count(zone, days - folded)}


def kept(zone, days: Iterable[date]) -> dict[Key, Tally]:
    """The stored summaries of these days."""
    if not days:
        return {}
    rows = DaySummary.objects.filter(zone=zone, day__gte=min(days), day__lte=max(days))
    columns = rows.values_list("day", "company_type", "subject", "n", "hits", "total", "buckets")
    summaries = {}
    for day, kind, subject, n, hits, total, buckets in columns:
        if day in days:
            summaries[day, kind, subject] = tally = Tally(n, hits, total)
            tally.buckets.update(buckets)
    return summaries


def forget(zone_id: int, day: date) -> None:
    """The day's cases changed after all. Runs in the transaction of the change, one statement.

    A worker that is folding the day holds its row, so this waits and marks what it wrote; one that begins later finds
    the row taken and waits for the change.
    """
    FoldedDay.objects.bulk_create(
        [FoldedDay(zone_id=zone_id, day=day, stale=True)],
        update_conflicts=True,
        unique_fields=["zone", "day"],
        update_fields=["stale"],
    )


def due(zone, at: datetime, limit: int = BATCH) -> list[date]:
    """The closed days that have no fresh summary yet, the latest first."""
    first = (
        Application.objects.filter(zone=zone)
        .exclude(state=flow.DRAFT)
        .aggregate(at=Min("submitted_at"))["at"]
    )
    if first is None:
        return []
    last, begin = localdate(at - CLOSED_AFTER) - timedelta(days=1), localdate(first)
    fresh = set(FoldedDay.objects.filter(zone=zone, stale=False).values_list("day", flat=True))
    days = (last - timedelta(days=place) for place in range((last - begin).days + 1))
    return [day for day in days if day not in fresh][:limit]


def fold(zone, day: date) -> None:
    """Summarise a day from its cases, whatever was there before; two workers at once do it one after the other."""
    FoldedDay.objects.get_or_create(zone=zone, day=day)  # committed before the lock: see `forget`
    with transaction.atomic():
        mark = FoldedDay.objects.select_for_update().get(zone=zone, day=day)
        write(zone, day, count(zone, [day]))
        mark.stale, mark.folded_at = False, now()
        mark.save(update_fields=["stale", "folded_at"])


def write(zone, day: date, tallies: dict[Key, Tally]) -> None:
    DaySummary.objects.filter(zone=zone, day=day).delete()
    DaySummary.objects.bulk_create(
        DaySummary(zone=zone, day=day, company_type=kind, subject=subject, **_columns(tally))
        for (_day, kind, subject), tally in sorted(tallies.items())
    )


def _columns(tally: Tally) -> dict:
    return {
        "n": tally.n,
        "hits": tally.hits,
        "total": tally.total,
        "buckets": dict(sorted(tally.buckets.items())),
    }


def fold_due(at: datetime, limit: int = BATCH) -> int:
    """Summarise what is due in every zone; returns the number of days."""
    folded = 0
    for zone in Zone.objects.all():
        for day in due(zone, at, limit - folded):
            fold(zone, day)
            folded += 1
    return folded


def differences(zone) -> list[tuple[date, str, str]]:
    """Where the summaries of a zone say something else than its cases; day after day, so that memory stays small."""
    keys = []
    for day in (
        FoldedDay.objects.filter(zone=zone, stale=False)
        .order_by("day")
        .values_list("day", flat=True)
    ):
        stored, counted = kept(zone, {day}), count(zone, [day])
        keys += sorted(
            key for key in stored.keys() | counted.keys() if stored.get(key) != counted.get(key)
        )
    return keys
