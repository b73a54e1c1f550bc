"""A standard, a version of one part of them, and the set of such versions that a filing is checked by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import pgettext

from kernel.catalogue import in_language
from kernel.core import departments
from kernel.form import flow
from kernel.standards import parts

RULE, QUESTION = "rule", "question"


@dataclass(frozen=True)
class Standard:
    """One thing that is checked.

    `decided_by` is `rule` (the system decides, by the function named in `rule`) or `question` (a person confirms).
    `fields` are what it looks at; `company_types` empty is all; a `deferrable` one may be promised for later.
    """

    id: str
    text_zh: str
    text_en: str
    ground_zh: str
    ground_en: str
    fix_zh: str
    fix_en: str
    fields: tuple[str, ...]
    decided_by: str = RULE
    rule: str = ""
    deferrable: bool = False
    departments: tuple[str, ...] = field(default_factory=lambda: (flow.registrar(),))
    company_types: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return in_language(self.text_zh, self.text_en)

    @property
    def ground(self) -> str:
        """The rule it stands on."""
        return in_language(self.ground_zh, self.ground_en)

    @property
    def fix(self) -> str:
        """How to put it right."""
        return in_language(self.fix_zh, self.fix_en)

    @property
    def is_question(self) -> bool:
        return self.decided_by == QUESTION

    @property
    def checked_by(self) -> str:
        """The desks, as people call them."""
        return pgettext("between the items of a list", ", ").join(
            map(departments.label, self.departments)
        )

    def concerns(self, company_type: str) -> bool:
        return not self.company_types or company_type in self.company_types


@dataclass(frozen=True)
class Named:
    """A version by its name: of the kernel's part (`parts.COMMON`) or of a department's."""

    part: str
    number: int

    @property
    def part_label(self) -> str:
        return parts.label(self.part)

    @property
    def label(self) -> str:
        """As people call it: "Tax 3", never parted at the end of a line."""
        return f"{self.part_label}\N{NO-BREAK SPACE}{self.number}"


@dataclass(frozen=True)
class Version(Named):
    effective_from: date | None
    standards: tuple[Standard, ...]


@dataclass(frozen=True)
class StandardSet:
    """What a filing is checked by: a version of the kernel's part and one of each department's."""

    versions: tuple[Version, ...]

    @cached_property
    def standards(self) -> tuple[Standard, ...]:
        return tuple(standard for version in self.versions for standard in version.standards)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Part → number of its version: what a case names."""
        return {version.part: version.number for version in self.versions}

    @property
    def label(self) -> str:
        return label(self.numbers)

    @cached_property
    def _by_id(self) -> dict[str, Standard]:
        return {standard.id: standard for standard in self.standards}

    def has(self, id: str, department: str) -> bool:
        """Whether the desk of a department may cite the standard."""
        return id in self._by_id and department in self._by_id[id].departments

    def get(self, id: str) -> Standard:
        """Raises KeyError for a standard that this set doesn't have."""
        return self._by_id[id]

    def of(self, department: str) -> tuple[Standard, ...]:
        return tuple(standard for standard in self.standards if department in standard.departments)


def named(numbers: Mapping[str, int]) -> list[Named]:
    """The versions that a case names, in the order of the flow; their texts are not read."""
    return [Named(part, numbers[part]) for part in in_order(numbers)]


def label(numbers: Mapping[str, int]) -> str:
    """The same in one line: "Common 7 · Tax 3"."""
    return " · ".join(version.label for version in named(numbers))


def in_order(codes: Iterable[str]) -> list[str]:
    """Parts in the order of the flow; those that no department has any more come last."""
    known = list(parts.parts())
    return sorted(
        codes, key=lambda part: (known.index(part) if part in known else len(known), part)
    )


def read_items(items: Iterable[Mapping[str, Any]]) -> tuple[Standard, ...]:
    """The standards of a set as stored. Raises TypeError for an item that lacks something or has too much."""
    lists = {field.name for field in fields(Standard) if field.type == tuple[str, ...]}
    return tuple(
        Standard(**dict(item) | {name: tuple(item[name]) for name in lists & item.keys()})
        for item in items
    )
