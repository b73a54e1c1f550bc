"""A company name and its four parts: division, trade name, industry term, organisation form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from kernel.catalogue import company_types
from kernel.names.data_files import data
from kernel.names.industry_terms import split_industry
from kernel.names.regions import split_division
from kernel.names.variants import fold

_WIDE_BRACKETS = str.maketrans("()", "\uff08\uff09")
_CHINESE = re.compile("[\u4e00-\u9fff\u3400-\u4dbf\U00020000-\U000323af]*")
_BRACKETS = re.compile("\uff08([^\uff08\uff09]+)\uff09")


@dataclass(frozen=True)
class NameParts:
    """The four parts of a company name, each tidy; a part that is missing is empty."""

    division: str = ""
    trade_name: str = ""
    industry_term: str = ""
    form: str = ""

    @property
    def full(self) -> str:
        return self.division + self.trade_name + self.industry_term + self.form

    @property
    def core(self) -> str:
        """What tells the company from others: trade name and industry term."""
        return self.trade_name + self.industry_term

    @property
    def simplified(self) -> NameParts:
        """The name with trade name and industry term in simplified characters."""
        return replace(
            self, trade_name=fold(self.trade_name), industry_term=fold(self.industry_term)
        )

    def with_trade_name(self, trade_name: str) -> NameParts:
        return replace(self, trade_name=trade_name)


def tidy(text: str) -> str:
    """The text without spaces, with full-width brackets and otherwise plain characters."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text or "")).translate(_WIDE_BRACKETS)


def is_chinese(text: str) -> bool:
    """Whether the text holds Chinese characters alone."""
    return bool(_CHINESE.fullmatch(text))


def parse(name: str | Mapping[str, str] | NameParts) -> NameParts:
    """The four parts of a full name, or of parts as somebody typed them.

    A full name may carry its division in brackets before the industry term or the form. What isn't recognised stays
    in the trade name: the checks then say what is wrong. Never raises for text.
    """
    if isinstance(name, NameParts):
        return NameParts(
            *(
                tidy(part)
                for part in (name.division, name.trade_name, name.industry_term, name.form)
            )
        )
    if isinstance(name, Mapping):
        return parse(
            NameParts(**{key: name.get(key) or "" for key in NameParts.__dataclass_fields__})
        )
    text, form = _split_form(tidy(name))
    regions, rest = split_division(text)
    division = "".join(region.text for region in regions)
    if not division:
        division, rest = _division_in_brackets(rest)
    trade_name, industry_term = split_industry(rest)
    return NameParts(division, trade_name, industry_term, form)


@lru_cache(maxsize=1)
def known_forms() -> tuple[str, ...]:
    """Every form that a name may end with: those of the company types first, then others of a register."""
    of_types = (form for kind in company_types() for form in kind.organisation_forms)
    return tuple(dict.fromkeys([*of_types, *data("forms")["forms"]]))


@lru_cache(maxsize=1)
def _forms_longest_first() -> tuple[str, ...]:
    return tuple(sorted(known_forms(), key=len, reverse=True))


def _split_form(text: str) -> tuple[str, str]:
    form = next((form for form in _forms_longest_first() if text.endswith(form)), "")
    return text.removesuffix(form), form


def _division_in_brackets(text: str) -> tuple[str, str]:
    for match in _BRACKETS.finditer(text):
        regions, rest = split_division(match[1])
        if regions and not rest:
            return match[1], text[: match.start()] + text[match.end() :]
    return "", text
