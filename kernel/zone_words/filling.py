"""Words of a zone, filled in; and what a text costs on its way to a phone."""

import re
from collections.abc import Mapping
from math import ceil

from django.utils.translation import get_language

from kernel.zone_words.models import ZoneWords

BLANK = re.compile(r"\{(\w+)\}")
ONE_PART, OF_SEVERAL = 70, 67  # signs that fit into a text, and into each part of a longer one


class Faulty(Exception):
    """Words that can't be filled in."""


def fill(text: str, values: Mapping[str, object]) -> str:
    """Raises Faulty for a text that is empty, has a blank that there is no value for, or a brace that is none."""
    if not text.strip():
        raise Faulty("no text")
    if re.search(r"[{}]", BLANK.sub("", text)):
        raise Faulty("a brace that is no blank")
    if unknown := [name for name in BLANK.findall(text) if name not in values]:
        raise Faulty(f"unknown: {', '.join(unknown)}")
    return BLANK.sub(lambda blank: str(values[blank[1]]), text)


def filled(row: ZoneWords, values: Mapping[str, object], has_title: bool = True) -> tuple[str, str]:
    """Title and body in the active language; a title is one line. Raises Faulty."""
    language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    texts = row.texts
    title = fill(texts.get(f"title_{language}", ""), values) if has_title else ""
    return " ".join(title.split()), fill(texts.get(f"body_{language}", ""), values)


def blanks(row: ZoneWords) -> set[str]:
    """The names of the blanks of all its words."""
    return {name for text in row.texts.values() for name in BLANK.findall(text)}


def parts(text: str) -> int:
    """How many parts carriers bill a text as: 70 signs fit into one, and 67 into each of several. A sign outside the
    common plane counts as two."""
    signs = len(text.encode("utf-16-le")) // 2
    return 1 if signs <= ONE_PART else ceil(signs / OF_SEVERAL)
