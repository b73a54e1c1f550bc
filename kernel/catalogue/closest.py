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
SHORTENED = 0.7  # the likeness of a word and its short form,
LONGEST_IN_FULL = 2  # and how many times as long the full one may be
MOST_OF_A_STEM = 0.94  # however much that is, the whole text itself comes first
END, UNHEARD, FIRST_SIGN = (
    "\n",
    "\r",
    0xE000,
)  # signs of no character; those of sounds from FIRST_SIGN on
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
    """The terms by the pieces of one and two signs that they hold.

    A sign is a character, or one that stands for a sound, so that both are compared as text.
    """

    def __init__(self, terms: Iterable[Term]):
        self.terms = tuple(terms)

    def closest(self, text: str) -> dict[str, float]:
        """How like the text the records of these codes are, from LEAST to about 1; empty where all are unlike."""
        likeness = self._all(text, text, self._written)
        if max(likeness.values(), default=0) < SURE:
            sounds = pinyin(text) or syllables(text, frozenset(self._sounds))
            spoken = "".join(self._sounds.get(sound, UNHEARD) for sound in sounds)
            for code, value in self._all(text, spoken, self._spoken).items():
                likeness[code] = max(likeness.get(code, 0), value * OTHER_SOUND)
        return {code: value for code, value in likeness.items() if value >= LEAST}

    def _all(self, text: str, signs: str, pieces: "Pieces") -> dict[str, float]:
        worths: defaultdict[str, float] = defaultdict(float)
        self._add(worths, pieces, signs, Stem(text, ()), 1.0)
        if len(signs) == len(text):  # a sign for each character: it is Chinese throughout
            for stem in stems(text):
                start = text.find(stem.text)
                self._add(worths, pieces, signs[start : start + len(stem.text)], stem, OTHER_WORDS)
        return worths

    def _add(self, worths: dict, pieces: "Pieces", signs: str, stem: Stem, worth: float) -> None:
        for place, likeness in pieces.like(signs).items():
            term = self.terms[place]
            value = likeness * worth * term.worth
            if stem.points_to:
                is_there = term.code.startswith(stem.points_to)
                value += POINTED_TO if is_there else -POINTED_AWAY
            if worth < 1:
                value = min(value, MOST_OF_A_STEM)
            less, more = sorted((worths[term.code], value))
            worths[term.code] = more + AGREEING * max(0, less) * max(0, 1 - more)

    @cached_property
    def _written(self) -> "Pieces":
        return Pieces([term.text for term in self.terms])

    @cached_property
    def _spoken(self) -> "Pieces":
        sounds = self._sounds
        return Pieces(
            ["".join(sounds[sound] for sound in pinyin(term.text)) for term in self.terms]
        )

    @cached_property
    def _sounds(self) -> dict[str, str]:
        """The syllables of the terms, each with a sign of its own."""
        known = dict.fromkeys(sound for term in self.terms for sound in pinyin(term.text))
        return {sound: chr(FIRST_SIGN + place) for place, sound in enumerate(known)}


class Pieces:
    """Texts, found by the signs that they share with another."""

    def __init__(self, texts: list[str]):
        self.texts = texts
        self.places = defaultdict(list)
        for place, signs in enumerate(texts):
            for piece in pieces_of(signs):
                self.places[piece].append(place)

    def like(self, signs: str) -> dict[int, float]:
        """The places of the texts that share a sign with these, each with the likeness from 0 to 1."""
        wanted = pieces_of(signs)
        weights = {piece: self._weight(piece) for piece in wanted}
        whole = sum(weights.values())
        shared: defaultdict[int, float] = defaultdict(float)
        for piece in wanted:
            for place in self.places.get(piece, ()):
                shared[place] += weights[piece]
        return {
            place: self._likeness(signs, self.texts[place], weight / whole)
            for place, weight in shared.items()
        }

    def _likeness(self, signs: str, text: str, share: float) -> float:
        if signs == text:
            return 1.0
        shorter, longer = (signs, text) if len(signs) < len(text) else (text, signs)
        if len(shorter) < 2 or shorter not in longer:
            value = 0.6 * share * (0.5 + 0.5 * min(1, len(signs) / len(text)))
            return max(value, SHORTENED) if is_short_for(shorter, longer) else value
        is_at_the_edge = longer.startswith(shorter) or longer.endswith(shorter)
        return 0.5 + 0.4 * len(shorter) / len(longer) + 0.03 * is_at_the_edge

    def _weight(self, piece: str) -> float:
        """Rare pieces tell more than common ones, and two signs more than one."""
        return len(piece) * log(1 + len(self.texts) / (1 + len(self.places.get(piece, ()))))


def pieces_of(signs: str) -> set[str]:
    """Each sign, each two in a row, and the last with the end: in Chinese it says what sort of thing a word names."""
    return set(signs) | set(map("".join, zip(signs, (signs + END)[1:], strict=True)))


def is_short_for(shorter: str, longer: str) -> bool:
    """Whether one is the other with characters left out inside, as Chinese shortens words."""
    is_framed_alike = shorter[0] == longer[0] and shorter[-1] == longer[-1]
    if not is_framed_alike or len(longer) > LONGEST_IN_FULL * len(shorter):
        return False
    rest = iter(longer)
    return all(sign in rest for sign in shorter)


def stems(text: str) -> list[Stem]:
    """The text without its ending, its beginning and both, each with where these point to."""
    endings, beginnings = _affixes()
    ending = next((text[-n:] for n in range(4, 0, -1) if text[-n:] in endings and text[:-n]), "")
    beginning = next((text[:n] for n in range(4, 0, -1) if text[:n] in beginnings and text[n:]), "")
    shorter = []
    if ending:
        shorter.append(Stem(text.removesuffix(ending), tuple(endings[ending])))
    if beginning:
        shorter.append(Stem(text.removeprefix(beginning), tuple(beginnings[beginning])))
    if ending and beginning and len(beginning) + len(ending) < len(text):
        inner = text.removeprefix(beginning).removesuffix(ending)
        shorter.append(Stem(inner, tuple(beginnings[beginning] or endings[ending])))
    return shorter


def syllables(text: str, known: frozenset[str]) -> tuple[str, ...]:
    """Letters cut into known syllables of pinyin, the longest first; empty where they aren't pinyin throughout."""
    split, rest = [], text
    while rest:
        sound = next((rest[:n] for n in range(6, 0, -1) if rest[:n] in known), None)
        if sound is None:
            return ()
        split.append(sound)
        rest = rest[len(sound) :]
    return tuple(split)


@lru_cache
def _affixes() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    data = json.loads((DATA / "everyday_affixes.json").read_text(encoding="utf-8"))
    return data["endings"], data["beginnings"]
