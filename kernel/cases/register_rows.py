"""Reading a registry's export of company names: each row as the register can take it, or why it is refused.

Columns (Chinese names: `kernel/names/data/register_columns.json`): name; registry (a code), where it isn't given for
the whole file; uscc; state (registered when empty); until, of reserved names; ended_on, of names that are gone;
trade_name and industry_term where the export has them, else the name is taken apart. Others are passed over.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain

from django.utils.translation import gettext as _

from kernel import names
from kernel.cases.models import RegisterEntry
from kernel.core.fields import longest
from kernel.form.codes import uscc_check
from kernel.form.filing import read_date
from kernel.names.data_files import data

DELIMITERS = ",\t;"
UNREADABLE = (
    "\ufffd",
    "\0",
)  # what a byte of no character becomes, and what PostgreSQL keeps in no text
PREFECTURE = 4  # digits of a code that name the city
_OLD_NUMBER = re.compile(r"\d{13}|\d{15}")
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
    notes: tuple[str, ...] = ()

    @property
    def entry(self) -> dict:
        """What the register keeps of it."""
        return {name: getattr(self, name) for name in (*IDENTITY, *CHANGING)}

    @property
    def identity(self) -> tuple[str, str, str]:
        return self.registry, self.name, self.uscc


ENDED = (*RegisterEntry.GONE, State.FORFEITED)
IDENTITY = ("registry", "name", "uscc")
CHANGING = ("state", "until", "ended_on", "trade_name", "industry_term")


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
            yield reader.line_num, raw, _row_or_refusal(raw, known, registry)
    except csv.Error as error:
        where = {"line": reader.line_num, "error": error}
        raise Unusable(
            _("Line %(line)s can't be read, and nothing after it: %(error)s.") % where
        ) from error


def _row_or_refusal(raw: Mapping, known: Mapping[str, str], registry: str) -> Row | str:
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
    columns: dict[str, str] = {}
    for heading in headings:
        key = meant.get(names.tidy(heading).lower().lstrip("\ufeff"))
        if key:
            columns.setdefault(key, heading)
    return columns


def _row(
    values: Mapping[str, str | None], raw: Mapping, registry: str, headings: Mapping[str, str]
) -> Row:
    if None in raw or any(sign in str(value) for value in raw.values() for sign in UNREADABLE):
        raise Rejected(_("The row has too many columns, or characters that can't be read."))
    text = {key: names.tidy(value or "") for key, value in values.items()}
    name = text["name"]
    notes: list[str] = []
    state = _state(text.get("state", ""), notes)
    if not name:
        raise Rejected(_("The name is missing."))
    if any(_is_too_long(key, text.get(key, "")) for key in ("name", "trade_name", "industry_term")):
        raise Rejected(_("The name is too long."))
    registry = text.get("registry") or registry
    if not registry or _is_too_long("registry", registry):
        raise Rejected(_("The registry is missing or too long."))
    uscc = _code(text.get("uscc", ""), notes)
    until, ended_on = _days(values, headings, state, notes)
    if not until and state == State.RESERVED or not ended_on and state in RegisterEntry.GONE:
        state = State.REGISTERED
    trade_name, industry_term = _parts(name, text, registry)
    return Row(
        registry=registry,
        name=name,
        uscc=uscc,
        state=state,
        until=until,
        ended_on=ended_on,
        trade_name=trade_name,
        industry_term=industry_term,
        notes=tuple(notes),
    )


def _code(text: str, notes: list[str]) -> str:
    """The unified social credit code. A company of an old number, or of a wrong one, has a name all the same."""
    if not text:
        return ""
    verdict = uscc_check(text)
    if not verdict.blocks:
        return verdict.value
    if _OLD_NUMBER.fullmatch(text):
        notes.append(
            _("An old registration number; the name is kept without it: %(uscc)s.") % {"uscc": text}
        )
    else:
        notes.append(
            _("The unified social credit code is wrong; the name is kept without it: %(uscc)s.")
            % {"uscc": text}
        )
    return ""


def _days(
    values: Mapping[str, str | None], headings: Mapping[str, str], state: str, notes: list[str]
) -> tuple[date | None, date | None]:
    """(reserved until, gone since), where the state has such a day. Without it the name counts as registered."""
    key = "until" if state == State.RESERVED else "ended_on" if state in ENDED else ""
    if not key:
        return None, None
    day = _day(values, key)
    if day is None and state != State.FORFEITED:
        notes.append(
            _("The day is missing or can't be read; the name is kept as registered: %(key)s.")
            % {"key": headings.get(key, key)}
        )
    return (day, None) if key == "until" else (None, day)


def _parts(name: str, text: Mapping[str, str], registry: str) -> tuple[str, str]:
    """Trade name and industry term; of an export without a column of industry terms what follows the trade name."""
    home = registry[:PREFECTURE] if registry.isdigit() else ""
    parts, trade_name = names.parse(name, home), text.get("trade_name")
    if not trade_name:
        return parts.trade_name, parts.industry_term
    return trade_name, text.get(
        "industry_term", name.partition(trade_name)[2].removesuffix(parts.form)
    )


def _is_too_long(column: str, text: str) -> bool:
    return len(text) > longest(RegisterEntry, column)


def _state(text: str, notes: list[str]) -> str:
    state = _states().get(_plain(text))
    if state is None:
        notes.append(
            _("The state isn't known; the name is kept as registered: %(state)s.") % {"state": text}
        )
    return state or State.REGISTERED


@lru_cache(maxsize=1)
def _states() -> dict[str, str]:
    """How a state may be written, without commas and brackets → the state."""
    states = data("register_columns")["states"]
    return {_plain(alias): state for state, aliases in states.items() for alias in aliases}


def _plain(text: str) -> str:
    return re.sub(r"\W", "", text).lower() or text


def _day(values: Mapping[str, str | None], key: str) -> date | None:
    """The day in a column: year, month and day, whatever stands between and after; None where there is none."""
    match = _DAY.match(values.get(key) or "")
    return read_date("-".join(part.zfill(2) for part in match.groups())) if match else None
