"""Choosing how large a text is printed so that it stays in its place: plain arithmetic, before any layout."""

from collections.abc import Sequence
from math import ceil
from unicodedata import east_asian_width


def ems(text: str) -> float:
    """The width of a line in ems: a full-width character is one, any other about 0.6."""
    return sum(1.0 if east_asian_width(character) in "WFA" else 0.6 for character in text)


def lines(text: str, size: float, width: float) -> int:
    """How many lines of `width` mm the text needs at `size` mm; one em of each is spared for stops."""
    return max(1, ceil(ems(text) / max(1.0, width / size - 1.0)))


def step(text: str, width: float, height: float, steps: Sequence[tuple[float, float]]) -> int:
    """The first of `steps` (size in mm, leading in ems) at which `text` fits into width × height mm; else the last."""
    for index, (size, leading) in enumerate(steps):
        if lines(text, size, width) * size * leading <= height:
            return index
    return len(steps) - 1


def cut(text: str, width: float, height: float, size: float, leading: float, ending: str) -> str:
    """`text` if it fits, else as many of its whole items (up to a semicolon or stop) as fit, and `ending`."""
    room = int(height / (size * leading))
    if lines(text, size, width) <= room:
        return text
    stops = [index for index, character in enumerate(text) if character in "\uff1b;\u3002"]
    for index in reversed(stops):
        shorter = text[: index + 1] + ending
        if lines(shorter, size, width) <= room:
            return shorter
    return text[: max(0, int(room * (width / size - 1) - 0.001) - len(ending))] + ending
