"""The tables of places: what each text names, as registers write it today and wrote it before."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from kernel.names.data_files import data

PROVINCE, CITY, DISTRICT, ZONE = "province", "city", "district", "zone"


@dataclass(frozen=True)
class Region:
    """One region as written; `code` is the start of its GB/T 2260 code, empty for a zone."""

    text: str
    level: str
    code: str


@lru_cache(maxsize=1)
def by_text() -> dict[str, tuple[Region, ...]]:
    """Provinces, cities, counties and zones of now by their names, provinces and cities by their short ones too."""
    index: dict[str, list[Region]] = {}
    files = data("regions")
    for level, rows in ((PROVINCE, files["provinces"]), (CITY, files["cities"])):
        for row in rows:
            for text in dict.fromkeys((row["name"], row["short"], *_short_prefecture(row))):
                index.setdefault(text, []).append(Region(text, level, row["code"]))
    for city, counties in files["counties"].items():
        for number, text in counties.items():
            index.setdefault(text, []).append(Region(text, DISTRICT, city + number))
    for text in files["zones"]:
        index.setdefault(text, []).append(Region(text, ZONE, ""))
    return {text: tuple(regions) for text, regions in index.items()}


def _short_prefecture(row: dict[str, str]) -> tuple[str, ...]:
    """An autonomous prefecture as its people say it, without those it is named for, or nothing."""
    rest = row["name"].removesuffix(data("regions")["prefecture_ending"])
    is_prefecture = rest != row["name"] and not row["short"].endswith(row["name"][-1])
    endings = (row["name"][-1], data("regions")["prefecture_ending"])
    return tuple(row["short"] + ending for ending in endings) if is_prefecture else ()


@lru_cache(maxsize=1)
def longest() -> int:
    """Characters of the longest name of `by_text`."""
    return max(map(len, by_text()))


@lru_cache(maxsize=1)
def short_counties() -> dict[str, tuple[Region, ...]]:
    """Counties by their names without the last characters, which say what they are; one character names none."""
    endings = data("regions")["endings"]
    index: dict[str, list[Region]] = {}
    for city, counties in data("regions")["counties"].items():
        for number, text in counties.items():
            short = _without_nationalities(
                text.removesuffix(next(filter(text.endswith, endings), ""))
            )
            if len(short) > 1 and short != text:
                # a register has names of the time when it was a county, or a city
                for name in (short, *(short + ending for ending in _other_endings(text))):
                    if name != text:
                        index.setdefault(name, []).append(Region(name, DISTRICT, city + number))
    for city, names in data("regions")["former"].items():
        for name in names.split():
            is_prefecture = name.endswith(tuple(data("regions")["former_prefectures"]))
            region = (
                Region(name, CITY, city) if is_prefecture else Region(name, DISTRICT, city + "00")
            )
            index.setdefault(name, []).append(region)
    return {text: tuple(regions) for text, regions in index.items()}


def _other_endings(county: str) -> list[str]:
    """How a county's name may end in a register: as what it was, or autonomous without saying for whom."""
    endings = data("regions")["former_endings"]
    autonomous = data("regions")["endings"][0]
    return [*endings, autonomous] if county.endswith(autonomous) else endings


def _without_nationalities(text: str) -> str:
    """The name of an autonomous county without the peoples that it is named for."""
    peoples = [f"{people}\u65cf" for people in _peoples()]
    while people := next(filter(text.endswith, peoples), ""):
        text = text.removesuffix(people)
    return text


@lru_cache(maxsize=1)
def _peoples() -> tuple[str, ...]:
    return tuple(sorted(data("regions")["nationalities"].split(), key=len, reverse=True))


@lru_cache(maxsize=1)
def own_meaning() -> frozenset[str]:
    """Names of places that are ordinary words, too."""
    return frozenset(data("regions")["with_own_meaning"].split())
