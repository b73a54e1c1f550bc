"""What a review is about and what caused it, as data (`data/themes.json`): codes with a word in each language."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kernel.catalogue import in_language
from kernel.core.words import Words

FILE = Path(__file__).parent / "data" / "themes.json"
EVERY = "*"
OTHER = "other"  # a review that names no theme, and themes that are too few to stand alone


@dataclass(frozen=True)
class Named:
    """A theme or a cause. `services` are those that it may be said of, `EVERY` for all; a cause has none."""

    code: str
    zh: str
    en: str
    services: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return in_language(self.zh, self.en)


@lru_cache(maxsize=1)
def in_file() -> dict:
    return json.loads(FILE.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def themes() -> tuple[Named, ...]:
    return tuple(
        Named(row["code"], row["zh"], row["en"], tuple(row["services"]))
        for row in in_file()["themes"]
    )


@lru_cache(maxsize=1)
def causes() -> tuple[Named, ...]:
    return tuple(Named(row["code"], row["zh"], row["en"]) for row in in_file()["causes"])


def of_service(service: str) -> tuple[Named, ...]:
    """The themes that a review of this service may name."""
    return tuple(
        theme for theme in themes() if EVERY in theme.services or service in theme.services
    )


def label(code: str) -> Words:
    """What people call a theme; one that isn't in the file any more stands for itself."""
    if code == OTHER:
        return _("Other, taken together")
    return next((theme.label for theme in themes() if theme.code == code), format_lazy("{}", code))


def cause_label(code: str) -> Words:
    return next((cause.label for cause in causes() if cause.code == code), code)


def theme_of(tags: list[str]) -> str:
    """The theme that a review is counted under: the first that it names."""
    known = {theme.code for theme in themes()}
    return next((tag for tag in tags if tag in known), OTHER)
