"""The daily files: made once a night for each zone, one after the other, and never again."""

import csv
import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from io import StringIO

from django.conf import settings
from django.db import transaction
from django.db.models import Min
from django.utils.timezone import localdate, localtime

from kernel.accounts.models import Zone
from kernel.cases.models import Application
from kernel.core.moment import now
from kernel.papers import certificate_authority
from kernel.papers.certificates import NoCertificate
from portal.figures import reading, signing
from portal.figures.models import DailyFile, FigureRow
from portal.figures.rows import MEASURED, Row, periods_of, published, unnamed

SETTLES = timedelta(minutes=10)  # after midnight: what was still being written then is in the file
LOOKED_BACK = 31  # days: what has changed since it was published, or was written down late
BATCH = 31  # files that one task makes, so that it never takes long
Entry = tuple[FigureRow | None, Row]  # the row as it is told; what is still overdue is kept nowhere
COLUMNS = ("row", "corrects", "kind", "name", "type", "day", "month", "week", "hours", *MEASURED)


def make_due() -> int:
    """Each zone's files up to yesterday's, a month of them at most; returns how many. Raises NoCertificate, after all
    zones had their turn, where one has no key."""
    made, failed, last = 0, None, localtime(now() - SETTLES).date() - timedelta(days=1)
    for zone in Zone.objects.order_by("pk"):
        try:
            for day in _due(zone, last):
                make(zone, day, looked_back=LOOKED_BACK if day == last else 0)
                made += 1
        except NoCertificate as error:
            failed = error
    if failed:
        raise failed
    return made


def _due(zone: Zone, last: date) -> list[date]:
    """The days without a file, from the first on which anything was filed."""
    newest = zone.daily_files.order_by("-number").values_list("day", flat=True).first()
    if newest:
        begin = newest + timedelta(days=1)
    else:
        at = Application.objects.filter(zone=zone).aggregate(first=Min("submitted_at"))["first"]
        if at is None:
            return []
        begin = localdate(at)
    days = min((last - begin).days + 1, BATCH)
    return [begin + timedelta(days=place) for place in range(days)]


@transaction.atomic
def make(zone: Zone, day: date, looked_back: int = 0) -> DailyFile:
    """The file of a day, with what waited for it and what has changed in so many days before it. Whoever makes the same
    one at the same time waits, and then meets the constraint. Raises NoCertificate."""
    files = zone.daily_files.select_for_update().defer("content")
    before = files.order_by("-number").first()
    changed = _found(zone, day - timedelta(days=looked_back), day)
    waiting = list(FigureRow.objects.filter(zone=zone, file=None, revision=0).order_by("pk"))
    told = published([Row.read(entry.row) for entry in waiting], day)
    entries: list[Entry] = [(entry, row) for entry, row in zip(waiting, told, strict=True) if row]
    entries += [(entry, Row.read(entry.row)) for entry in changed]
    entries += [(None, row) for row in unnamed(reading.still_overdue(zone, day))]
    entries.sort(key=lambda pair: _cells(pair[1]))  # the order in which things happened isn't told
    file = DailyFile(
        zone=zone,
        number=before.number + 1 if before else 1,
        day=day,
        rows=len(entries),
        previous=signing.digest(before) if before else "",
        made_at=now(),
    )
    file.content = _as_csv(_lines(file.number, entries))
    file.csv_sha256, file.json_sha256 = _sha256(file.content), _sha256(as_json(file))
    if settings.DEMO:
        certificate_authority.make_for_demo(zone.code, zone.authority_name)
    signing.sign(file)
    file.save(force_insert=True)
    _keep_places(file, entries)
    return file


def _lines(number: int, entries: Sequence[Entry]) -> list[list[str]]:
    corrected = _places_before(entries)
    return [
        [f"{number}.{place}", corrected.get(entry.pk, "") if entry else "", *_cells(row)]
        for place, (entry, row) in enumerate(entries, start=1)
    ]


def _keep_places(file: DailyFile, entries: Sequence[Entry]) -> None:
    stored = []
    for place, (entry, row) in enumerate(entries, start=1):
        if entry:
            entry.file, entry.place, entry.row = file, place, row.stored()
            stored.append(entry)
    FigureRow.objects.bulk_update(stored, ["file", "place", "row"], batch_size=500)


def _found(zone: Zone, first: date, day: date) -> list[FigureRow]:
    """Write down what happened from the first day to the end of the day and isn't known yet; returns new revisions of
    what was published and is no longer so. They keep the day, type and hours under which they were told."""
    rows = dict(reading.happened(zone, first, day))
    known: dict[str, FigureRow] = {}
    for entry in FigureRow.objects.filter(zone=zone, source__in=rows).order_by("revision"):
        known[entry.source] = entry
    new, changed, updated = [], [], []
    for source, row in rows.items():
        entry = known.get(source)
        if entry is None:
            new.append(FigureRow(zone=zone, source=source, row=row.stored()))
        elif (present := Row.read(entry.row)).values != row.values:
            told = present.measured_as(row).stored()
            if entry.file_id:
                changed.append(
                    FigureRow(zone=zone, source=source, revision=entry.revision + 1, row=told)
                )
            else:
                entry.row = told
                updated.append(entry)
    FigureRow.objects.bulk_create([*new, *changed], batch_size=500)
    FigureRow.objects.bulk_update(updated, ["row"], batch_size=500)
    return changed


def _places_before(entries: Iterable[Entry]) -> dict[int, str]:
    """Key of a later revision → the published row that it corrects."""
    later = {entry.source: entry for entry, _row in entries if entry and entry.revision}
    if not later:
        return {}
    zone = next(iter(later.values())).zone
    earlier = FigureRow.objects.filter(zone=zone, source__in=later, file__isnull=False)
    places = earlier.order_by("revision").values_list("source", "file__number", "place")
    return {later[source].pk: f"{number}.{place}" for source, number, place in places}


def _cells(row: Row) -> list[str]:
    """As they stand in the file from `kind` on."""
    named = [
        row.kind,
        row.name,
        row.company_type,
        row.day.isoformat(),
        *periods_of(row.day),
        row.hours,
    ]
    return [*named, *("" if number is None else str(number) for number in row.values)]


def _as_csv(lines: Sequence[Sequence[str]]) -> str:
    target = StringIO()
    csv.writer(target, lineterminator="\n").writerows([COLUMNS, *lines])
    return target.getvalue()


def as_json(file: DailyFile) -> str:
    """The same rows as the CSV."""
    rows = list(csv.DictReader(StringIO(file.content)))
    head = {"zone": file.zone.code, "number": file.number, "day": file.day.isoformat()}
    return json.dumps({**head, "rows": rows}, ensure_ascii=False, indent=0) + "\n"


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
