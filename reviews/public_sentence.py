"""What may stand in the sentence that is published of a repair. Plain functions.

It says what was reported and what was changed, and nothing by which anybody could tell who wrote: no name, company,
number or address of the case; and where fewer than five are of its kind, no time of day either.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from kernel.core.words import Words
from reviews.themes import in_file

FEW = 5  # of a kind: with fewer, nothing that could identify
SHORTEST_PART = 2  # characters of a name or an address that are looked for
LONG_NUMBER = re.compile(r"\d{6,}")


@dataclass(frozen=True)
class Known:
    """What the portal knows of the writer's case: `names` of people, `company` as it is called and its trade name,
    `numbers` (of the case, the company, phones, the review code), `places` (the parts of the address)."""

    names: frozenset[str] = frozenset()
    company: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()


def faults(sentence: str, known: Known, of_its_kind: int) -> list[Words]:
    """What is wrong with a sentence for the public, each as a sentence that says what to do; empty where nothing is."""
    plain = _plain(sentence)
    found: list[Words] = []
    if _any(plain, known.names):
        found.append(_("It names somebody of the case. Leave the name out."))
    if _any(plain, known.company):
        found.append(_("It names the company. Write “a company” instead."))
    if _any(plain, known.numbers, 4) or LONG_NUMBER.search(plain):
        found.append(_("It holds a number by which the case can be found. Leave it out."))
    if _any(plain, known.places):
        found.append(_("It holds a part of the company's address. Leave it out."))
    if of_its_kind < FEW and says_a_time_of_day(sentence):
        found.append(
            _("Fewer than five reviews are of this kind, so a time of day may not stand in it.")
        )
    return found


def names(text: str, known: Known) -> bool:
    """Whether words say who wrote them, or of which case."""
    plain = _plain(text)
    return _any(plain, known.names) or _any(plain, known.company) or _any(plain, known.numbers, 4)


def says_a_time_of_day(sentence: str) -> bool:
    """Whether it says an hour, or a part of the day."""
    words, text = in_file()["public"], unicodedata.normalize("NFKC", sentence).casefold()
    hours = "|".join(map(re.escape, words["hours"]))
    if re.search(rf"\d{{1,2}}\s*:\s*\d{{2}}|\d{{1,2}}\s*(?:{hours})(?![a-z])", text):
        return True
    return any(word in text for word in words["times"])


def address_parts(address: str) -> frozenset[str]:
    """The parts of an address that lead to a door: road, village, building, number; not the zone's own divisions."""
    words = in_file()["public"]
    roads, doors = ("|".join(words[name]) for name in ("roads", "doors"))
    divisions = "|".join(words["divisions"])
    address = re.sub(rf"^(?:[^\W\d_]{{1,8}}?(?:{divisions}))+", "", address)
    parts = re.findall(rf"[^\W\d_]{{2,}}?(?:{roads})", address)
    numbers = re.findall(rf"\d+\s*(?:{doors})", address)
    english = re.findall(
        r"[A-Z][A-Za-z]+ (?:Road|Street|Avenue|Lane|Tower|Building|Plaza)", address
    )
    return frozenset((*parts, *english, *(number for number in numbers if len(number) > 2)))


def _any(plain: str, parts: Iterable[str], least: int = SHORTEST_PART) -> bool:
    looked_for = (_plain(part) for part in parts)
    return any(len(part) >= least and part in plain for part in looked_for)


def _plain(text: str) -> str:
    kept = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in kept if unicodedata.category(char)[0] not in "ZCP")
