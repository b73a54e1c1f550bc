"""Industry terms of company names: which words say a trade, which trades are the same, and what isn't understood."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from kernel.catalogue import everyday_words
from kernel.names.data_files import data
from kernel.names.variants import fold

SHORTEST_TRADE_NAME = 2
SHORTEST_EVERYDAY_WORD = 3  # characters: shorter ones are often a part of a trade name as well
KNOWN, SINGLE, STRANGE, STRANGE_RUN, STRANGE_END = 0.3, 1.5, 1.7, 0.8, 1.5
OF_A_KIND = {
    2: 1.9,
    3: 3.0,
}  # so many characters that nobody knows, the last of which says a kind: machine, paper
NEVER = float("inf")


class Reading(NamedTuple):
    """An industry term cut into words. `cost` is low where known words cover it; `words` the words, an unknown
    stretch as one of them; `strange` the unknown stretches."""

    cost: float
    words: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def _groups() -> dict[str, dict]:
    """Each term of a group → its group."""
    return {term: group for group in data("industry_terms")["groups"] for term in group["terms"]}


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    """All that is known to say something of a trade, or to stand beside what does."""
    own = frozenset(_groups()) | frozenset(data("industry_words")["words"].split())
    return own | {word for word in everyday_words() if _says_a_trade_alone(word)}


def _says_a_trade_alone(word: str) -> bool:
    """Whether an everyday word is long enough to be no part of a trade name, and nobody's mark."""
    return len(word) >= SHORTEST_EVERYDAY_WORD and word not in _marks()


@lru_cache(maxsize=1)
def _marks() -> frozenset[str]:
    groups = data("name_words")["groups"]
    texts = (group["words"] for group in groups if group["group"] == "mark")
    return frozenset(word for text in texts for word in text.split())


def is_word(text: str) -> bool:
    """Whether a text is one of the words of industries."""
    return text in _words()


@lru_cache(maxsize=1)
def _kinds() -> frozenset[str]:
    """The characters that end words of trades ten times as often as trade names."""
    return frozenset(data("industry_words")["kinds"])


@lru_cache(maxsize=4096)
def cut(text: str) -> Reading:
    """`text` in the words that cost least: known ones, and stretches that nobody knows."""
    if len(text) > 1 and text in _words():
        return Reading(KNOWN, (text,))  # two of them cost more, and one that isn't known does
    return cuts(text)[0]


def cuts(text: str) -> list[Reading]:
    """For each place of the text, and its end: what follows it in the words that cost least."""
    best = [Reading(0.0)]
    for start in range(len(text) - 1, -1, -1):
        best.append(_reading_from(text, start, best))
    return best[::-1]


def _reading_from(text: str, start: int, best: list[Reading]) -> Reading:
    """The cheapest way to go on at `start`; `best` has the readings of what follows, the shortest first.

    Asked for each place of each name, so it makes the one reading that it gives and no other.
    """
    cost, length, is_known = _cheapest_word(text, start, best)
    after = best[len(text) - start - 1]
    goes_on = bool(after.strange) and after.words[0] == after.strange[0]  # into an unknown stretch
    strange = after.cost + STRANGE
    if not goes_on:
        strange += STRANGE_RUN + (0 if after.words else STRANGE_END)
    if strange < cost and goes_on:
        word = text[start] + after.words[0]
        return Reading(strange, (word, *after.words[1:]), (word, *after.strange[1:]))
    if strange < cost:
        cost, length, is_known = strange, 1, False
    word, rest = text[start : start + length], best[len(text) - start - length]
    return Reading(cost, (word, *rest.words), rest.strange if is_known else (word, *rest.strange))


def _cheapest_word(text: str, start: int, best: list[Reading]) -> tuple[float, int, bool]:
    """(cost with all that follows, length, whether it is known) of a word at `start`: a known one, or one of a kind."""
    cost, length, is_known = NEVER, 1, False
    left = len(text) - start
    for size in _lengths().get(text[start], ()):
        if size <= left and text[start : start + size] in _words():
            known = best[left - size].cost + (KNOWN if size > 1 else SINGLE)
            if known < cost:
                cost, length, is_known = known, size, True
    for size, of_a_kind in OF_A_KIND.items():
        if size <= left and text[start + size - 1] in _kinds():
            unknown = best[left - size].cost + of_a_kind
            if unknown < cost:
                cost, length, is_known = unknown, size, False
    return cost, length, is_known


@lru_cache(maxsize=1)
def _lengths() -> dict[str, tuple[int, ...]]:
    """How long the words are that begin with a character."""
    lengths: dict[str, set[int]] = {}
    for word in _words():
        lengths.setdefault(word[0], set()).add(len(word))
    return {char: tuple(sorted(of_char)) for char, of_char in lengths.items()}


def is_industry_term(text: str) -> bool:
    """Whether `text` is made of known words of two characters or more alone, the last of them more than filler."""
    reading = cut(text)
    return bool(text) and not reading.strange and reading.cost < KNOWN * len(text)


def says_a_trade(text: str) -> bool:
    """Whether a text names an industry: not what only stands beside such words alone (international, China)."""
    groups = (_groups().get(word, {"filler": True}) for word in cut(fold(text)).words)
    return not all(group.get("filler") for group in groups)


@dataclass(frozen=True)
class Trade:
    """What an industry term says. `content` are the trades that it names; `generic` the words for business as such
    (technology, trade, enterprise), `strange` what isn't understood."""

    content: frozenset[str] = frozenset()
    generic: frozenset[str] = frozenset()
    strange: tuple[str, ...] = ()

    @property
    def is_understood(self) -> bool:
        return not self.strange

    @property
    def meaning(self) -> frozenset[str]:
        """The trades, the generic words where there are none."""
        return self.content or self.generic


@lru_cache(maxsize=16_384)
def trade_of(term: str) -> Trade:
    """What an industry term says, traditional characters as simplified ones."""
    reading = cut(fold(term))
    content: set[str] = set()
    generic: set[str] = set()
    filler: set[str] = set()
    for word in reading.words:
        group = _groups().get(word)
        if word in reading.strange:
            continue
        if group is None:
            content.add(word)
        elif group.get("filler"):
            filler.add(word)
        else:
            (generic if group.get("generic") else content).add(group["id"])
    return Trade(frozenset(content), frozenset(generic or filler), reading.strange)


def meaning_keys(term: str) -> frozenset[str]:
    """The trades of a term, each by itself: two of the same meaning share one. None where it isn't understood."""
    trade = trade_of(term)
    return trade.meaning if trade.is_understood else frozenset()


def is_same_meaning(term: str, other: str) -> bool:
    """Whether two terms that are understood say the same in other words, or one of them a part of the other."""
    trade, other_trade = trade_of(term), trade_of(other)
    if not (
        trade.is_understood and other_trade.is_understood and trade.meaning and other_trade.meaning
    ):
        return False
    return trade.meaning <= other_trade.meaning or other_trade.meaning <= trade.meaning
