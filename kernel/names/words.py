"""Words in names: what is refused, what needs somebody's consent or an approval first, what a person looks at.

The list is administered: `take_words_from` says where it is kept. Until then it is the data file's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain

from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kernel.catalogue.language import in_language
from kernel.names.data_files import data
from kernel.names.findings import BLOCK, WARN, Finding, provisions
from kernel.names.industry_terms import cut
from kernel.names.keys import readings, sounds
from kernel.names.parts import NameParts
from kernel.names.variants import fold

REFUSED, CONSENT, APPROVAL, LOOK = "refused", "consent", "approval", "look"
SEVERITIES = (REFUSED, CONSENT, APPROVAL, LOOK)
PART, WHOLE, WORD, FRONT, SOUND = "part", "whole", "word", "front", "sound"
MATCHES = (PART, WHOLE, WORD, FRONT, SOUND)
RESTRICTED = "restricted"  # the group of words that the State Council approves
ASKED = "look_"  # how the rules of findings begin that a person decides
LONG_WORD, CERTAIN = 3, 4
GAP = "\u3000"  # stands where a word was read over: no word holds it

_lazily_in_language = lazy(in_language, str)


@dataclass(frozen=True)
class Word:
    """`group` names the ground for machines, `ground_*` for people; `law_*` is what it stands on.

    `match` says where it counts: part (within the borders of words), whole (as the whole trade name), word (the same,
    and looked at inside a longer one), front (at the beginning), sound (its reading without tones).
    """

    text: str
    severity: str
    match: str
    group: str
    ground_zh: str
    ground_en: str
    law_zh: str = ""
    law_en: str = ""

    @cached_property
    def plain(self) -> str:
        """In simplified characters, as names are read."""
        return fold(self.text)


@dataclass(frozen=True, eq=False)
class Words:
    """A list of words as it stood at a moment; each reading is an object of its own. `version` 0 is the data file's."""

    entries: tuple[Word, ...]
    version: int = 0

    @cached_property
    def by_first(self) -> dict[str, tuple[Word, ...]]:
        """The words of a name, by their first character."""
        index: dict[str, list[Word]] = {}
        for word in self.entries:
            if word.match != SOUND:
                index.setdefault(word.plain[:1], []).append(word)
        return {char: tuple(words) for char, words in index.items()}

    @cached_property
    def sounding(self) -> dict[str, Word]:
        return {word.text: word for word in self.entries if word.match == SOUND}


@lru_cache(maxsize=1)
def words_in_file() -> Words:
    """The list that the product comes with."""
    return Words(
        tuple(
            Word(text, *(group[key] for key in _OF_GROUP))
            for group in data("name_words")["groups"]
            for text in group["words"].split()
        )
    )


_OF_GROUP = ("severity", "match", "group", "ground_zh", "ground_en", "law_zh", "law_en")
_source: list[Callable[[], Words]] = [words_in_file]


def take_words_from(source: Callable[[], Words]) -> None:
    """Say where the list is kept. A later call replaces the earlier one."""
    _source[:] = [source]


def words() -> Words:
    """The list in force."""
    return _source[0]()


@dataclass(frozen=True)
class Held:
    """A word of the list where a name holds it. `severity` is the word's, or milder where it may stand by chance.

    `start` is counted from where the trade name begins: one that begins in the division has it below 0."""

    word: Word
    start: int
    severity: str

    @property
    def end(self) -> int:
        return self.start + len(self.word.plain)


def check_words(parts: NameParts) -> Iterator[Finding]:
    """Findings about single words in the trade name and the industry term; traditional characters don't hide one."""
    parts = parts.simplified
    words_held = list(_held(parts))
    if not any(held.start == 0 and held.word.plain == parts.trade_name for held in words_held):
        words_held += _sounding(parts)
    around = _around(words_held)
    for held in words_held:
        if not any(_stands_in(held, other) for other in around(held) if other is not held):
            yield _finding(held, parts)


def _around(words_held: list[Held]) -> Callable[[Held], Iterator[Held]]:
    """Of each its neighbours that may hold it whole: a long name has hundreds, of which few do."""
    begun: dict[int, list[Held]] = {}
    for held in words_held:
        begun.setdefault(held.start, []).append(held)
    longest = max((len(held.word.plain) for held in words_held), default=0)

    def around(held: Held) -> Iterator[Held]:
        for start in range(held.end - longest, held.start + 1):
            yield from begun.get(start, ())

    return around


def _stands_in(held: Held, other: Held) -> bool:
    """Whether a longer word, at least as grave, says it all."""
    within = other.start <= held.start and held.end <= other.end
    longer = other.word.match != SOUND and len(other.word.plain) > len(held.word.plain)
    return within and longer and SEVERITIES.index(other.severity) <= SEVERITIES.index(held.severity)


def _held(parts: NameParts) -> Iterator[Held]:
    yield from _begun_by_the_division(parts)
    core, known = _without_borders(parts.core), words().by_first
    for start, char in enumerate(core):
        for word in known.get(char, ()):
            if core.startswith(word.plain, start) and (severity := _severity(word, start, parts)):
                yield Held(word, start, severity)


def _begun_by_the_division(parts: NameParts) -> Iterator[Held]:
    """Words that begin with the place in front of the trade name, as marks do that a place is known for."""
    endings = data("regions")["endings"]
    place = parts.division.removesuffix(next(filter(parts.division.endswith, endings), ""))
    for word in words().by_first.get(place[:1], ()):
        reaches_on = len(word.plain) > len(place) and (place + parts.core).startswith(word.plain)
        if word.match == PART and reaches_on:
            yield Held(word, -len(place), word.severity)


def _sounding(parts: NameParts) -> Iterator[Held]:
    """A trade name that sounds like a coarse word as a whole."""
    for reading in sounds(parts.trade_name) if len(parts.trade_name) <= CERTAIN else ():
        if word := words().sounding.get(reading.replace(" ", "")):
            yield Held(word, 0, word.severity)
            return


def _without_borders(core: str) -> str:
    """The core with gaps for the longer words in which one of the list stands by chance, or means something else."""
    for border in _borders_in(core):
        core = core.replace(border, GAP * len(border))
    return core


def _borders_in(core: str) -> list[str]:
    """The borders that begin with a character of the core, in the order of the data file."""
    begun = _borders_by_first()
    return [
        border
        for _place, border in sorted(
            chain.from_iterable(begun[c] for c in begun.keys() & set(core))
        )
    ]


@lru_cache(maxsize=1)
def _borders_by_first() -> dict[str, list[tuple[int, str]]]:
    index: dict[str, list[tuple[int, str]]] = {}
    for place, border in enumerate(data("name_words")["borders"]):
        index.setdefault(border[0], []).append((place, border))
    return index


def _severity(word: Word, start: int, parts: NameParts) -> str | None:
    """How grave the word is here; None where it means nothing."""
    if word.match == FRONT:
        if start == 0:
            return word.severity
        return None if word.plain in data("name_words")["only_in_front"] else LOOK
    alone = word.plain in (parts.trade_name, parts.industry_term)
    if word.match in (WHOLE, WORD):
        if word.plain == parts.trade_name or (word.match == WORD and alone):
            return word.severity
        if word.match == WORD:
            return _milder(LOOK, word, start, parts)
        longer = word.group in data("name_words")["longer"] and parts.trade_name[:2] == word.plain
        return LOOK if longer and len(parts.trade_name) > len(word.plain) else None
    return word.severity if alone else _milder(word.severity, word, start, parts)


def _milder(severity: str, word: Word, start: int, parts: NameParts) -> str | None:
    """Across the border of two words a short one is chance, a longer one worth a look, one of CERTAIN characters is no
    chance any more. The name of a place or of a person may hold one."""
    end = start + len(word.plain)
    if word.group not in data("name_words")["across"] and len(word.plain) < CERTAIN:
        if any(start < border < end for border in _borders(parts)):
            return LOOK if len(word.plain) >= LONG_WORD else None
    if parts.core[end : end + 1] in set(data("name_words")["places"]):
        return LOOK
    name, surnames = parts.trade_name, data("name_words")["surnames"]
    is_person = len(name) == LONG_WORD and name[0] in surnames and (start, end) == (1, LONG_WORD)
    return LOOK if is_person else severity


def _borders(parts: NameParts) -> set[int]:
    """Where words end in trade name and industry term, as the applicant parts them and as a register reads them."""
    borders = {len(parts.trade_name)}
    for trade_name, term in readings(parts):
        place = len(trade_name)
        for text in cut(term).words:
            borders.add(place)
            place += len(text)
    return borders


def _finding(held: Held, parts: NameParts) -> Finding:
    word, severity = held.word, held.severity
    sentence, fix = SENTENCES[
        severity if severity != APPROVAL or word.group != RESTRICTED else FRONT
    ]
    if word.group == RESTRICTED and severity == LOOK:
        sentence, fix = INSIDE
    ground = _lazily_in_language(word.ground_zh, word.ground_en)
    law = _lazily_in_language(word.law_zh, word.law_en) if word.law_zh else provisions(11)
    rule = f"forbidden_{word.group}" if severity != LOOK else f"{ASKED}{word.group}"
    if word.group == RESTRICTED:
        rule = "restricted_word" if severity != LOOK else "look_restricted"
    text = parts.trade_name if word.match == SOUND else word.text  # a sound is kept in pinyin
    in_term = held.start >= len(parts.trade_name) and parts.industry_term
    return Finding(
        rule,
        WARN if severity == LOOK else BLOCK,
        "industry_term" if in_term else "trade_name",
        (text,),
        format_lazy(sentence, word=text, ground=ground),
        format_lazy(fix, word=text),
        law,
        asks=severity,
    )


ANOTHER = _(
    "Choose a name without “{word}”, or say below why it may stand: then a person at the window decides."
)
SENTENCES = {
    REFUSED: (_("“{word}” can't stand in a company's name: it {ground}."), ANOTHER),
    CONSENT: (
        _("“{word}” needs the consent of whoever it belongs to: it {ground}."),
        _("Choose a name without “{word}”, or say below who has consented, and bring the paper."),
    ),
    APPROVAL: (
        _("“{word}” needs an approval first: it {ground}."),
        _(
            "Choose a name without “{word}”, or enter below the approval's number and who gave it, and bring the paper."
        ),
    ),
    FRONT: (
        _("A name that begins with “{word}” needs an approval above this office: {ground}."),
        _("Leave “{word}” out, or enter below the approval's number and who gave it."),
    ),
    LOOK: (
        _("A person at the window looks at “{word}”: it {ground}."),
        _("Nothing has to be done. The name can be filed; whether it stays is decided there."),
    ),
}
INSIDE = (
    _("“{word}” inside a name may only qualify the industry: {ground}."),
    _("Nothing has to be done. The name can be filed; whether it stays is decided there."),
)
