"""Characters that count as one: traditional forms as their simplified ones, look-alikes as each other."""

from __future__ import annotations

from functools import lru_cache

from kernel.names.data_files import data


def fold(text: str) -> str:
    """The text in simplified characters."""
    # Asked for each of a hundred names: few have a traditional character, and looking is quicker than translating.
    return text if _traditional().isdisjoint(text) else text.translate(_simplified())


@lru_cache(maxsize=20_000)
def look(text: str) -> str:
    """The text with every character that is taken for another written as the first of its group."""
    return text.translate(_first_of_group())


def are_look_alikes(char: str, other: str) -> bool:
    """Whether two different characters are taken for each other."""
    first = _first_of_group()
    return ord(char) in first and first[ord(char)] == first.get(ord(other))


def not_standard(text: str) -> str:
    """The characters of the text that the national table of standard characters doesn't have, each once."""
    return "".join(dict.fromkeys(char for char in text if char not in _standard()))


@lru_cache(maxsize=1)
def _standard() -> frozenset[str]:
    return frozenset(data("characters")["standard"])


@lru_cache(maxsize=1)
def _traditional() -> frozenset[str]:
    return frozenset(data("variants")["traditional"])


@lru_cache(maxsize=1)
def _simplified() -> dict[int, int]:
    return str.maketrans(data("variants")["traditional"], data("variants")["simplified"])


@lru_cache(maxsize=1)
def _first_of_group() -> dict[int, str]:
    return {ord(char): group[0] for group in data("variants")["look_alikes"] for char in group}
