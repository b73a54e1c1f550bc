"""Keys by which names are looked up: two names can only conflict if they share one.

Every way in which trade names are compared is an equality of keys, so that an index answers, whatever the engine: the
pieces of a text and the text less one character, what it sounds like, how it looks, its characters in order. One key
more is of the words of trade name and industry term together. Sharing a key makes a candidate; `conflicts.relation`
decides.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date
from functools import lru_cache
from itertools import islice, product
from typing import NamedTuple

from pypinyin import Style, lazy_pinyin, pinyin

from kernel.names.parts import NameParts, tidy
from kernel.names.reading import read_core
from kernel.names.variants import fold, look

READINGS_LIMIT = 256
SHORTEST_CONTAINED, LONGEST_CONTAINED = 2, 6  # characters of a trade name that another one holds
GAP = "_"


class TakenName(NamedTuple):
    """A name that can't be taken freely: registered, reserved, in_queue, or gone a while ago.

    `state` is registered, reserved, in_queue, deregistered, renamed, revoked or forfeited (the licence is revoked, but
    the company isn't deregistered); `ref` says whose it is, `until` the last day on which it can't be taken, where
    there is one. Leaving out what has been gone for longer is the finder's work.
    """

    name: str
    trade_name: str
    industry_term: str
    ref: str = ""
    state: str = "registered"
    until: date | None = None


Find = Callable[
    [Collection[NameParts]], Iterable[TakenName]
]  # the taken names that share a key with any of these


def keys(trade_name: str) -> frozenset[str]:
    """The keys of a trade name: five for one of two characters, a dozen for one of four, more where readings vary."""
    text = fold(tidy(trade_name))
    if not text:
        return frozenset()
    return frozenset(
        [*(f"t{piece}" for piece in _pieces(text)), *_alike(text), f"a{''.join(sorted(text))}"]
    )


def look_ups(parts: NameParts) -> Iterator[tuple[str, frozenset[str]]]:
    """(industry term, keys) by which a name is looked for: by its trade name in its industry, by its words in any.

    What counts as trade name and what as industry is the applicant's word alone, while a register's names were read
    from their full text: so the name is looked for as it would be read there, too.
    """
    for trade_name, term in readings(parts):
        yield term, keys(trade_name)
    yield "", frozenset({words_key(parts.trade_name, parts.industry_term)})


def readings(parts: NameParts) -> Iterator[tuple[str, str]]:
    """(trade name, industry term) as the applicant parts them, and as a register would, in simplified characters."""
    written = fold(tidy(parts.trade_name)), fold(tidy(parts.industry_term))
    yield written
    read_again = read_core("".join(written))
    if read_again != written and len(read_again[0]) >= SHORTEST_CONTAINED:
        yield read_again


def words_key(trade_name: str, industry_term: str) -> str:
    """The key of all that tells a name from others, wherever trade name and industry term part and whichever leads."""
    return f"c{''.join(sorted(fold(tidy(trade_name + industry_term))))}"


def sounds(text: str) -> tuple[str, ...]:
    """Every toneless reading, syllables apart by a space; at most READINGS_LIMIT."""
    readings = product(*(sorted(readings_of(char)) for char in text))
    return tuple(" ".join(choice) for choice in islice(readings, READINGS_LIMIT))


def usual_sound(text: str) -> str:
    """The toneless reading that a word usually has, without spaces; what isn't Chinese stands in it as it is."""
    return "".join(lazy_pinyin(text))


@lru_cache(maxsize=30_000)
def readings_of(char: str) -> frozenset[str]:
    """How one character may be read, tones apart; itself where it isn't Chinese."""
    (readings,) = pinyin(char, style=Style.NORMAL, heteronym=True, errors=lambda strange: strange)
    return frozenset(readings)


def find_in(taken: Iterable[TakenName]) -> Find:
    """A finder over names held in memory, answering as the register's look-up does."""
    known = [
        (name, keys(name.trade_name) | {words_key(name.trade_name, name.industry_term)})
        for name in taken
    ]

    def find(wanted: Collection[NameParts]) -> list[TakenName]:
        named = [parts for parts in wanted if parts.trade_name]
        wanted_keys = frozenset().union(
            *(keys_of_name for parts in named for _term, keys_of_name in look_ups(parts))
        )
        return [name for name, own_keys in known if not own_keys.isdisjoint(wanted_keys)]

    return find


def _alike(text: str) -> Iterator[str]:
    """The keys of what the text sounds like and looks like."""
    yield from (f"s{reading}" for reading in sounds(text))
    yield f"l{look(text)}"


def _pieces(text: str) -> Iterator[str]:
    """The text, the parts that another trade name could be, and the text less one character.

    A trade name of two less one would be a single character; there the gap keeps its place.
    """
    yield text
    for length in range(SHORTEST_CONTAINED, min(len(text) - 1, LONGEST_CONTAINED) + 1):
        yield from (text[start : start + length] for start in range(len(text) - length + 1))
    if len(text) == SHORTEST_CONTAINED:
        yield from (text[0] + GAP, GAP + text[1])
    elif len(text) > SHORTEST_CONTAINED:
        yield from less_one(text)


def less_one(text: str) -> Iterator[str]:
    return (text[:place] + text[place + 1 :] for place in range(len(text)))
