"""Taking the complete table of GB/T 4754 into the catalogue, from a CSV file.

Columns: `code` (a letter; or 2 to 4 digits, with or without their letter in front), `name_zh`, and, where wanted,
`parent` (a division's letter), `name_en` and `also` (everyday words, separated by semicolons). What is imported lies
beside the uploads, shared by all processes, and stands over what comes with the product; processes read it when they
start.
"""

import csv
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TextIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from registration.catalogue.classification import IMPORTED, Industry, imported, industries

COLUMNS = ("code", "name_zh")
_CODE = re.compile(r"([A-T])?(\d{2,4})?")


@dataclass
class Outcome:
    """What an import did; `refused` are (row of the file, why)."""

    fresh: int = 0
    changed: int = 0
    same: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


def import_industries(file: TextIO) -> Outcome:
    """Take in every row that can be; importing the same file again changes nothing. Raises ValueError for a file
    without the columns."""
    reader = csv.DictReader(file)
    if not set(COLUMNS) <= set(reader.fieldnames or ()):
        raise ValueError(f"The first row has to name the columns {' and '.join(COLUMNS)}.")
    rows = sorted(enumerate(reader, start=2), key=lambda row: len(_digits(row[1])))  # parents before their children
    known = {entry.code: entry for entry in industries()}
    outcome, taken, seen = Outcome(), {}, {}
    for place, row in rows:
        entry = _read(row, known)
        if isinstance(entry, str):
            outcome.refused.append((place, entry))
        elif entry.code in seen:
            outcome.refused.append((place, f"{entry.code} stands in row {seen[entry.code]} already"))
        else:
            seen[entry.code] = place
            _count(outcome, known.get(entry.code), entry)
            known[entry.code] = taken[entry.code] = entry
    outcome.refused.sort()
    if outcome.fresh or outcome.changed:
        _keep(taken)
    return outcome


def _digits(row: Mapping[str, str]) -> str:
    return (row.get("code") or "").strip().upper().lstrip("ABCDEFGHIJKLMNOPQRST")


def _read(row: Mapping[str, str], known: Mapping[str, Industry]) -> Industry | str:
    """The row's entry, or why it is refused. What the row leaves out stays as it was."""
    text = {name: (value or "").strip() for name, value in row.items() if isinstance(value, str | None)}
    found = _CODE.fullmatch(text["code"].upper())
    if not found or not any(found.groups()):
        return f"“{text['code']}” is not a letter, or 2 to 4 digits"
    letter, digits = found[1] or "", found[2] or ""
    if not text["name_zh"]:
        return f"{text['code']} has no name"
    code, before = digits or letter, known.get(digits or letter)
    parent = _parent(letter, digits, text.get("parent", "").upper(), before)
    if digits and parent not in known:
        return f"{text['code']}: {parent or 'its section'} is not in the table"
    also = tuple(word.strip() for word in text.get("also", "").split(";") if word.strip())
    same_name = before is not None and before.name_zh == text["name_zh"]
    english = text.get("name_en") or (before.name_en if same_name else text["name_zh"])
    return Industry(code, parent, text["name_zh"], english, also or (before.also if before else ()),
                    before.common if before else False)  # fmt: skip


def _parent(letter: str, digits: str, said: str, before: Industry | None) -> str:
    if len(digits) > 2:
        return digits[:-1]
    if not digits:
        return ""
    return letter or said or (before.parent if before else "")


def _count(outcome: Outcome, before: Industry | None, entry: Industry) -> None:
    if before is None:
        outcome.fresh += 1
    elif before == entry:
        outcome.same += 1
    else:
        outcome.changed += 1


def _keep(taken: Mapping[str, Industry]) -> None:
    """Write the whole of what was ever imported, in place of the file before."""
    rows = {row["code"]: row for row in imported()} | {
        code: {"code": code, "parent": entry.parent, "name_zh": entry.name_zh, "name_en": entry.name_en,
               "also": list(entry.also), "common": entry.common}
        for code, entry in taken.items()
    }  # fmt: skip
    text = json.dumps({"industries": list(rows.values())}, ensure_ascii=False)
    fresh = default_storage.save(IMPORTED + ".new", ContentFile(text.encode()))
    default_storage.delete(IMPORTED)
    with default_storage.open(fresh) as stored:
        default_storage.save(IMPORTED, stored)
    default_storage.delete(fresh)
    industries.forget()
