"""Which characters can't be printed here. It is asked before a paper is approved or signed: a name that no font holds
whole would stand on it with a hole, and nobody would see where."""

from collections.abc import Iterator
from functools import lru_cache
from unicodedata import category

from kernel.papers.outlines import drawn_now, has_outline

NO_INK = {"Cc", "Cf", "Cs", "Co"}  # control, format, surrogate, private use
SPACES = "\n\r\t"
DRAWN = ("svg", "characters")  # the facts that hold finished drawings


def can_be_printed(character: str) -> bool:
    return character in drawn_now() or in_a_font(character)


@lru_cache(maxsize=4096)
def in_a_font(character: str) -> bool:
    return character in SPACES or (category(character) not in NO_INK and has_outline(character))


def lacking(facts) -> dict[str, str]:
    """Each character that can't be printed → the first text of the facts (a text, or lists and dicts of them) that
    has it."""
    absent: dict[str, str] = {}
    for text in _texts(facts):
        for character in text:
            if not can_be_printed(character):
                absent.setdefault(character, text)
    return absent


def _texts(facts) -> Iterator[str]:
    if isinstance(facts, str):
        yield facts
    elif isinstance(facts, dict):
        for name, value in facts.items():
            if name not in DRAWN:
                yield from _texts(value)
    elif isinstance(facts, list | tuple):
        for value in facts:
            yield from _texts(value)
