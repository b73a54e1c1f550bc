"""The departments of the service, as each says it of itself: one object apiece, and everybody else asks here.

    departments.register(TAX)          # in the AppConfig.ready() of the department's app

The order of INSTALLED_APPS is the order of the flow. Tables elsewhere are made from `departments()` when they are
asked for, never at import: a department more is one folder more.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import pgettext

from kernel.core.words import Words


@dataclass(frozen=True)
class Limit:
    """A clock of `minutes` working minutes; `label` is what people call it."""

    name: str
    minutes: int
    label: Words


SOON = "soon"  # as soon as it is the department's turn: no appointment


@dataclass(frozen=True)
class Meeting:
    """That a department meets the applicant: the fields of the form that say where (a unit of the department, to which
    its stage is narrowed), when (until then its clock rests; `SOON` for who needs no appointment), and how. `ways` says
    which way of meeting of a diary (`kernel.bookings`) each answer to that is, and `unbooked` those of its answers with
    which nobody needs an appointment. `video_link` is the zone's setting with
    the address of its video room. Its diaries are those of its code and its units."""

    where: str
    when: str
    how: str
    ways: Mapping[str, str] = field(default_factory=dict)
    unbooked: tuple[str, ...] = ()
    video_link: str = ""

    @property
    def section(self) -> str:
        """The page of the form that asks for it."""
        return self.when.partition(".")[0]


@dataclass(frozen=True)
class LeavingOut:
    """That a company may do without a department: the zone's `setting` that allows it, and the field of the
    department's own page of the form whose `answer` says so. The page stays in the form with that question until the
    submit. `sentence` is what pages say of a case without it; `takes_along` are the keys of others' fields that nobody
    asks for then."""

    setting: str
    field: str
    answer: str
    sentence: Words
    takes_along: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reply:
    """An answer that a desk gives often: what its key says, and the text with blanks such as `%(company)s`
    (`kernel.cases.replies`)."""

    code: str
    label: Words
    text: Words

    @property
    def blanks(self) -> list[str]:
        return re.findall(r"%\((\w+)\)s", str(self.text))


@dataclass(frozen=True)
class Standards:
    """What is checked for a department: its file of the review standards.

    Their numbers begin with `prefix` (T-01); `folder` holds the versions that the product comes with, v1.json,
    v2.json …; `rules` are what the system decides by: each is called with a filing and gives a `Finding`, or nothing.
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
    label: Words
    named: Words
    letter: Words
    short: Words
    owner: Words
    title: Words
    note: Words
    role: str
    role_label: Words
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
    links: tuple[tuple[str, Words], ...]
    urls: str
    path: str = ""
    # Settings of a zone that name who signs its papers, and whom each names.
    authorities: tuple[tuple[str, Words], ...] = ()
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
    printed: Words = ""
    # What its own system posts to close a stage (a serializer); without it the stage is closed on pages alone.
    result: type | None = None
    # Where it meets the applicant in person; at most one department does.
    meeting: Meeting | None = None
    # Where a company may do without it.
    leaving_out: LeavingOut | None = None
    # What the applicant's line says once its stage is closed; for departments that work alone in their wave.
    done: Words = ""
    # What the applicant is told of its steps: by the name of the step (`Event.Kind.STEP`), title and text in which
    # `number`, `company` and what the event says besides are filled in; a third of what goes to phones too, with
    # `link` filled in and no name, number or company.
    notices: Mapping[str, tuple[Words, ...]] | None = None
    # What whoever did the department's part is told of a step that nobody of the desk took, since it is theirs again:
    # by the name of the step, title and text.
    setbacks: Mapping[str, tuple[Words, Words]] | None = None
    # Answers to applicants' messages that its officers give often.
    replies: tuple[Reply, ...] = ()
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


def register(department: Department) -> None:
    """Called once by each department's AppConfig.ready()."""
    global _registered
    if department.code in codes():
        raise DoubledDepartment(department.code)
    _registered = (*_registered, department)


def withdraw(code: str) -> None:
    """Take a department out again; for tests."""
    global _registered
    _registered = tuple(department for department in _registered if department.code != code)


def departments() -> tuple[Department, ...]:
    """All of them, in the order of the flow."""
    return _registered


def codes() -> tuple[str, ...]:
    return tuple(department.code for department in _registered)


def department(code: str) -> Department:
    """Raises KeyError for a code that no department has."""
    for registered in _registered:
        if registered.code == code:
            return registered
    raise KeyError(code)


def those(chosen: Iterable[str]) -> tuple[Department, ...]:
    """Those of the codes, in the order of the flow; what no department has any more is left out."""
    codes = frozenset(chosen)
    return tuple(department for department in _registered if department.code in codes)


def at_work(switches: Mapping[str, bool]) -> tuple[str, ...]:
    """The codes of the departments that new cases of a zone go through, in the order of the flow.

    `switches` is the zone's setting `departments`: code → whether it is on, where that differs from what the
    department itself says.
    """
    return tuple(
        department.code
        for department in _registered
        if switches.get(department.code, department.everywhere)
    )


def optional(chosen: Iterable[str], is_on: Callable[[str], bool]) -> tuple[str, ...]:
    """Those of the chosen ones (codes) that a company may leave out where the zone's settings of these names are on
    (`is_on`), in the order of the flow. Of a wave one at least stays."""
    here = those(chosen)
    return tuple(
        department.code
        for department in here
        if department.leaving_out
        and is_on(department.leaving_out.setting)
        and any(other.state == department.state and not other.leaving_out for other in here)
    )


def left_out(among: Iterable[str]) -> tuple[Department, ...]:
    """Those that a case does without which goes through these (codes), of those that may be left out somewhere; none
    where the codes are empty, since then nothing is known."""
    codes = frozenset(among)
    return tuple(
        department
        for department in _registered
        if codes and department.leaving_out and department.code not in codes
    )


def meeting() -> Department | None:
    """The one that meets the applicant."""
    return next((department for department in _registered if department.meeting), None)


def meeting_fields() -> Meeting:
    """How it is asked for. Raises LookupError where no department meets the applicant."""
    department = meeting()
    if department is None or department.meeting is None:
        raise LookupError("no department meets the applicant")
    return department.meeting


def of_role(role: str) -> Department | None:
    """Whose officers have this role; None where it is nobody's."""
    return next((department for department in _registered if department.role == role), None)


def officer_roles() -> tuple[str, ...]:
    return tuple(department.role for department in _registered)


def choices() -> list[tuple[str, Words]]:
    """(code, label) of each, as a field offers them."""
    return [(department.code, department.label) for department in _registered]


def label(code: str) -> str:
    """What people call it; a code that no department has stands for itself."""
    return next(
        (str(department.label) for department in _registered if department.code == code), code
    )


def beside(chosen: Iterable[str] | None = None) -> tuple[Department, ...]:
    """Those that work side by side at the end: of the chosen ones (codes), else of those at work wherever no zone says
    otherwise."""
    asked = those(at_work({}) if chosen is None else chosen)
    return tuple(department for department in asked if department.state == _registered[-1].state)


def listed(several: Iterable[Department]) -> str:
    """Departments within a sentence: "tax, social security and bank"; empty for none."""
    *first, last = [str(department.named) for department in several] or [""]
    before, between = pgettext("list", ", ").join(first), pgettext("list", " and ")
    return f"{before}{between}{last}" if first else last


def on_papers(several: Iterable[Department]) -> str:
    """The same as papers name them."""
    return pgettext("list", ", ").join(
        str(department.printed or department.named) for department in several
    )


def heading(several: Iterable[Department]) -> str:
    """The same as a heading, in the language of whoever reads it: "Tax, social security and bank"."""
    return _heading(tuple(several))


_heading = lazy(lambda several: capfirst(listed(several)), str)
DESKS_BESIDE = lazy(lambda: listed(beside()), str)()  # "tax, social security and bank"
DESKS_BESIDE_HEADING = lazy(lambda: capfirst(listed(beside())), str)()
