"""Words that a name may not hold, and words that need an approval above the zone.

The list is administered: `take_words_from` says where it is kept. Until then it is the data file's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from registration.catalogue.language import in_language
from registration.names.data_files import data
from registration.names.findings import BLOCK, WARN, Finding, provisions
from registration.names.parts import NameParts

FORBIDDEN, RESTRICTED = provisions(11), provisions(12)
IS_FORBIDDEN, IS_RESTRICTED = "forbidden", "restricted"
LONG_WORD = 3

_lazily_in_language = lazy(in_language, str)


@dataclass(frozen=True)
class Word:
    """`kind` is IS_FORBIDDEN or IS_RESTRICTED; `group` names the ground for machines, `ground_*` for people."""

    text: str
    kind: str
    group: str
    ground_zh: str
    ground_en: str


@dataclass(frozen=True, eq=False)
class Words:
    """A list of words as it stood at a moment; each reading is an object of its own."""

    entries: tuple[Word, ...]


@lru_cache(maxsize=1)
def words_in_file() -> Words:
    """The list that the product comes with."""
    content = data("forbidden_words")
    restricted = content["restricted"]
    forbidden = [
        Word(text, IS_FORBIDDEN, group["id"], group["ground_zh"], group["ground_en"])
        for group in content["groups"]
        for text in group["words"]
    ]
    limited = [
        Word(text, IS_RESTRICTED, IS_RESTRICTED, restricted["ground_zh"], restricted["ground_en"])
        for text in restricted["words"]
    ]
    return Words((*forbidden, *limited))


_source: list[Callable[[], Words]] = [words_in_file]


def take_words_from(source: Callable[[], Words]) -> None:
    """Say where the list is kept. A later call replaces the earlier one."""
    _source[:] = [source]


def words() -> Words:
    """The list in force."""
    return _source[0]()


def check_words(parts: NameParts) -> Iterator[Finding]:
    """Findings about single words in the trade name and the industry term; traditional characters don't hide one."""
    parts = parts.simplified
    held = [word for word in words().entries if word.text in parts.core]
    for word in held:
        if word.kind == IS_RESTRICTED:
            yield _restricted(word, parts)
        elif not any(word is not other and word.group == other.group and word.text in other.text for other in held):
            severity = _severity(word.text, parts)
            if severity:
                yield _forbidden(word, severity, parts)


def _severity(word: str, parts: NameParts) -> str | None:
    """Inside one part a word blocks; a long one across two parts is worth a look, a short one there is chance."""
    if word in parts.trade_name or word in parts.industry_term:
        return BLOCK
    return WARN if len(word) >= LONG_WORD else None


def _forbidden(word: Word, severity: str, parts: NameParts) -> Finding:
    ground = _lazily_in_language(word.ground_zh, word.ground_en)
    sentence = format_lazy(_("“{word}” can't stand in a company's name: it {ground}."), word=word.text, ground=ground)
    fix = format_lazy(_("Choose a name without “{word}”."), word=word.text)
    rule = f"forbidden_{word.group}"
    return Finding(rule, severity, _part(word.text, parts), (word.text,), sentence, fix, FORBIDDEN)


def _restricted(word: Word, parts: NameParts) -> Finding:
    leads = parts.core.startswith(word.text)
    sentence = _("A name that begins with “{word}” needs an approval above this office: {ground}.")
    fix = _("Leave “{word}” out.")
    if not leads:
        sentence = _("“{word}” inside a name may only qualify the industry: {ground}.")
        fix = _("Leave “{word}” out, unless it qualifies the industry or the two characters belong to different words.")
    ground = _lazily_in_language(word.ground_zh, word.ground_en)
    return Finding(
        "restricted_word",
        BLOCK if leads else WARN,
        _part(word.text, parts),
        (word.text,),
        format_lazy(sentence, word=word.text, ground=ground),
        format_lazy(fix, word=word.text),
        RESTRICTED,
    )


def _part(word: str, parts: NameParts) -> str:
    return "industry_term" if word in parts.industry_term else "trade_name"
