"""Words that a name may not hold, and words that need an approval above the zone.

The list is administered: `take_words_from` says where it is kept. Until then it is the data file's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kernel.catalogue.language import in_language
from kernel.names.data_files import data
from kernel.names.findings import BLOCK, WARN, Finding, provisions
from kernel.names.parts import NameParts
from kernel.names.variants import fold

FORBIDDEN, RESTRICTED = provisions(11), provisions(12)
IS_FORBIDDEN, IS_RESTRICTED = "forbidden", "restricted"
LONG_WORD, CERTAIN = 3, 4
GAP = "\u3000"  # stands where a word was read over: no word holds it

_lazily_in_language = lazy(in_language, str)


@dataclass(frozen=True)
class Word:
    """`kind` is IS_FORBIDDEN or IS_RESTRICTED; `group` names the ground for machines, `ground_*` for people."""

    text: str
    kind: str
    group: str
    ground_zh: str
    ground_en: str

    @cached_property
    def plain(self) -> str:
        """In simplified characters, as names are read."""
        return fold(self.text)


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
    parts = _without_borders(parts.simplified)
    held = [word for word in words().entries if _holds(parts, word)]
    for word in held:
        if word.kind == IS_RESTRICTED:
            yield _restricted(word, parts)
        elif not any(
            word is not other and word.group == other.group and word.plain in other.plain
            for other in held
        ):
            severity = _severity(word, parts)
            if severity:
                yield _forbidden(word, severity, parts)


@lru_cache(maxsize=2)
def _groups(mark: str) -> frozenset[str]:
    """The groups that the data file marks: `whole` (refused as the whole trade name alone) or `across` (refused across
    two parts, too)."""
    return frozenset(group["id"] for group in data("forbidden_words")["groups"] if group.get(mark))


def _holds(parts: NameParts, word: Word) -> bool:
    return (
        word.plain == parts.trade_name
        if word.group in _groups("whole")
        else word.plain in parts.core
    )


def _without_borders(parts: NameParts) -> NameParts:
    """The name with gaps for the longer words in which a forbidden one stands by chance, or means something else."""
    core, cut = parts.core, len(parts.trade_name)
    for border in data("forbidden_words")["borders"]:
        core = core.replace(border, GAP * len(border))
    return replace(parts, trade_name=core[:cut], industry_term=core[cut:])


def _severity(word: Word, parts: NameParts) -> str | None:
    """Inside one part a word blocks; across two parts a short one is chance, a long one worth a look, and one of
    CERTAIN characters no chance any more."""
    inside = word.plain in parts.trade_name or word.plain in parts.industry_term
    if inside or len(word.text) >= CERTAIN or word.group in _groups("across"):
        return BLOCK
    return WARN if len(word.text) >= LONG_WORD else None


def _forbidden(word: Word, severity: str, parts: NameParts) -> Finding:
    ground = _lazily_in_language(word.ground_zh, word.ground_en)
    sentence = format_lazy(
        _("“{word}” can't stand in a company's name: it {ground}."), word=word.text, ground=ground
    )
    fix = format_lazy(_("Choose a name without “{word}”."), word=word.text)
    rule = f"forbidden_{word.group}"
    return Finding(rule, severity, _part(word.plain, parts), (word.text,), sentence, fix, FORBIDDEN)


def _restricted(word: Word, parts: NameParts) -> Finding:
    leads = parts.core.startswith(word.plain)
    sentence = _("A name that begins with “{word}” needs an approval above this office: {ground}.")
    fix = _("Leave “{word}” out.")
    if not leads:
        sentence = _("“{word}” inside a name may only qualify the industry: {ground}.")
        fix = _(
            "Leave “{word}” out, unless it qualifies the industry or the two characters belong to different words."
        )
    ground = _lazily_in_language(word.ground_zh, word.ground_en)
    return Finding(
        "restricted_word",
        BLOCK if leads else WARN,
        _part(word.plain, parts),
        (word.text,),
        format_lazy(sentence, word=word.text, ground=ground),
        format_lazy(fix, word=word.text),
        RESTRICTED,
    )


def _part(word: str, parts: NameParts) -> str:
    return "industry_term" if word in parts.industry_term else "trade_name"
