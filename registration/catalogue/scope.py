"""The business scope: its standard items, and the statement that a licence prints of those that were chosen."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from registration.catalogue.language import in_language
from registration.catalogue.spelling import Spelled
from registration.catalogue.tables import DATA, Table


@dataclass(frozen=True)
class ScopeItem(Spelled):
    """A standard item of the business scope; a `licensed` one needs `permit` from `permit_by` afterwards."""

    code: str
    name_zh: str
    name_en: str
    industry: str
    kind: str
    permit_zh: str
    permit_en: str
    permit_by_zh: str
    permit_by_en: str

    @property
    def is_licensed(self) -> bool:
        return self.kind == "licensed"

    @property
    def permit(self) -> str:
        return in_language(self.permit_zh, self.permit_en)

    @property
    def permit_by(self) -> str:
        return in_language(self.permit_by_zh, self.permit_by_en)


scope_items = Table("scope_items.json", "scope_items", ScopeItem)  # general ones first
scope_item = scope_items.__getitem__


def chosen_items(codes: Iterable[str]) -> list[ScopeItem]:
    """The items of these codes, in their order. What isn't an item is left out: the standards refuse it."""
    return [item for code in codes if (item := scope_items.find(code))]


def scope_statement(codes: Iterable[str]) -> str:
    """The statement for these items, in Chinese: general ones, then licensed ones, each with their closing words."""
    items, words = chosen_items(codes), _wording()
    parts = []
    for kind in ("general", "licensed"):
        if names := [item.name_zh for item in items if item.kind == kind]:
            parts.append(words[kind].format(items=words["separator"].join(names)))
    return "".join(parts)


@lru_cache
def _wording() -> dict[str, str]:
    return json.loads((DATA / "scope_wording.json").read_text(encoding="utf-8"))
