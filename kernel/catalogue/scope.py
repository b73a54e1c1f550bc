"""The business scope: its standard items, and the statement that a licence prints of those that were chosen."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from kernel.catalogue.classification import industry, industry_path
from kernel.catalogue.language import Bilingual, in_language
from kernel.catalogue.spelling import Spelled
from kernel.catalogue.tables import DATA, Table


@dataclass(frozen=True)
class Permit(Bilingual):
    """What a licensed item needs after the licence, and the authority that gives it."""

    code: str
    name_zh: str
    name_en: str
    by_zh: str
    by_en: str

    @property
    def by(self) -> str:
        return in_language(self.by_zh, self.by_en)


@dataclass(frozen=True)
class ScopeItem(Spelled):
    """A standard item of the business scope; one that needs a permit is a licensed one, the others are general.

    `industries` are the classes that it belongs to, or a division where no class of it is in the catalogue.
    """

    code: str
    name_zh: str
    name_en: str
    industries: tuple[str, ...]
    permit: Permit | None = None

    @property
    def is_licensed(self) -> bool:
        return self.permit is not None

    @cached_property
    def within(self) -> frozenset[str]:
        """The codes of its industries and of all above them."""
        return frozenset(entry.code for code in self.industries for entry in industry_path(code))

    @property
    def also(self) -> tuple[str, ...]:
        """The everyday words for its industries find it too."""
        return tuple(word for code in self.industries for word in industry(code).also)


def _item(permit: str = "", **row) -> ScopeItem:
    return ScopeItem(**row, permit=permits[permit] if permit else None)


permits = Table("scope_items.json", "permits", Permit)
scope_items = Table("scope_items.json", "scope_items", _item)  # general ones first


def chosen_items(codes: Iterable[str]) -> list[ScopeItem]:
    """The items of these codes, in their order. What isn't an item is left out: the standards refuse it."""
    return [item for code in codes if (item := scope_items.find(code))]


def scope_statement(codes: Iterable[str]) -> str:
    """The statement for these items, in Chinese: general ones, then licensed ones, each with their closing words."""
    items, words = chosen_items(codes), _wording()
    parts = []
    for kind in ("general", "licensed"):
        if names := [item.name_zh for item in items if item.is_licensed == (kind == "licensed")]:
            parts.append(words[kind].format(items=words["separator"].join(names)))
    return "".join(parts)


@lru_cache
def _wording() -> dict[str, str]:
    return json.loads((DATA / "scope_wording.json").read_text(encoding="utf-8"))
