"""The business scope: its standard items, and the statement that a licence prints of those that were chosen."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from kernel.catalogue.classification import industry_path
from kernel.catalogue.language import Bilingual, in_language
from kernel.catalogue.spelling import Spelled
from kernel.catalogue.tables import DATA, Table


@dataclass(frozen=True)
class Permit(Bilingual):
    """What a licensed item needs after the licence, and the authority that gives it where the source says so."""

    code: str
    name_zh: str
    name_en: str
    by_zh: str
    by_en: str

    @property
    def by(self) -> str:
        return in_language(self.by_zh, self.by_en or self.by_zh)


@dataclass(frozen=True)
class Approval(Permit):
    """What an item needs before the registration, and by which law; a person looks where it isn't `is_sure`."""

    law_zh: str
    is_sure: bool


@dataclass(frozen=True)
class ScopeItem(Spelled):
    """A standard item of the business scope; one that needs a permit or an approval is a licensed one, the others are
    general.

    `industries` are the classes that it belongs to. `former` is the code that the product gave it before it had the
    official ones: what was stored with it is the same item.
    """

    code: str
    name_zh: str
    name_en: str
    industries: tuple[str, ...]
    permit: Permit | None = None
    approval: Approval | None = None
    former: str = ""
    also = ()  # it is found through its industries: kernel.catalogue.search

    @property
    def is_usual(self) -> bool:
        """Whether new companies often take it: what the product has had from its beginning."""
        return bool(self.former)

    @property
    def is_licensed(self) -> bool:
        return bool(self.permit or self.approval)

    @property
    def comes_after_approval(self) -> bool:
        """Whether nobody registers it without an approval."""
        return self.approval is not None and self.approval.is_sure

    @property
    def may_come_after_approval(self) -> bool:
        """Whether a person has to say if it needs an approval first."""
        return self.approval is not None and not self.approval.is_sure

    @cached_property
    def within(self) -> frozenset[str]:
        """The codes of its industries and of all above them."""
        return frozenset(entry.code for code in self.industries for entry in industry_path(code))


class ScopeItems(Table[ScopeItem]):
    """The items by their codes, those of before included."""

    @cached_property
    def _by_code(self) -> dict[str, ScopeItem]:
        former = {item.former: item for item in self._records if item.former}
        return former | {item.code: item for item in self._records}


def _item(permit: str = "", approval: str = "", **row) -> ScopeItem:
    return ScopeItem(**row, permit=permits.find(permit), approval=approvals.find(approval))


permits = Table("scope_items.json", "permits", Permit)
approvals = Table("scope_items.json", "approvals", Approval)
scope_items = ScopeItems("scope_items.json", "scope_items", _item)  # general ones first


def chosen_items(codes: Iterable[str]) -> list[ScopeItem]:
    """The items of these codes, each once, in their order; without what isn't an item: the standards refuse it."""
    return list(dict.fromkeys(item for code in codes if (item := scope_items.find(code))))


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
