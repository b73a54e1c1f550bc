"""Where a zone may put its own words in the place of the product's: each place with its blanks. Whoever has such words
registers how their places are found, in the AppConfig.ready() of its app."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from kernel.accounts.models import Zone
from kernel.core.words import Words

FIELDS = ("title_zh", "body_zh", "title_en", "body_en")
LANGUAGES = {"zh": "zh-hans", "en": "en"}  # how a field's name ends → its language
_BLANK = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True)
class Variable:
    """What may stand in words as `{name}`. `example` gives one that looks real, in the active language; `is_private`:
    it says who somebody is, or which company, or opens something, so no phone shows it; `is_needed`: where the
    product's words have it, the reader can't do without."""

    name: str
    label: Words
    example: Callable[[], str]
    is_private: bool = False
    is_needed: bool = False


@dataclass(frozen=True)
class Place:
    """`title` and `body` are the product's words, with blanks such as `%(number)s`; empty where it has none. A text to
    a phone has no title. `variables` may stand in the zone's words; `known` are others of the same family, which may
    not stand here; `may_be_left_out`: a zone may do without it altogether."""

    code: str
    label: Words
    group: Words
    title: Words = ""
    body: Words = ""
    variables: tuple[Variable, ...] = ()
    known: Mapping[str, Variable] | None = None
    has_title: bool = True
    to_phones: bool = False
    may_link: bool = False
    may_be_left_out: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        return FIELDS if self.has_title else ("body_zh", "body_en")

    @property
    def has_product(self) -> bool:
        return bool(str(self.body))


Finding = Callable[[Zone], Iterable[Place]]
_families: dict[str, Finding] = {}


def register(family: str, places: Finding) -> None:
    """`family` is what the codes of these places begin with, before the first dot."""
    _families[family] = places


def of_zone(zone: Zone, *families: str) -> list[Place]:
    """All places of these families, of every one where none is named, in their order."""
    asked = families or tuple(_families)
    return [place for family in asked for place in _families[family](zone)]


def place(zone: Zone, code: str) -> Place | None:
    """The place of that code; None where there is none."""
    family = code.partition(".")[0]
    if family not in _families:
        return None
    return next((row for row in _families[family](zone) if row.code == code), None)


def blanks(*words: Words) -> list[str]:
    """The names of the blanks in words of the product."""
    return list(dict.fromkeys(name for text in words for name in _BLANK.findall(str(text))))


def braced(words: Words) -> str:
    """Words of the product, written as a zone writes its own."""
    return _BLANK.sub(r"{\1}", str(words)).replace("%%", "%")
