"""Provinces, cities, districts and zones as company names write them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from kernel.names.data_files import data

PROVINCE, CITY, DISTRICT, ZONE = "province", "city", "district", "zone"
CERTAIN, POSSIBLE = "certain", "possible"


@dataclass(frozen=True)
class Region:
    """One region as written; `code` is the start of its GB/T 2260 code, empty for a zone."""

    text: str
    level: str
    code: str


def split_division(text: str) -> tuple[tuple[Region, ...], str]:
    """The regions that `text` begins with, each inside the one before, and what is left.

    Provinces and cities may be written short. A county that begins a name on its own is recognised by its full name.
    """
    found: list[Region] = []
    while text:
        region = _first_region(text, found[-1] if found else None)
        if region is None:
            break
        found.append(region)
        text = text[len(region.text) :]
    return tuple(found), text


def _first_region(text: str, outer: Region | None) -> Region | None:
    for length in range(min(_longest(), len(text)), 1, -1):
        for region in _by_text().get(text[:length], ()):
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


def is_zone_alone(regions: tuple[Region, ...]) -> bool:
    """Whether a development zone stands without any region in front."""
    return bool(regions) and regions[0].level == ZONE


def place_named(text: str) -> str | None:
    """How surely `text` names a place and nothing else: certain, possible, or None when it names none.

    Counties written short, and the few cities whose short name is a word of its own, are possible only.
    """
    if text in data("regions")["with_own_meaning"]:
        return POSSIBLE
    regions, rest = split_division(text)
    if regions and not rest:
        return CERTAIN
    return POSSIBLE if text in _short_county_names() else None


def cities_of(district: Region) -> tuple[str, ...]:
    """The cities that have a district of that name."""
    codes = {
        region.code[:4] for region in _by_text().get(district.text, ()) if region.level == DISTRICT
    }
    return tuple(city["name"] for city in data("regions")["cities"] if city["code"] in codes)


@lru_cache(maxsize=1)
def _by_text() -> dict[str, tuple[Region, ...]]:
    index: dict[str, list[Region]] = {}
    files = data("regions")
    for level, rows in ((PROVINCE, files["provinces"]), (CITY, files["cities"])):
        for row in rows:
            for text in dict.fromkeys((row["name"], row["short"])):
                index.setdefault(text, []).append(Region(text, level, row["code"]))
    for city, counties in files["counties"].items():
        for number, text in counties.items():
            index.setdefault(text, []).append(Region(text, DISTRICT, city + number))
    for text in files["zones"]:
        index.setdefault(text, []).append(Region(text, ZONE, ""))
    return {text: tuple(regions) for text, regions in index.items()}


@lru_cache(maxsize=1)
def _longest() -> int:
    return max(map(len, _by_text()))


@lru_cache(maxsize=1)
def _short_county_names() -> frozenset[str]:
    endings = data("regions")["endings"]
    names = set()
    for counties in data("regions")["counties"].values():
        for text in counties.values():
            ending = next((ending for ending in endings if text.endswith(ending)), "")
            names.add(text.removesuffix(ending))
    return frozenset(name for name in names if len(name) > 1)
