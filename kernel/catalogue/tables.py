"""How the catalogue is read: each table once from its data file, its records frozen and known by their codes.

Codes are strings everywhere.
"""

import json
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Generic, Protocol, TypeVar

DATA = Path(__file__).parent / "data"


class Coded(Protocol):
    """A record of a table."""

    @property
    def code(self) -> str: ...


Record = TypeVar("Record", bound=Coded)


class Table(Generic[Record]):
    """A list of a data file; called, it gives all its records in their order.

    `table[code]` raises KeyError for an unknown code, with the code in it. `record` makes a record of a row's fields.
    """

    def __init__(self, file: str, key: str, record: Callable[..., Record]):
        self.file, self.key, self.record = file, key, record

    def __call__(self) -> tuple[Record, ...]:
        return self._records

    def __getitem__(self, code: str) -> Record:
        return self._by_code[code]

    def find(self, code: object) -> Record | None:
        """The record of a code that somebody typed, or None."""
        return self._by_code.get(code) if isinstance(code, str) else None

    def named(self, code: str) -> str:
        """The name for a code that somebody typed, in the active language; the code itself where it is none."""
        record = self.find(code)
        return str(getattr(record, "name", code))

    def path(self, code: str) -> tuple[Record, ...]:
        """From the uppermost record down to that of the code, each the parent of the next."""
        path = [self[code]]
        while parent := getattr(path[0], "parent", ""):
            path.insert(0, self[parent])
        return tuple(path)

    def rows(self) -> list[dict]:
        """The table as the file has it."""
        return json.loads((DATA / self.file).read_text(encoding="utf-8"))[self.key]

    @cached_property
    def _records(self) -> tuple[Record, ...]:
        return tuple(
            self.record(**{name: _frozen(value) for name, value in row.items()})
            for row in self.rows()
        )

    @cached_property
    def _by_code(self) -> dict[str, Record]:
        return {record.code: record for record in self._records}


def _frozen(value):
    return tuple(value) if isinstance(value, list) else value
