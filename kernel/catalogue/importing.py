"""Taking the complete table of GB/T 4754 into the catalogue, from a CSV file.

Columns: `code` (a letter; or 2 to 4 digits, with or without their letter in front), `name_zh`, and, where wanted,
`parent` (a division's letter), `name_en` and `also` (everyday words, separated by semicolons). Rows may come in any
order. What is imported lies beside the uploads, shared by all processes, and stands over what comes with the product;
processes read it when they start.
"""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import TextIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from kernel.catalogue.classification import IMPORTED, Industry, imported, industries
from kernel.catalogue.spelling import CHINESE

COLUMNS = ("code", "name_zh")
_CODE = re.compile(r"([A-T])?(\d{2,4})?")


@dataclass
class Outcome:
    """What an import did; `refused` are (line of the file, why)."""

    new: int = 0
    changed: int = 0
    same: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)

    def count(self, before: Industry | None, entry: Industry) -> None:
        self.new += before is None
        self.same += before == entry
        self.changed += before is not None and before != entry


class Refused(Exception):
    """A row that isn't taken; the message says why."""


def import_industries(file: TextIO) -> Outcome:
    """Take in every row that can be; importing the same file again changes nothing. Raises ValueError for a file that
    can't be read as the table."""
    rows = sorted(
        _rows(file), key=lambda row: len(row[1]["digits"])
    )  # parents before their children
    known = {entry.code: entry for entry in industries()}
    outcome = Outcome()
    taken: dict[str, Industry] = {}
    line_of: dict[str, int] = {}
    for line, row in rows:
        try:
            entry = _read(row, known)
            if entry.code in line_of:
                raise Refused(f"{entry.code} stands in line {line_of[entry.code]} already")
        except Refused as refused:
            outcome.refused.append((line, str(refused)))
            continue
        line_of[entry.code] = line
        for industry in _with_group(entry, known):
            outcome.count(known.get(industry.code), industry)
            known[industry.code] = taken[industry.code] = industry
    outcome.refused.sort()
    if outcome.new or outcome.changed:
        _keep(taken)
    return outcome


def _rows(file: TextIO) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows with the line that each ends in; `letter` and `digits` are its code taken apart."""
    reader = csv.DictReader(file)
    try:
        reader.fieldnames = [(name or "").strip().lower() for name in reader.fieldnames or ()]
        if not set(COLUMNS) <= set(reader.fieldnames):
            raise ValueError(
                f"The first row has to name the columns {' and '.join(COLUMNS)}, separated by commas."
            )
        for raw in reader:
            row = {
                name: (value or "").strip()
                for name, value in raw.items()
                if isinstance(value, str | None)
            }
            if not any(row.values()):
                continue
            code = row["code"].upper()
            if re.fullmatch(r"\d", code):
                lost = f"Line {reader.line_num}: the code “{code}” has lost its leading zero, as spreadsheets do"
                raise ValueError(f"{lost}; make the column a text and save the file again.")
            match = _CODE.fullmatch(code)
            letter, digits = (match[1] or "", match[2] or "") if match else ("", "")
            yield reader.line_num, {**row, "letter": letter, "digits": digits}
    except csv.Error as error:
        raise ValueError(f"Line {reader.line_num + 1}: {error}.") from error


def _read(row: Mapping[str, str], known: Mapping[str, Industry]) -> Industry:
    """The row's entry; what the row leaves out stays as it was. Raises Refused."""
    letter, digits, name = row["letter"], row["digits"], row["name_zh"]
    code = digits or letter
    if not code:
        raise Refused(f"“{row['code']}” is not a letter, or 2 to 4 digits")
    if not CHINESE.search(name):
        raise Refused(
            f"{row['code']}: “{name}” is not a Chinese name"
            if name
            else f"{row['code']} has no name"
        )
    before = known.get(code)
    name_en = before.name_en if before and before.name_zh == name else ""
    return Industry(
        code,
        _parent(row, known),
        name,
        name_en=row.get("name_en") or name_en,
        also=_words(row.get("also", "")) or (before.also if before else ()),
        common=before.common if before else False,
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(";") if word.strip())


def _parent(row: Mapping[str, str], known: Mapping[str, Industry]) -> str:
    """What lies right above. Raises Refused where that isn't in the table, or the row says that it is another."""
    letter, digits, parent = row["letter"], row["digits"], row.get("parent", "").upper()
    if not digits:
        return ""
    if len(digits) == 2:
        before = known.get(digits)
        above = letter or parent or (before.parent if before else "")
    else:
        # a class that ends with 0 is the whole of its group, which tables often leave out
        above = digits[:2] if digits.endswith("0") else digits[:-1]
    if above not in known:
        raise Refused(f"{row['code']}: {above or 'its section'} is not in the table")
    if len(digits) == 2:
        return above
    section = known[digits[:2]].parent
    if letter not in ("", section) or not digits.startswith(parent.removeprefix(section)):
        raise Refused(
            f"{row['code']}: {digits} belongs to {above} in section {section}, not to {parent or letter}"
        )
    return digits[:-1]


def _with_group(entry: Industry, known: Mapping[str, Industry]) -> tuple[Industry, ...]:
    """The entry, after the group that the table left out because the class is the whole of it."""
    if len(entry.code) < 4 or entry.parent in known:
        return (entry,)
    group = Industry(entry.parent, entry.parent[:-1], entry.name_zh, entry.name_en, common=False)
    return group, entry


def _keep(taken: Mapping[str, Industry]) -> None:
    """Write the whole of what was ever imported, in place of the file before."""
    rows = {row["code"]: row for row in imported()} | {
        code: asdict(entry) for code, entry in taken.items()
    }
    text = json.dumps({"industries": list(rows.values())}, ensure_ascii=False)
    new_file = default_storage.save(IMPORTED + ".new", ContentFile(text.encode()))
    default_storage.delete(IMPORTED)
    with default_storage.open(new_file) as content:
        default_storage.save(IMPORTED, content)
    default_storage.delete(new_file)
    industries.forget()
