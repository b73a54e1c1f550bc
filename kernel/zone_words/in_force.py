"""What a zone says at a place at a moment. Words that can't be used stop nothing: the product's own are used then."""

import logging
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from kernel.core.process_cache import cached_for
from kernel.zone_words.filling import Faulty, filled
from kernel.zone_words.models import ZoneWords

log = logging.getLogger(__name__)
FRESH_SECONDS = 20  # how long a process may not know of words that were agreed to elsewhere
# From when on words are in force once they are agreed to: every process knows them by then, so that what is told at one
# moment never reads in two ways.
AHEAD = timedelta(minutes=1)
Versions = Mapping[str, tuple[ZoneWords, ...]]


@cached_for(FRESH_SECONDS, empty=True)
def versions(zone: int) -> Versions:
    """All versions of a zone (its primary key) that are in force or were, by place, the newest first."""
    rows: dict[str, list[ZoneWords]] = defaultdict(list)
    for row in ZoneWords.objects.filter(zone=zone, in_force_from__isnull=False):
        rows[row.place].append(row)
    return {place: tuple(found) for place, found in rows.items()}


def version(zone: int | None, place: str, at: datetime) -> ZoneWords | None:
    """The version that was in force then; None while the zone had none."""
    if zone is None:
        return None
    known = versions(zone).get(place, ())
    return next((row for row in known if row.in_force_from and row.in_force_from <= at), None)


def said(
    zone: int | None,
    place: str,
    at: datetime,
    values: Mapping[str, object],
    has_title: bool = True,
) -> tuple[str, str] | None:
    """Title and body in the zone's words of that moment and in the active language. None where the product's words are
    to be used: the zone has none there, or they can't be filled in, which is logged and stands on the place's page."""
    row = version(zone, place, at)
    if row is None or row.says != ZoneWords.Says.OWN:
        return None
    try:
        return filled(row, values, has_title)
    except Faulty as fault:
        log.error(
            "The words of zone %s at %s, version %s, can't be used (%s); the product's are used.",
            zone,
            place,
            row.number,
            fault,
        )
        return None
