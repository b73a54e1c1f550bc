"""The sentences that are published of what was changed. Nothing of them says who wrote (`reviews.merging`,
`reviews.public_sentence`)."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localdate

from reviews.merging import ThemeCount, merged
from reviews.models import BAD_LEVELS, Repair, Review
from reviews.public_sentence import FEW
from reviews.themes import OTHER, theme_of

SHOWN = 30  # sentences


@dataclass(frozen=True)
class Sentence:
    """What became public of a repair. `theme` and `month` are those of the merged counts, "other" and None where too
    few were of its kind then."""

    theme: str
    month: date | None
    done: str
    solved: bool


def _bad(zone):
    rows = Review.objects.filter(level__in=BAD_LEVELS).order_by()
    return rows if zone is None else rows.filter(zone=zone)


def sentences(zone=None) -> list[Sentence]:
    """The last published ones, the latest first. A month and theme with fewer than five bad reviews aren't said."""
    published = Repair.objects.filter(published_at__isnull=False).order_by("-published_at", "-pk")
    if zone is not None:
        published = published.filter(follow_up__review__zone=zone)
    shown = list(published.select_related("follow_up__review")[:SHOWN])
    by_month = _themes_by_month(zone) if shown else {}
    return [_sentence(repair, by_month) for repair in shown]


def _themes_by_month(zone) -> dict[date, Counter[str]]:
    counts: dict[date, Counter[str]] = defaultdict(Counter)
    for at, tags in _bad(zone).values_list("created_at", "tags"):
        counts[localdate(at).replace(day=1)][theme_of(tags)] += 1
    return counts


def _sentence(repair: Repair, by_month) -> Sentence:
    month = localdate(repair.review.created_at).replace(day=1)
    theme = theme_of(repair.review.tags)
    rows = merged(ThemeCount(name, n, n) for name, n in by_month[month].items())
    apart = {row.theme: row.n for row in rows}
    shown = theme if theme in apart else OTHER
    solved = repair.answer == Repair.Answer.SOLVED
    if apart[shown] < FEW:
        return Sentence(OTHER, None, repair.sentence, solved)
    return Sentence(shown, month, repair.sentence, solved)
