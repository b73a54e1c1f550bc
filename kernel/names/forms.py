"""Organisation forms: how a name ends, and whose name it is then."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from string import digits

from kernel.catalogue import company_types
from kernel.names.data_files import data

COMPANY, SHOP, UNIT = "company", "shop", "unit"


@lru_cache(maxsize=1)
def known_forms() -> tuple[str, ...]:
    """Every form that a name may end with: those of the company types first, then others of a register."""
    of_types = (form for kind in company_types() for form in kind.organisation_forms)
    return tuple(dict.fromkeys([*of_types, *data("forms")["forms"]]))


@lru_cache(maxsize=1)
def shop_forms() -> frozenset[str]:
    """The forms of shops and old factories: of no company, no partnership, no cooperative."""
    of_types = (form for form in known_forms() if not _is_form_of_company(form))
    return frozenset([*of_types, *data("forms")["shops"]])


def split_form(text: str) -> tuple[str, str]:
    """What comes before the organisation form, and the form, with the word for a group of companies before it."""
    form = _ending_of(text, _forms())
    rest = text.removesuffix(form)
    if form and form not in shop_forms():
        group = next((word for word in data("forms")["group"] if rest.endswith(word)), "")
        rest, form = rest.removesuffix(group), group + form
    return rest, form


def is_shop(name: str) -> bool:
    """Whether a name is a shop's or old factory's; quicker than `kind_of_name` for a company's, which most are."""
    return not name.endswith(data("forms")["company"]) and kind_of_name(name) == SHOP


def is_limited(form: str) -> bool:
    """Whether the form is a limited company's, or of a partnership: one whose name must have a trade name."""
    return any(word in form for word in data("forms")["limited"])


def split_unit(text: str) -> tuple[str, str]:
    """The name of whoever a branch, an office or a department store is part of, and what is said of the part."""
    whole = _with_a_part_behind().fullmatch(text)
    if whole and not (whole[2] in known_forms() and is_limited(whole[2])):
        return whole[1], whole[2]
    ending = _ending_of(text, _units())
    if not ending:
        return text, ""
    head = text.removesuffix(ending)
    head = head.rstrip(data("forms")["numbered"] + digits)
    return head, text.removeprefix(head)


@lru_cache(maxsize=16_384)
def kind_of_name(name: str) -> str:
    """Whose name a registered one is: a company's, a shop's or old factory's, or that of a part of somebody else."""
    head, unit = split_unit(name)
    if unit:
        return UNIT
    return SHOP if split_form(head)[1] in shop_forms() else COMPANY


def _is_form_of_company(form: str) -> bool:
    forms = data("forms")
    return any(word in form for word in (*forms["words"], *forms["group"], *forms["limited"]))


@lru_cache(maxsize=1)
def _with_a_part_behind() -> re.Pattern:
    """A name that goes on behind the word for a company or cooperative: that of a part of it, but in brackets."""
    company, *cooperatives = data("forms")["with_parts"]
    unions = "|".join(data("forms")["unions"])
    words = f"{company}|(?:{'|'.join(cooperatives)})(?!{unions})"
    return re.compile(f"(.{{4,}}?(?:{words}))(?!\uff08)(.{{2,}})")


def _ending_of(text: str, endings: dict[int, frozenset[str]]) -> str:
    """The longest of the endings that the text has, or none; it may be all of the text."""
    return next((text[-n:] for n, known in endings.items() if text[-n:] in known), "")


def _by_length(endings: Iterable[str]) -> dict[int, frozenset[str]]:
    """The endings by their length, the longest first."""
    distinct = frozenset(endings)
    lengths = sorted({len(ending) for ending in distinct}, reverse=True)
    return {n: frozenset(ending for ending in distinct if len(ending) == n) for n in lengths}


@lru_cache(maxsize=1)
def _forms() -> dict[int, frozenset[str]]:
    return _by_length([*known_forms(), *data("forms")["shops"]])


@lru_cache(maxsize=1)
def _units() -> dict[int, frozenset[str]]:
    return _by_length(data("forms")["units"])
