"""A company name and its four parts: division, trade name, industry term, organisation form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from kernel.form.filing import composed_name
from kernel.names.data_files import data
from kernel.names.forms import is_limited, shop_forms, split_form, split_unit
from kernel.names.industry_terms import cut
from kernel.names.reading import read
from kernel.names.variants import fold

_WIDE_BRACKETS = str.maketrans("()", "\uff08\uff09")
_CHINESE = re.compile("[\u4e00-\u9fff\u3400-\u4dbf\U00020000-\U000323af]*")


@dataclass(frozen=True)
class NameParts:
    """The four parts of a company name, each tidy; a part that is missing is empty."""

    division: str = ""
    trade_name: str = ""
    industry_term: str = ""
    form: str = ""
    place: str = ""  # of the division, as `kernel.form.choices.DivisionPlace` has it; in front where it is empty

    @property
    def full(self) -> str:
        return composed_name(
            self.division, self.trade_name, self.industry_term, self.form, self.place
        )

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


@lru_cache(maxsize=16_384)  # one check asks it of the same parts again and again
def tidy(text: str) -> str:
    """The text without spaces, with full-width brackets and otherwise plain characters."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text or "")).translate(_WIDE_BRACKETS)


def is_chinese(text: str) -> bool:
    """Whether the text holds Chinese characters alone."""
    return bool(_CHINESE.fullmatch(text))


def parse(name: str | Mapping[str, str] | NameParts, home: str = "") -> NameParts:
    """The four parts of a full name, or of parts as somebody typed them.

    A full name may carry its division in brackets before the industry term or the form. What isn't recognised stays
    in the trade name: the checks then say what is wrong. Never raises for text.
    """
    if isinstance(name, NameParts):
        return NameParts(
            tidy(name.division),
            tidy(name.trade_name),
            tidy(name.industry_term),
            tidy(name.form),
            name.place,
        )
    if isinstance(name, Mapping):
        return parse(
            NameParts(**{key: name.get(key) or "" for key in NameParts.__dataclass_fields__})
        )
    return _parsed(_without_other_name(tidy(name)), home)


def _without_other_name(text: str) -> str:
    """The name without a second one that a register notes in brackets behind it."""
    return _other_name().sub("", text)


@lru_cache(maxsize=1)
def _other_name() -> re.Pattern:
    return re.compile(f"\uff08[^\uff08\uff09]*{data('forms')['other_name']}.*$")


def _parsed(text: str, home: str) -> NameParts:
    head, unit = split_unit(text)
    rest, form = split_form(head)
    division, trade_name, industry_term = read(rest, home, is_limited(form))
    if form in shop_forms():
        # the form may be half a word of the industry: a bookshop is one
        place, named, term = read(rest + form, home, False)
        if term.endswith(form) and not cut(fold(term)).strange:
            division, trade_name, industry_term = place, named, term.removesuffix(form)
    return NameParts(division, trade_name, industry_term, form + unit)
