"""Published versions: stored once, never altered, kept in memory by number."""

import json
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from django.db import transaction

from kernel.standards.models import StandardSet
from kernel.standards.records import Version, read_items

DATA = Path(__file__).parent / "data"
FRESH_SECONDS = 10  # how long a process may not know of a version that was just published

_versions: dict[int, Version] = {}
_listed: tuple[float, tuple[Version, ...]] = (0.0, ())


class NotPublished(LookupError):
    """No such version of the standards, or none in force."""


def version(number: int) -> Version:
    """Raises NotPublished for a number that doesn't exist."""
    if number not in _versions:
        row = StandardSet.objects.filter(version=number).first()
        if row is None:
            raise NotPublished(f"Version {number} of the standards does not exist.")
        return _read(row)
    return _versions[number]


def published() -> list[Version]:
    """All published versions, the latest first; one published elsewhere shows after FRESH_SECONDS."""
    global _listed
    until, versions = _listed
    if not versions or time.monotonic() > until:
        rows = StandardSet.objects.exclude(effective_from=None).order_by("-version")
        versions = tuple(_read(row) for row in rows)
        _listed = (time.monotonic() + FRESH_SECONDS, versions)
    return list(versions)


def of_row(row: StandardSet) -> Version:
    """A stored version as it stands, a draft too."""
    return _read(row)


def current(day: date) -> Version:
    """The latest version in force on `day`. Raises NotPublished when there is none."""
    for entry in published():
        if entry.effective_from <= day:
            return entry
    raise NotPublished(
        f"No standards are in force on {day}. Load them with: manage.py load_reference"
    )


@transaction.atomic
def load_published() -> list[int]:
    """Store the versions that come with the product (data/v*.json); returns the numbers that are new.

    Loading again does nothing. Where a version that was made here is published, those made here stand: what the product
    comes with from then on is `offered` to the administrators and comes into force by them alone. Raises ValueError
    when a file differs from the version of the product published under its number: a published version is never
    altered, a change is a new version.
    """
    rows, fresh = {row.version: row for row in StandardSet.objects.select_for_update()}, []
    stands = any(row.made_here and not row.is_draft for row in rows.values())
    for number, effective_from, items in shipped():
        row = rows.get(number)
        if stands and (row is None or row.made_here):
            continue
        if row and row.is_draft:
            _make_room(row, rows)
            row = None
        if row is None:
            StandardSet.objects.create(version=number, effective_from=effective_from, items=items)
            fresh.append(number)
        elif row.items != items or row.effective_from != effective_from:
            raise ValueError(
                f"v{number}.json differs from version {number} as published. Give it a new number."
            )
    if fresh:
        forget()
    return fresh


def _make_room(draft: StandardSet, rows: Mapping[int, StandardSet]) -> None:
    """A draft comes after every published version, the ones that the product brings now too."""
    draft.version = max(*rows, *(number for number, _from, _items in shipped())) + 1
    draft.save(update_fields=["version"])


def shipped() -> list[tuple[int, date, list[dict]]]:
    """The versions that come with the product, in their order: number, in force from, items."""
    return [
        _read_file(path)
        for path in sorted(DATA.glob("v*.json"), key=lambda file: int(file.stem[1:]))
    ]


def offered() -> list[dict] | None:
    """The items of the product's newest version where this installation, having its own, doesn't have it."""
    *_earlier, (number, _from, items) = shipped()
    here = StandardSet.objects.values_list("version", "made_here", "items")
    is_here = any(
        (stored == number and not made_here) or says == items for stored, made_here, says in here
    )
    return None if is_here else items


def forget() -> None:
    """Empty this process's memory of the versions."""
    global _listed
    _versions.clear()
    _listed = (0.0, ())


def _read(row: StandardSet) -> Version:
    if row.version in _versions:
        return _versions[row.version]
    entry = Version(row.version, row.effective_from, read_items(row.items))
    if row.effective_from:  # a draft may still change
        _versions[row.version] = entry
    return entry


def _read_file(path: Path) -> tuple[int, date, list[dict]]:
    content = json.loads(path.read_text(encoding="utf-8"))
    read_items(content["standards"])
    return content["version"], date.fromisoformat(content["effective_from"]), content["standards"]
