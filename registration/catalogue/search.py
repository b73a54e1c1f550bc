"""Finding industries and scope items as somebody types: Chinese, pinyin, its initials, English, or the code."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple, TypeVar

from pypinyin import lazy_pinyin

from registration.catalogue.records import Industry, ScopeItem, industries, industry, scope_items

Record = TypeVar("Record", Industry, ScopeItem)


class Spelling(NamedTuple):
    """A record's texts, made ready for comparison; `tails` is its pinyin from each syllable on."""

    code: str
    chinese: str
    english: str
    also: str
    initials: str
    tails: tuple[str, ...]


def search_industries(text: str, limit: int = 20) -> list[Industry]:
    """Industries that match every word of `text`, the closest first and classes before divisions and sections.

    An empty text gives the classes from the start.
    """
    return _search(industries(), text, limit, nearness=lambda entry: -len(entry.code))


def search_scope(text: str, limit: int = 20, industry: str | None = None) -> list[ScopeItem]:
    """Scope items that match every word of `text`, the closest first.

    With the code of an industry, its own items come first, then those of its division; an empty text then gives these
    alone. An unknown industry changes nothing.
    """
    items: Iterable[ScopeItem] = scope_items()
    if not text.strip() and industry:
        near = [item for item in items if _distance(item, industry) < 2]
        items = near or items
    return _search(items, text, limit, nearness=lambda item: _distance(item, industry))


def _distance(item: ScopeItem, code: str | None) -> int:
    if not code or item.industry == code:
        return 0
    return 1 if item.industry[:2] == code[:2] or _section(item.industry) == code else 2


def _section(code: str) -> str:
    return industry(code[:2]).parent


def _search(records: Iterable[Record], text: str, limit: int, nearness: Callable[[Record], int]) -> list[Record]:
    words = _plain(text).split()
    ranked = []
    for place, record in enumerate(records):
        ranks = [_rank(_spelling(record), word) for word in words]
        if None not in ranks:
            ranked.append((max(ranks, default=0), nearness(record), place, record))
    return [record for *_order, record in sorted(ranked, key=lambda entry: entry[:3])[:limit]]


def _rank(spelling: Spelling, word: str) -> int | None:
    """How closely a word fits, 0 best; None when it doesn't."""
    if word in (spelling.chinese, spelling.code):
        return 0
    if spelling.chinese.startswith(word) or spelling.code.startswith(word):
        return 1
    if word in spelling.chinese or word in spelling.also:
        return 2
    if spelling.initials.startswith(word) or spelling.tails[0].startswith(word):
        return 3
    if word in spelling.english:
        return 4
    if word in spelling.initials or any(tail.startswith(word) for tail in spelling.tails):
        return 5
    return None


@lru_cache(maxsize=4096)
def _spelling(record: Industry | ScopeItem) -> Spelling:
    chinese = _plain(record.name_zh)
    syllables = [syllable for syllable in lazy_pinyin(chinese, errors="ignore") if syllable]
    also = " ".join(getattr(record, "also", ()))
    return Spelling(
        code=record.code.lower(),
        chinese=chinese,
        english=record.name_en.lower(),
        also=also,
        initials="".join(syllable[0] for syllable in syllables),
        tails=tuple("".join(syllables[start:]) for start in range(len(syllables))) or ("",),
    )


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lower()
