"""Provinces, cities, districts and zones as company names write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from kernel.names.data_files import data
from kernel.names.region_tables import (
    CITY,
    DISTRICT,
    PROVINCE,
    ZONE,
    Region,
    by_text,
    longest,
    own_meaning,
    short_counties,
)

CERTAIN, POSSIBLE = "certain", "possible"
BEHIND_ITS_CITY, AT_HOME, ALONE, A_WORD, NOT_ALONE = (
    0.4,
    0.2,
    0.7,
    1.8,
    9.0,
)  # a county written short
CITY_A_WORD = 0.1
FORMER = 0.2  # a county by what it was before
TOWN = 0.6
WHOLE_COUNTY = (
    3  # characters of a county's name with what it is; shorter ones are too much like a trade name
)
ELSEWHERE = 1.2  # a city behind a province that isn't its own, as joint ventures write it
LEAVES_WHAT_IT_IS = 2.5  # "city" or "province" left to the trade name


@lru_cache(maxsize=2)
def _inside(kind: str, least: int) -> re.Pattern:
    """A place of some characters before one of the endings of the data file."""
    return re.compile(f"[\u4e00-\u9fff]{{{least},4}}?(?:{'|'.join(data('regions')[kind])})")


def nationwide() -> tuple[str, ...]:
    """The words that stand in the place of a division where a company works in the whole country."""
    return tuple(data("regions")["nationwide"])


def split_division(text: str) -> tuple[tuple[Region, ...], str]:
    """The regions that `text` begins with, each inside the one before, and what is left.

    Provinces and cities may be written short. A county that begins a name on its own is recognised by its full name.
    """
    regions: list[Region] = []
    while text:
        region = _first_region(text, regions[-1] if regions else None)
        if region is None:
            break
        regions.append(region)
        text = text[len(region.text) :]
    return tuple(regions), text


def possible_divisions(text: str, home: str = "") -> Iterator[tuple[str, str, float]]:
    """(division, what is left, cost) of each way in which a name may begin with a division, and of none.

    A county may be written short: behind its city, and alone where it lies in `home` (the start of a code) or its
    name is no other word; behind a county its town may stand. The cost says how bold the reading is.
    """
    yield "", text, 0.0
    if text.startswith(nationwide()):
        yield text[:2], text[2:], ALONE
    reached: list[tuple[tuple[Region, ...], int, float]] = [((), 0, 0.0)]
    while reached:
        outer, start, cost = reached.pop()
        for region, more in _beginning(text[start:], outer, home):
            end = start + len(region.text)
            reached.append(((*outer, region), end, cost + more))
            yield text[:end], text[end:], cost + more
            if place := _place_inside(region, text[end:]):
                yield text[: end + place], text[end + place :], cost + more + TOWN


def _place_inside(region: Region, text: str) -> int:
    """How many characters of the text name a town of this county, or a zone of this city or county."""
    named = _inside("inner_zones", 2).match(text) if region.level != ZONE else None
    if region.level == DISTRICT:
        named = _inside("town_endings", 1).match(text) or named
        seat = next(filter(text.startswith, data("regions")["seats"]), "")
        return named.end() if named else len(seat)
    return named.end() if named else 0


def _beginning(text: str, outer: tuple[Region, ...], home: str) -> Iterator[tuple[Region, float]]:
    """The regions that the text begins with inside `outer`, each with its cost."""
    last = outer[-1] if outer else None
    for length in range(2, min(longest(), len(text)) + 1):
        word = text[:length]
        yield from (
            (region, _boldness(region, last, home) + _cut_short(region, text))
            for region in by_text().get(word, ())
            if _fits(region, last) or _lies_elsewhere(region, last)
        )
        yield from (
            (region, _boldness_of_short(region, last, home) + _cut_short(region, text))
            for region in short_counties().get(word, ())
            if _fits(region, last)
        )


def _boldness(region: Region, outer: Region | None, home: str) -> float:
    if outer is not None and not _fits(region, outer):
        return ELSEWHERE
    if outer is not None or region.text not in own_meaning():
        return 0.0
    at_home = bool(home) and region.code.startswith(home[:2])
    return 0.0 if at_home or region.level == PROVINCE else CITY_A_WORD


def _cut_short(region: Region, text: str) -> float:
    """The cost of leaving what says province or city to the trade name."""
    word = text[: len(region.text) + 1]
    longer = (*by_text().get(word, ()), *short_counties().get(word, ()))
    is_cut = any(other.level != ZONE for other in longer)
    return LEAVES_WHAT_IT_IS if is_cut else 0.0


def _boldness_of_short(region: Region, outer: Region | None, home: str) -> float:
    if region.text.endswith(tuple(data("regions")["endings"])):
        return FORMER
    if outer is not None:
        return BEHIND_ITS_CITY
    if region.text in data("regions")["not_alone"]:
        return NOT_ALONE
    if home and region.code.startswith(home):
        return AT_HOME
    return A_WORD if region.text in own_meaning() else ALONE


def _first_region(text: str, outer: Region | None) -> Region | None:
    for length in range(min(longest(), len(text)), 1, -1):
        for region in by_text().get(text[:length], ()):
            if _fits(region, outer):
                return region
    return None


def _fits(region: Region, outer: Region | None) -> bool:
    if outer is None:
        return True
    if outer.level == ZONE:
        return False
    return region.level == ZONE or (
        region.code.startswith(outer.code) and region.code != outer.code
    )


def _lies_elsewhere(region: Region, outer: Region | None) -> bool:
    """Whether a city stands behind a province that isn't its own, or a county, written whole, behind another's city:
    counties move, and names stay.

    One whose name is an ordinary word, or a province's too, is rather a part of the trade name.
    """
    if outer is None or region.text in own_meaning():
        return False
    if region.level == DISTRICT and region.text.endswith(tuple(data("regions")["endings"])):
        return outer.level != ZONE and len(region.text) >= WHOLE_COUNTY
    if outer.level != PROVINCE:
        return False
    return {namesake.level for namesake in by_text()[region.text]} == {CITY}


def lacks_city(regions: tuple[Region, ...]) -> bool:
    """Whether a district of a city stands without its city. Counties and county-level cities may stand alone."""
    if not any(region.level == DISTRICT and _is_urban(region) for region in regions):
        return False
    return not any(
        region.level == CITY or region.code in data("regions")["municipalities"]
        for region in regions
    )


def _is_urban(region: Region) -> bool:
    return region.text.endswith(data("regions")["district_ending"])


def is_province(division: str) -> bool:
    """Whether a division is a province alone: the province's registry judges such a name."""
    regions, rest = split_division(division)
    return bool(regions) and not rest and [region.level for region in regions] == [PROVINCE]


def is_zone_alone(regions: tuple[Region, ...]) -> bool:
    """Whether a development zone stands without any region in front."""
    return bool(regions) and regions[0].level == ZONE


def place_named(text: str) -> str | None:
    """How surely `text` names a place and nothing else: certain, possible, or None when it names none.

    Counties written short, and the few cities whose short name is a word of its own, are possible only.
    """
    if text in own_meaning():
        return POSSIBLE
    regions, rest = split_division(text)
    if regions and not rest:
        return CERTAIN
    return POSSIBLE if text in short_counties() else None


def cities_of(district: Region) -> tuple[str, ...]:
    """The cities that have a district of that name."""
    codes = {
        region.code[:4] for region in by_text().get(district.text, ()) if region.level == DISTRICT
    }
    return tuple(city["name"] for city in data("regions")["cities"] if city["code"] in codes)


def is_county(text: str) -> bool:
    """Whether a text is the name of a county, or of what is a city or a district today and was one."""
    ending = data("regions")["former_endings"]
    return text.endswith(tuple(ending)) and bool(short_counties().get(text) or by_text().get(text))


def is_written_short(division: str) -> bool:
    """Whether a division ends in a county or district of today written short: a county alone, a district of a city
    behind its city."""
    regions, rest = split_division(division)
    outer = regions[-1] if regions else None
    for region in short_counties().get(rest, ()):
        full = data("regions")["counties"].get(region.code[:4], {}).get(region.code[4:], "")
        is_city_named = outer is not None or not full.endswith(data("regions")["district_ending"])
        if full.startswith(rest) and is_city_named and _fits(region, outer):
            return True
    return False


def is_long_county(text: str) -> bool:
    """Whether a text is the name of a county written short that is too long to be anything else."""
    return len(text) >= WHOLE_COUNTY and text in short_counties() and not is_word_too(text)


def may_stand_alone(text: str) -> bool:
    """Whether a place names itself without its city, as the city's southern district doesn't."""
    return text not in data("regions")["not_alone"]


def is_word_too(text: str) -> bool:
    """Whether the name of a place is an ordinary word as well."""
    return text in own_meaning()
