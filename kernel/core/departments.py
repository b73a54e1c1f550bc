"""The departments of the service, as each says it of itself: one object apiece, and everybody else asks here.

    departments.register(TAX)          # in the AppConfig.ready() of the department's app

The order of INSTALLED_APPS is the order of the flow. Tables elsewhere are made from `departments()` when they are
asked for, never at import: a department more is one folder more.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import pgettext


@dataclass(frozen=True)
class Limit:
    """A clock of `minutes` working minutes; `label` is what people call it."""

    name: str
    minutes: int
    label: str


@dataclass(frozen=True)
class Meeting:
    """That a department meets the applicant: the fields of the form that say where (a unit of the department, to which
    its stage is narrowed), when (until then its clock rests), and how."""

    where: str
    when: str
    how: str


@dataclass(frozen=True)
class Standards:
    """What is checked for a department: its file of the review standards.

    Their numbers begin with `prefix` (T-01); `folder` holds the versions that the product comes with, v1.json,
    v2.json …; `rules` are what the system decides by: each is called with a filing and says what is wrong, or nothing.
    """

    prefix: str
    folder: Path
    rules: tuple[Callable, ...] = ()


@dataclass(frozen=True, eq=False)
class Department:
    """All that others need to know of a department.

    Words: `label` names it, `named` does so within a sentence, `letter` in the cells that show who uses what was typed
    once, `short` in the row of a clock, `owner` where minutes have owners, and `title` and `note` stand in the drawing
    of the flow.
    """

    code: str
    label: str
    named: str
    letter: str
    short: str
    owner: str
    title: str
    note: str
    role: str
    role_label: str
    # Of the case, while its stage is under way: departments of one state work side by side.
    state: str
    # Its own clock, or the name of another department's that goes on over its stage too.
    clock: Limit | str
    # What the flow calls inside the transaction of a move: see kernel.cases.desks.Desk.
    desk: Any
    standards: Standards
    # Of its pages; what stands in the bar of its officers, the first page first; the module of its
    # addresses, and where they begin.
    namespace: str
    links: tuple[tuple[str, str], ...]
    urls: str
    path: str = ""
    # Settings of a zone that name who signs its papers, and whom each names.
    authorities: tuple[tuple[str, str], ...] = ()
    # Its page of the form (kernel.form.fields.Section), the class of that page's form, the fields that it asks for
    # there or on a page of everybody's, and the keys of others' fields that it uses as well.
    section: Any = None
    page: type | None = None
    fields: tuple[Any, ...] = ()
    sees: tuple[str, ...] = ()
    # Codes of the materials of today that it uses (kernel.catalogue.materials).
    materials: tuple[str, ...] = ()
    # What it issues (kernel.papers.facts.Paper).
    papers: tuple[Any, ...] = ()
    # What papers call it, where that isn't `named`.
    printed: str = ""
    # What its own system posts to close a stage (a serializer); without it the stage is closed on pages alone.
    result: type | None = None
    # Where it meets the applicant in person; at most one department does.
    meeting: Meeting | None = None
    # What the applicant's line says once its stage is closed; for departments that work alone in their wave.
    done: str = ""
    # What the applicant is told of its steps: by the name of the step (`Event.Kind.STEP`), title and text in which
    # `number`, `company` and what the event says besides are filled in.
    notices: Mapping[str, tuple[str, str]] | None = None
    # Whether it is at work in every zone that doesn't switch it off (`departments` of the zone's settings), or only in
    # those that switch it on.
    everywhere: bool = True

    @property
    def clock_name(self) -> str:
        return self.clock if isinstance(self.clock, str) else self.clock.name

    @property
    def first_page(self) -> str:
        """Where its officers begin after logging in: the name of an address."""
        return self.links[0][0]

    @property
    def case_page(self) -> str:
        """The name of the address of a case on its desk."""
        return f"{self.namespace}:case"


class Table(Mapping):
    """A table made of the departments: `make(departments)` gives it, anew when there are others."""

    def __init__(self, make: Callable[[tuple[Department, ...]], Mapping]):
        self._make = lru_cache(maxsize=4)(make)

    def _made(self) -> Mapping:
        return self._make(departments())

    def __getitem__(self, key):
        return self._made()[key]

    def __iter__(self):
        return iter(self._made())

    def __len__(self) -> int:
        return len(self._made())


class Row(Sequence):
    """A list made of the departments, as `Table` is a table."""

    def __init__(self, make: Callable[[tuple[Department, ...]], Sequence]):
        self._make = lru_cache(maxsize=4)(make)

    def __getitem__(self, place):
        return self._make(departments())[place]

    def __len__(self) -> int:
        return len(self._make(departments()))


class DoubledDepartment(Exception):
    """Two departments with one code."""


_registered: tuple[Department, ...] = ()


def register(found: Department) -> None:
    """Called once by each department's AppConfig.ready()."""
    global _registered
    if found.code in codes():
        raise DoubledDepartment(found.code)
    _registered = (*_registered, found)


def withdraw(code: str) -> None:
    """Take a department out again; for tests."""
    global _registered
    _registered = tuple(found for found in _registered if found.code != code)


def departments() -> tuple[Department, ...]:
    """All of them, in the order of the flow."""
    return _registered


def codes() -> tuple[str, ...]:
    return tuple(found.code for found in _registered)


def department(code: str) -> Department:
    """Raises KeyError for a code that no department has."""
    for found in _registered:
        if found.code == code:
            return found
    raise KeyError(code)


def those(chosen: Iterable[str]) -> tuple[Department, ...]:
    """Those of the codes, in the order of the flow; what no department has any more is left out."""
    codes = frozenset(chosen)
    return tuple(found for found in _registered if found.code in codes)


def at_work(switches: Mapping[str, bool]) -> tuple[str, ...]:
    """The codes of the departments that new cases of a zone go through, in the order of the flow.

    `switches` is the zone's setting `departments`: code → whether it is on, where that differs from what the
    department itself says.
    """
    return tuple(one.code for one in _registered if switches.get(one.code, one.everywhere))


def meeting() -> Department | None:
    """The one that meets the applicant."""
    return next((found for found in _registered if found.meeting), None)


def of_role(role: str) -> Department | None:
    """Whose officers have this role; None where it is nobody's."""
    return next((found for found in _registered if found.role == role), None)


def officer_roles() -> tuple[str, ...]:
    return tuple(found.role for found in _registered)


def choices() -> list[tuple[str, str]]:
    """(code, label) of each, as a field offers them."""
    return [(found.code, found.label) for found in _registered]


def label(code: str) -> str:
    """What people call it; a code that no department has stands for itself."""
    return next((str(found.label) for found in _registered if found.code == code), code)


def beside(chosen: Iterable[str] | None = None) -> tuple[Department, ...]:
    """Those that work side by side at the end: of the chosen ones (codes), else of those at work wherever no zone says
    otherwise."""
    found = those(at_work({}) if chosen is None else chosen)
    return tuple(one for one in found if one.state == _registered[-1].state)


def listed(found: Iterable[Department]) -> str:
    """Departments within a sentence: "tax, social security and bank"."""
    *first, last = [str(one.named) for one in found]
    before, between = pgettext("list", ", ").join(first), pgettext("list", " and ")
    return f"{before}{between}{last}" if first else last


def on_papers(found: Iterable[Department]) -> str:
    """The same as papers name them."""
    return pgettext("list", ", ").join(str(one.printed or one.named) for one in found)


def heading(found: Iterable[Department]) -> str:
    """The same as a heading, in the language of whoever reads it: "Tax, social security and bank"."""
    return _heading(tuple(found))


_heading = lazy(lambda found: capfirst(listed(found)), str)
DESKS_BESIDE = lazy(lambda: listed(beside()), str)()  # "tax, social security and bank"
DESKS_BESIDE_HEADING = lazy(lambda: capfirst(listed(beside())), str)()
