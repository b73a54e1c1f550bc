"""Bringing a registry's export into the register of names: in batches, safe to run again, with a list of refusals.

Columns (Chinese names: `kernel/names/data/register_columns.json`): name; registry (a code), where it isn't given for
the whole file; uscc; state (registered when empty); until, of reserved names; ended_on, of names that are gone;
trade_name and industry_term where the export has them, else the name is taken apart. Others are passed over.
"""

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from itertools import chain

from django.db import transaction
from django.utils.translation import gettext as _

from kernel import names
from kernel.cases import register
from kernel.cases.models import Application, RegisterEntry
from kernel.form.codes import uscc_check
from kernel.form.filing import read_date
from kernel.names.data_files import data

DELIMITERS = ",\t;"
BATCH = 5_000  # rows of one transaction
UNREADABLE = (
    "\ufffd",
    "\0",
)  # what a byte of no character becomes, and what PostgreSQL keeps in no text
_DAY = re.compile(r"\s*(\d{4})\D?(\d\d?)\D?(\d\d?)(?!\d)")
State = RegisterEntry.State


class Unusable(Exception):
    """The file as a whole can't be imported; the message says why."""


class Rejected(Exception):
    """A row that isn't taken; the message says why."""


@dataclass(frozen=True)
class Row:
    """A row that can be taken."""

    registry: str
    name: str
    uscc: str
    state: str
    until: date | None
    ended_on: date | None
    trade_name: str
    industry_term: str

    @property
    def identity(self) -> tuple[str, str, str]:
        return self.registry, self.name, self.uscc


@dataclass
class Tally:
    """Every row counts once; `repeated` are those that a later one of the same name and company stood in for."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    repeated: int = 0
    refused: int = 0


CHANGING = [field.name for field in fields(Row) if field.name not in ("registry", "name", "uscc")]


def read_rows(lines: Iterable[str], registry: str = "") -> Iterator[tuple[int, dict, Row | str]]:
    """(line, as it stood, the row or why it is refused) of each row of a CSV.

    `registry` is that of rows that name none. Raises Unusable for a file without a column of names, and where it is
    no CSV any more.
    """
    lines = iter(lines)
    headings = next(lines, "")
    reader = csv.DictReader(chain([headings], lines), delimiter=max(DELIMITERS, key=headings.count))
    known = _columns(reader.fieldnames or ())
    if "name" not in known:
        raise Unusable(
            _("The file has no column with names of companies. Columns: %(columns)s.")
            % {"columns": ", ".join(reader.fieldnames or ()) or "–"}
        )
    try:
        for raw in reader:
            yield reader.line_num, raw, _judged(raw, known, registry)
    except csv.Error as error:
        where = {"line": reader.line_num, "error": error}
        raise Unusable(
            _("Line %(line)s can't be read, and nothing after it: %(error)s.") % where
        ) from error


def _judged(raw: Mapping, known: Mapping[str, str], registry: str) -> Row | str:
    """The row, or why it is refused."""
    try:
        return _row({key: raw.get(column) for key, column in known.items()}, raw, registry, known)
    except Rejected as rejected:
        return str(rejected)


def _columns(headings: Iterable[str]) -> dict[str, str]:
    """Our name of a column → its heading in this file."""
    meant = {
        alias: key
        for key, aliases in data("register_columns")["columns"].items()
        for alias in aliases
    }
    found: dict[str, str] = {}
    for heading in headings:
        key = meant.get(names.tidy(heading).lower().lstrip("\ufeff"))
        if key:
            found.setdefault(key, heading)
    return found


def _row(
    told: Mapping[str, str | None], raw: Mapping, registry: str, headings: Mapping[str, str]
) -> Row:
    if None in raw or any(sign in str(value) for value in raw.values() for sign in UNREADABLE):
        raise Rejected(_("The row has too many columns, or characters that can't be read."))
    text = {key: names.tidy(value or "") for key, value in told.items()}
    name, state = text["name"], _state(text.get("state", ""))
    if not name:
        raise Rejected(_("The name is missing."))
    if any(_is_too_long(key, text.get(key, "")) for key in ("name", "trade_name", "industry_term")):
        raise Rejected(_("The name is too long."))
    registry = text.get("registry") or registry
    if not registry or _is_too_long("registry", registry):
        raise Rejected(_("The registry is missing or too long."))
    uscc = text.get("uscc", "")
    if uscc:
        verdict = uscc_check(uscc)
        if verdict.blocks:
            raise Rejected(_("The unified social credit code is wrong: %(uscc)s.") % {"uscc": uscc})
        uscc = verdict.value
    trade_name, industry_term = _parts(name, text)
    return Row(
        registry=registry,
        name=name,
        uscc=uscc,
        state=state,
        until=_day(told, "until", headings) if state == State.RESERVED else None,
        ended_on=_day(told, "ended_on", headings) if state in RegisterEntry.GONE else None,
        trade_name=trade_name,
        industry_term=industry_term,
    )


def _parts(name: str, text: Mapping[str, str]) -> tuple[str, str]:
    """Trade name and industry term; of an export without a column of industry terms what follows the trade name."""
    parts, trade_name = names.parse(name), text.get("trade_name")
    if not trade_name:
        return parts.trade_name, parts.industry_term
    return trade_name, text.get(
        "industry_term", name.partition(trade_name)[2].removesuffix(parts.form)
    )


def _is_too_long(column: str, text: str) -> bool:
    return len(text) > RegisterEntry._meta.get_field(column).max_length


def _state(text: str) -> str:
    for state, aliases in data("register_columns")["states"].items():
        if text.lower() in aliases:
            return state
    raise Rejected(_("The state isn't known: %(state)s.") % {"state": text})


def _day(told: Mapping[str, str | None], key: str, headings: Mapping[str, str]) -> date:
    """The day in a column that this state needs: year, month and day, whatever stands between and after."""
    found = _DAY.match(told.get(key) or "")
    day = read_date("-".join(part.zfill(2) for part in found.groups())) if found else None
    if day is None:
        raise Rejected(
            _("The day is missing or can't be read: %(key)s.") % {"key": headings.get(key, key)}
        )
    return day


@transaction.atomic
def take_in(rows: Collection[Row], tally: Tally) -> None:
    """Bring a batch into the register and count; of two rows of one name and company the later counts."""
    wanted = {row.identity: row for row in rows}
    known = _known(wanted)
    fresh = [
        RegisterEntry(**vars(row)) for identity, row in wanted.items() if identity not in known
    ]
    changed, other_parts = [], []
    for identity, entry in known.items():
        row = wanted[identity]
        if all(getattr(entry, name) == getattr(row, name) for name in CHANGING):
            continue
        if (entry.trade_name, entry.industry_term) != (row.trade_name, row.industry_term):
            other_parts.append(entry)
        for name in CHANGING:
            setattr(entry, name, getattr(row, name))
        changed.append(entry)
    RegisterEntry.objects.bulk_create(fresh)
    RegisterEntry.objects.bulk_update(changed, CHANGING)
    register.write_keys(fresh)
    register.rewrite_keys(other_parts)
    _end_claims(changed)
    tally.new += len(fresh)
    tally.changed += len(changed)
    tally.unchanged += len(known) - len(changed)
    tally.repeated += len(rows) - len(wanted)


def _known(wanted: Mapping[tuple, Row]) -> dict[tuple, RegisterEntry]:
    """The entries that these rows are about: those of an earlier import, and those of this portal's own cases."""
    imported = RegisterEntry.objects.filter(
        application=None,
        registry__in={row.registry for row in wanted.values()},
        name__in={row.name for row in wanted.values()},
    )
    known = {(entry.registry, entry.name, entry.uscc): entry for entry in imported}
    codes = {row.uscc for row in wanted.values() if row.uscc}
    for entry in RegisterEntry.objects.filter(application__uscc__in=codes).select_related(
        "application"
    ):
        entry.uscc = entry.application.uscc
        known[(entry.registry, entry.name, entry.uscc)] = entry
    return {identity: entry for identity, entry in known.items() if identity in wanted}


def _end_claims(changed: Iterable[RegisterEntry]) -> None:
    """A company of a case of ours that is gone holds its name no more: the register alone says how long it rests."""
    gone = [
        entry.application_id
        for entry in changed
        if entry.application_id and entry.state in RegisterEntry.GONE
    ]
    Application.objects.filter(pk__in=gone).update(name_claim=None)
