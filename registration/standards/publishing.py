"""Published versions: stored once, never altered, kept in memory by number."""

import json
import time
from datetime import date
from pathlib import Path

from registration.models import StandardSet
from registration.standards.records import Version, read_items

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
    raise NotPublished(f"No standards are in force on {day}. Load them with: manage.py load_reference")


def load_published() -> list[int]:
    """Store the versions that come with the product (data/v*.json); returns the numbers that are new.

    Loading again does nothing. Raises ValueError when a file differs from the version already published under its
    number: a published version is never altered, a change is a new version.
    """
    fresh = []
    for path in sorted(DATA.glob("v*.json"), key=lambda file: int(file.stem[1:])):
        number, effective_from, items = _read_file(path)
        row, is_new = StandardSet.objects.get_or_create(
            version=number, defaults={"effective_from": effective_from, "items": items}
        )
        if not is_new and (row.items != items or row.effective_from != effective_from):
            raise ValueError(f"{path.name} differs from version {number} as published. Give the change a new number.")
        if is_new:
            fresh.append(number)
    if fresh:
        forget()
    return fresh


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
