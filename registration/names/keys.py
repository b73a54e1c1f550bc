"""Keys by which names are looked up: equal text, equal sound, one contained in the other.

Each is an equality or a prefix of a stored column, so that a B-tree index answers. A registry keeps `text` and every
one of `sounds` with each taken name; a look-up asks for taken names whose text is `text` or one of `contained`, whose
text begins with `text`, or one of whose sounds is among `sounds`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product

from pypinyin import Style, pinyin

from registration.names.parts import tidy

READINGS_LIMIT = 64
SHORTEST_CONTAINED = 2


@dataclass(frozen=True)
class NameKeys:
    """`sounds` are the toneless readings of the trade name, the commonest first; `contained` its shorter parts."""

    text: str
    sounds: tuple[str, ...]
    contained: tuple[str, ...]


@dataclass(frozen=True)
class TakenName:
    """A name that can't be taken freely: registered, reserved, in_queue, or gone for less than a year.

    `state` is registered, reserved, in_queue, deregistered, renamed or revoked; `ref` says whose it is. Leaving out
    what has been gone for longer is the finder's work.
    """

    name: str
    trade_name: str
    industry_term: str
    ref: str = ""
    state: str = "registered"


Find = Callable[[NameKeys], Iterable[TakenName]]


def keys(trade_name: str) -> NameKeys:
    """The keys of a trade name."""
    text = tidy(trade_name)
    return NameKeys(text, sounds(text), _contained(text))


@lru_cache(maxsize=4096)
def sounds(text: str) -> tuple[str, ...]:
    """Every toneless reading, syllables apart by a space; at most 64, those of common readings first.

    Where the characters together make a word that the dictionary knows, its reading comes first.
    """
    likely = " ".join(syllables[0] for syllables in pinyin(text, style=Style.NORMAL))
    each = [pinyin(char, style=Style.NORMAL, heteronym=True)[0] for char in text]
    readings = [likely, *(" ".join(choice) for choice in islice(product(*each), READINGS_LIMIT))]
    return tuple(dict.fromkeys(reading for reading in readings if reading))


def find_in(taken: Iterable[TakenName]) -> Find:
    """A finder over names held in memory, answering as a registry's look-up should."""
    names = [(name, keys(name.trade_name)) for name in taken]

    def find(wanted: NameKeys) -> list[TakenName]:
        return [name for name, known in names if _meet(wanted, known)]

    return find


def is_contained(one: str, other: str) -> bool:
    """Whether one of two different trade names holds the other."""
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= SHORTEST_CONTAINED and shorter != longer and shorter in longer


def is_homophone(one: str, other: str) -> bool:
    """Whether two different trade names can be read alike, tones apart."""
    return one != other and len(one) == len(other) and not set(sounds(one)).isdisjoint(sounds(other))


def _meet(one: NameKeys, other: NameKeys) -> bool:
    return (
        one.text == other.text
        or not set(one.sounds).isdisjoint(other.sounds)
        or other.text in one.contained
        or one.text in other.contained
    )


def _contained(text: str) -> tuple[str, ...]:
    lengths = range(len(text) - 1, SHORTEST_CONTAINED - 1, -1)
    parts = (text[start : start + length] for length in lengths for start in range(len(text) - length + 1))
    return tuple(dict.fromkeys(parts))
