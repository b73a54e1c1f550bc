"""Reading a register's name: where its division ends, what is the trade name, where the industry begins.

Every way to divide the name is given a cost, and the cheapest is taken: trade names mostly have two characters, the
words of an industry are mostly known, a county written short mostly has a trade name behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from kernel.names.data_files import data
from kernel.names.industry_terms import SHORTEST_TRADE_NAME, Reading, cuts, is_word
from kernel.names.region_tables import CITY, PROVINCE
from kernel.names.regions import (
    is_county,
    is_long_county,
    is_word_too,
    may_stand_alone,
    nationwide,
    place_named,
    possible_divisions,
    split_division,
)
from kernel.names.variants import fold

LENGTHS = (9.0, 4.0, 0.0, 1.2, 2.2, 4.2, 6.3)  # what a trade name of so many characters costs
LONGER = 1.8  # for each character more
LONGEST_TRADE = 24  # characters that are looked at as an industry; of longer ones each would be read from its start
IS_INDUSTRY, NO_TRADE_NAME, MUST_HAVE_ONE = (
    2.0,
    1.6,
    4.0,
)  # a trade name that is an industry; none, by form
SPLITS_A_WORD = 0.9  # the trade name ends inside a word of industries
BEGINS_WITH_AND = 2.0  # an industry term begins with what only stands between two words
BEGINS_WITH_GROUP = 4.0  # a trade name begins with the word for a group, which is somebody's
IS_PLACE = 3.0  # a trade name that is a region, or begins with a province or city
TWO_DIVISIONS = 2.5  # one in front where another stands in brackets
_BRACKETS = re.compile("\uff08([^\uff08\uff09]+)\uff09")


def read(text: str, home: str = "", is_limited: bool = True) -> tuple[str, str, str]:
    """Division, trade name and industry term of a name without its form.

    A limited company has a trade name; what is called a company only (`is_limited` false) is of old times and may have
    none: "the city's gas company".

    `home` is the start of the code of the register's region: counties written short are looked for there first. A
    text that is an industry alone becomes the trade name, for the checks to refuse.
    """
    in_brackets, plain = data("forms")["group"]
    bracketed, text = _division_in_brackets(text.replace(in_brackets, plain))
    in_front = TWO_DIVISIONS if bracketed else 0.0
    best = min(
        _ways(text, home, is_limited), key=lambda way: way[0] + (in_front if way[1] else 0.0)
    )
    _cost, division, trade_name, industry_term = best
    if not bracketed and not division:
        division, industry_term = _place_behind(industry_term)
    if not bracketed and not division:
        division, trade_name = _place_behind(trade_name)
    return (bracketed or division), *_before_group(trade_name, industry_term, plain)


def _before_group(trade_name: str, industry_term: str, group: str) -> tuple[str, str]:
    """Trade name and industry term of a group's subsidiary: that is the name of the group, without the word."""
    own, word, rest = trade_name.partition(group)
    if word and len(own) >= SHORTEST_TRADE_NAME:
        return own, word + rest + industry_term
    return trade_name, industry_term


@lru_cache(maxsize=4096)
def read_core(core: str) -> tuple[str, str]:
    """Trade name and industry term of a text that holds nothing else; one that is an industry alone is left whole."""
    best = min(_partings(core, is_limited=False), key=lambda way: way[0])
    return best[1], best[2]


def _ways(text: str, home: str, is_limited: bool) -> Iterator[tuple[float, str, str, str]]:
    """(cost, division, trade name, industry term) of each way to divide the text."""
    for division, rest, cost in possible_divisions(text, home):
        for more, trade_name, term in _partings(rest, is_limited):
            is_place = _is_of_the_division(fold(trade_name), division)
            is_cut = not division and is_county(fold(trade_name + term[:1]))
            place = IS_PLACE if is_place or is_cut else 0
            yield cost + more + place, division, trade_name, term


def _partings(text: str, is_limited: bool) -> Iterator[tuple[float, str, str]]:
    """(cost, trade name, industry term) of each way to part what stands between division and form."""
    plain = fold(text)
    behind = _cuts(plain)
    of_group = BEGINS_WITH_GROUP if text.startswith(data("forms")["group"][1]) else 0
    if not text or _is_industry(behind[0]):
        none = (MUST_HAVE_ONE if is_limited else NO_TRADE_NAME) if text else LENGTHS[0]
        yield none, text, ""
    for length in range(1, len(text) + 1):
        may_be = SHORTEST_TRADE_NAME <= length <= LONGEST_TRADE
        cost = IS_INDUSTRY if may_be and _is_industry(_cuts(plain[:length])[0]) else 0
        cost += SPLITS_A_WORD if _is_split(plain, length) else 0
        cost += BEGINS_WITH_AND if plain[length : length + 1] in _connecting() else 0
        cost += LENGTHS[min(length, len(LENGTHS) - 1)]
        cost += LONGER * max(0, length - len(LENGTHS) + 1)
        yield cost + of_group + behind[length].cost, text[:length], text[length:]


def _is_industry(reading: Reading) -> bool:
    return (
        bool(reading.words)
        and not reading.strange
        and any(len(word) > 1 for word in reading.words)
        and reading.cost < 2
    )


def _is_split(text: str, place: int) -> bool:
    """Whether a word of three characters or more, or one that begins or ends with this border's, stands across it."""
    return any(
        is_word(text[start:end])
        for start in range(max(SHORTEST_TRADE_NAME, place - 3), place)
        for end in range(place + 1, min(len(text), place + 3) + 1)
    )


@lru_cache(maxsize=1)
def _connecting() -> frozenset[str]:
    return frozenset(data("industry_words")["connecting"])


@lru_cache(maxsize=4096)
def _is_of_the_division(trade_name: str, division: str) -> bool:
    """Whether what would be the trade name is rather a place: a region, or one that it begins with in front."""
    if not division and trade_name.startswith(nationwide()):
        return True
    if not division and (is_county(trade_name) or is_long_county(trade_name)):
        return True
    regions, rest = split_division(trade_name)
    if not regions:
        return False
    if division:  # one that lies inside it
        return not split_division(division + trade_name)[1] and not is_word_too(trade_name)
    is_word, is_city = is_word_too(regions[0].text), regions[0].level in (PROVINCE, CITY)
    if rest:
        return is_city and not is_word
    return not is_word or is_city


@lru_cache(maxsize=4096)
def _cuts(text: str) -> list[Reading]:
    return cuts(text)


def _place_behind(term: str) -> tuple[str, str]:
    """A province or city that ends a part of the name, as joint ventures write it, and the part without it."""
    for start in range(2, len(term) - 1):
        regions, rest = split_division(term[start:])
        if (
            not rest
            and regions
            and regions[0].level in (PROVINCE, CITY)
            and not is_word_too(term[start:])
        ):
            return term[start:], term[:start]
    return "", term


def _division_in_brackets(text: str) -> tuple[str, str]:
    for match in _BRACKETS.finditer(text):
        if match[1] in nationwide() or (place_named(match[1]) and may_stand_alone(match[1])):
            return match[1], text[: match.start()] + text[match.end() :]
    return "", text
