"""A standard and a version of all of them, as read from a published set."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property

from kernel.catalogue import in_language
from kernel.form.flow import REGISTRATION

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
    departments: tuple[str, ...] = (REGISTRATION,)
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

    def concerns(self, company_type: str) -> bool:
        return not self.company_types or company_type in self.company_types


@dataclass(frozen=True)
class Version:
    number: int
    effective_from: date | None
    standards: tuple[Standard, ...]

    @cached_property
    def _by_id(self) -> dict[str, Standard]:
        return {standard.id: standard for standard in self.standards}

    def has(self, id: str, department: str) -> bool:
        """Whether the desk of a department may cite the standard."""
        return id in self._by_id and department in self._by_id[id].departments

    def get(self, id: str) -> Standard:
        """Raises KeyError for a standard that this version doesn't have."""
        return self._by_id[id]

    def of(self, department: str) -> tuple[Standard, ...]:
        return tuple(standard for standard in self.standards if department in standard.departments)


def read_items(items: Iterable[Mapping]) -> tuple[Standard, ...]:
    """The standards of a set as stored. Raises TypeError for an item that lacks something or has too much."""
    lists = {field.name for field in fields(Standard) if field.type == tuple[str, ...]}
    return tuple(
        Standard(**{name: tuple(value) if name in lists else value for name, value in item.items()})
        for item in items
    )
