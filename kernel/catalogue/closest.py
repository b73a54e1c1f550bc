"""What comes closest to words that nothing is called by: an index over characters and sounds.

A term is a name, or a word that people say. It is compared with what was typed as a whole, then without what people say
around a trade (`everyday_affixes.json`: shop, factory, to repair …), which points to divisions of the standard instead.
What shares no two characters may still sound alike: pinyin, and characters mistyped for others of the same sound.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import log

from kernel.catalogue.spelling import pinyin
from kernel.catalogue.tables import DATA

LEAST = 0.1  # a likeness below says nothing
SURE = 0.6  # where the characters come to less, the sound is asked too
OTHER_WORDS = 0.95  # what a likeness is worth without its affix,
OTHER_SOUND = 0.85  # and by its sound alone
POINTED_TO = 0.1  # what the affix adds to classes of its divisions,
POINTED_AWAY = 0.12  # and takes from others
MOST_OF_A_STEM = 0.94  # however much that is, the whole text itself comes first
AGREEING = 0.1  # of what is missing to 1, a second term of the same record adds so much for its own likeness


@dataclass(frozen=True)
class Term:
    """A text that the record of a code is found by; `worth` from 0 to 1 says how well it stands for the record."""

    text: str
    code: str
    worth: float = 1.0


@dataclass(frozen=True)
class Stem:
    """What was typed without the words around it, and the beginnings of the codes that these point to."""

    text: str
    points_to: tuple[str, ...]


class Index:
    """The terms by the pieces of one and two signs that they hold; a sign is a character, or the sound of one."""

    def __init__(self, terms: Iterable[Term]):
        self.terms = tuple(terms)

    def closest(self, text: str) -> dict[str, float]:
        """How like the text the records of these codes are, from LEAST to about 1; empty where all are unlike."""
        likeness = self._all(text, tuple(text), self._written)
        if max(likeness.values(), default=0) < SURE:
            sounds = tuple(pinyin(text)) or syllables(text, self._sounds_known)
            for code, value in self._all(text, sounds, self._spoken).items():
                likeness[code] = max(likeness.get(code, 0), value * OTHER_SOUND)
        return {code: value for code, value in likeness.items() if value >= LEAST}

    def _all(self, text: str, signs: tuple[str, ...], pieces: "Pieces") -> dict[str, float]:
        found = defaultdict(float)
        self._add(found, pieces, signs, Stem(text, ()), 1.0)
        for stem in stems(text):
            rest = signs[text.find(stem.text) :][: len(stem.text)]
            self._add(found, pieces, rest, stem, OTHER_WORDS)
        return found

    def _add(
        self, found: dict, pieces: "Pieces", signs: tuple[str, ...], stem: Stem, worth: float
    ) -> None:
        for place, likeness in pieces.like(signs).items():
            term = self.terms[place]
            value = likeness * worth * term.worth
            if stem.points_to:
                is_there = term.code.startswith(stem.points_to)
                value += POINTED_TO if is_there else -POINTED_AWAY
            if worth < 1:
                value = min(value, MOST_OF_A_STEM)
            less, more = sorted((found[term.code], value))
            found[term.code] = more + AGREEING * max(0, less) * max(0, 1 - more)

    @cached_property
    def _written(self) -> "Pieces":
        return Pieces([tuple(term.text) for term in self.terms])

    @cached_property
    def _spoken(self) -> "Pieces":
        return Pieces([tuple(pinyin(term.text)) for term in self.terms])

    @cached_property
    def _sounds_known(self) -> frozenset[str]:
        return frozenset(sound for signs in self._spoken.texts for sound in signs)


class Pieces:
    """Texts as rows of signs, found by what they share with another row."""

    def __init__(self, texts: list[tuple[str, ...]]):
        self.texts = texts
        self.places = defaultdict(list)
        for place, signs in enumerate(texts):
            for piece in pieces_of(signs):
                self.places[piece].append(place)

    def like(self, signs: tuple[str, ...]) -> dict[int, float]:
        """The places of the texts that share a sign with these, each with the likeness from 0 to 1."""
        wanted = pieces_of(signs)
        weights = {piece: self._weight(piece) for piece in wanted}
        whole = sum(weights.values())
        shared = defaultdict(float)
        for piece in wanted:
            for place in self.places.get(piece, ()):
                shared[place] += weights[piece]
        return {
            place: self._likeness(signs, self.texts[place], weight / whole)
            for place, weight in shared.items()
        }

    def _likeness(self, signs: tuple, text: tuple, share: float) -> float:
        if signs == text:
            return 1.0
        shorter, longer = sorted((signs, text), key=len)
        start = within(shorter, longer)
        if start is None or len(shorter) < 2:
            return 0.6 * share * (0.5 + 0.5 * min(1, len(signs) / len(text)))
        is_at_the_edge = start == 0 or start + len(shorter) == len(longer)
        return 0.5 + 0.4 * len(shorter) / len(longer) + 0.03 * is_at_the_edge

    def _weight(self, piece: tuple[str, ...]) -> float:
        """Rare pieces tell more than common ones, and two signs more than one."""
        return len(piece) * log(1 + len(self.texts) / (1 + len(self.places.get(piece, ()))))


def pieces_of(signs: tuple[str, ...]) -> set[tuple[str, ...]]:
    """Each sign, each two in a row, and the last with the end: in Chinese it says what sort of thing a word names."""
    return {(sign,) for sign in signs} | set(zip(signs, (*signs[1:], ""), strict=False))


def within(part: tuple[str, ...], whole: tuple[str, ...]) -> int | None:
    """Where a row of signs begins in another; None where it isn't there."""
    width = len(part)
    starts = range(len(whole) - width + 1)
    return next((start for start in starts if whole[start : start + width] == part), None)


def stems(text: str) -> list[Stem]:
    """The text without its ending, its beginning and both, each with where these point to."""
    endings, beginnings = _affixes()
    ending = next((text[-n:] for n in range(4, 0, -1) if text[-n:] in endings and text[:-n]), "")
    beginning = next((text[:n] for n in range(4, 0, -1) if text[:n] in beginnings and text[n:]), "")
    found = []
    if ending:
        found.append(Stem(text.removesuffix(ending), tuple(endings[ending])))
    if beginning:
        found.append(Stem(text.removeprefix(beginning), tuple(beginnings[beginning])))
    if ending and beginning and len(beginning) + len(ending) < len(text):
        inner = text.removeprefix(beginning).removesuffix(ending)
        found.append(Stem(inner, tuple(beginnings[beginning] or endings[ending])))
    return found


def syllables(text: str, known: frozenset[str]) -> tuple[str, ...]:
    """Letters cut into known syllables of pinyin, the longest first; empty where they aren't pinyin throughout."""
    found, rest = [], text
    while rest:
        sound = next((rest[:n] for n in range(6, 0, -1) if rest[:n] in known), None)
        if sound is None:
            return ()
        found.append(sound)
        rest = rest[len(sound) :]
    return tuple(found)


@lru_cache
def _affixes() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    data = json.loads((DATA / "everyday_affixes.json").read_text(encoding="utf-8"))
    return data["endings"], data["beginnings"]
