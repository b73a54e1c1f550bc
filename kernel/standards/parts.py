"""The parts of the standards: the kernel's file, on the company and its people, and one of each department."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext as _

from kernel.core import departments
from kernel.core.departments import Department, Standards
from kernel.standards.rules import RULES

COMMON = "common"  # stands where others have the code of their department
DATA = Path(__file__).parent / "data"


def parts() -> Mapping[str, Standards]:
    """Code → file, the kernel's first, then in the order of the flow."""
    return _parts(departments.departments())


def rules() -> Mapping[str, Callable]:
    """What the system decides by, of all parts, by name."""
    return _rules(departments.departments())


def rules_of(part: str) -> list[str]:
    """The names that a part's standards may be decided by: its own, and the kernel's."""
    own = [rule.__name__ for rule in parts()[part].rules]
    return own if part == COMMON else [*own, *RULES]


def label(part: str) -> str:
    """What people call it; a part of no department stands for itself."""
    return _("Common") if part == COMMON else departments.label(part)


@lru_cache(maxsize=2)
def _parts(registered: tuple[Department, ...]) -> Mapping[str, Standards]:
    common = Standards(prefix="S", folder=DATA, rules=tuple(RULES.values()))
    return {COMMON: common, **{department.code: department.standards for department in registered}}


@lru_cache(maxsize=2)
def _rules(registered: tuple[Department, ...]) -> Mapping[str, Callable]:
    return {rule.__name__: rule for part in _parts(registered).values() for rule in part.rules}
