"""Published versions: stored once, never altered, kept in memory by part and number."""

import json
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from django.db import transaction

from kernel.core.certain import certain
from kernel.core.process_cache import cached_for
from kernel.standards.models import StandardsVersion
from kernel.standards.parts import COMMON, parts
from kernel.standards.records import StandardSet, Version, in_order, read_items

FRESH_SECONDS = 10  # how long a process may not know of a version that was just published

_versions: dict[tuple[str, int], Version] = {}
_sets: dict[tuple[tuple[str, int], ...], StandardSet] = {}


class NotPublished(LookupError):
    """No such version of the standards, or none in force."""


class Shipped(NamedTuple):
    """A version that comes with the product."""

    part: str
    number: int
    effective_from: date
    items: list[dict]


def named(numbers: Mapping[str, int]) -> StandardSet:
    """The set that a case names, as part → number. Raises NotPublished for a version that doesn't exist."""
    key = tuple((part, numbers[part]) for part in in_order(numbers))
    if key not in _sets:
        if not set(key) <= set(_versions):
            _read_all.refresh()
        for part, number in key:
            if (part, number) not in _versions:
                raise NotPublished(f"Version {number} of the standards '{part}' does not exist.")
        _sets[key] = StandardSet(tuple(_versions[part_and_number] for part_and_number in key))
    return _sets[key]


def published(part: str | None = None) -> list[Version]:
    """All published versions, or those of one part, part by part, the latest first; one published elsewhere shows
    after FRESH_SECONDS."""
    versions = _read_all()
    order = in_order({version.part for version in versions})
    return [
        version
        for name in order
        if part in (None, name)
        for version in versions
        if version.part == name
    ]


def current(day: date, departments: Collection[str] = ()) -> StandardSet:
    """The latest version of each part in force on `day`, of the departments with these codes (none: of all).

    Raises NotPublished when a part has none at all, or the kernel's none yet; a department whose first one begins later
    is not asked for anything till then."""
    versions = published()
    in_force: dict[str, int] = {}
    for version in versions:
        asked = version.part == COMMON or not departments or version.part in departments
        if asked and version.part in parts() and certain(version.effective_from) <= day:
            in_force.setdefault(version.part, version.number)
    if COMMON not in in_force or set(parts()) - {version.part for version in versions}:
        raise NotPublished(
            f"No standards are in force on {day}. Load them with: manage.py load_reference"
        )
    return named(in_force)


def of_row(row: StandardsVersion) -> Version:
    """A stored version as it stands, a draft too."""
    key = (row.part, row.number)
    if key in _versions:
        return _versions[key]
    entry = Version(row.part, row.number, row.effective_from, read_items(row.items))
    if row.effective_from:  # a draft may still change
        _versions[key] = entry
    return entry


@transaction.atomic
def load_published() -> list[tuple[str, int]]:
    """Store the versions that come with the product; returns (part, number) of those that are new.

    Loading again does nothing. Where a version of a part that was made here is published, those made here stand: what
    the product comes with from then on is `offered` to the operator and comes into force by them alone. Raises
    ValueError when a file differs from the version of the product published under its number: a published version is
    never altered, a change is a new version.
    """
    stored = list(StandardsVersion.objects.select_for_update())
    fresh = [
        (part, number)
        for part in parts()
        for number in _load(part, {row.number: row for row in stored if row.part == part})
    ]
    if fresh:
        forget()
    return fresh


def _load(part: str, rows: dict[int, StandardsVersion]) -> list[int]:
    stands, fresh = any(row.made_here and not row.is_draft for row in rows.values()), []
    for _part, number, effective_from, items in shipped(part):
        row = rows.get(number)
        if stands and (row is None or row.made_here):
            continue
        if row and row.is_draft:
            _make_room(row, rows)
            row = None
        if row is None:
            StandardsVersion.objects.create(
                part=part, number=number, effective_from=effective_from, items=items
            )
            fresh.append(number)
        elif row.items != items or row.effective_from != effective_from:
            raise ValueError(
                f"v{number}.json of '{part}' differs from version {number} as published. Give it a new number."
            )
    return fresh


def _make_room(draft: StandardsVersion, rows: Mapping[int, StandardsVersion]) -> None:
    """A draft comes after every published version, the ones that the product brings now too."""
    draft.number = max(*rows, *(version.number for version in shipped(draft.part))) + 1
    draft.save(update_fields=["number"])


def shipped(part: str) -> list[Shipped]:
    """The versions of a part that come with the product, in their order."""
    paths = parts()[part].folder.glob("v*.json")
    return [_read_file(part, path) for path in sorted(paths, key=lambda file: int(file.stem[1:]))]


def offered() -> dict[str, list[dict]]:
    """Part → the items of the product's newest version, where this installation, having its own, doesn't have it."""
    here = list(StandardsVersion.objects.values_list("part", "number", "made_here", "items"))
    newest = {part: shipped(part)[-1] for part in parts()}
    return {
        part: version.items
        for part, version in newest.items()
        if not any(
            of == part and ((number == version.number and not made_here) or says == version.items)
            for of, number, made_here, says in here
        )
    }


def forget() -> None:
    """Empty this process's memory of the versions."""
    _versions.clear()
    _sets.clear()
    _read_all.forget()


@cached_for(FRESH_SECONDS)
def _read_all() -> tuple[Version, ...]:
    """One query for all parts; the latest version first."""
    rows = StandardsVersion.objects.exclude(effective_from=None).order_by("-number")
    return tuple(of_row(row) for row in rows)


def _read_file(part: str, path: Path) -> Shipped:
    content = json.loads(path.read_text(encoding="utf-8"))
    begins = date.fromisoformat(content["effective_from"])
    read_items(content["standards"])
    return Shipped(part, content["version"], begins, content["standards"])
