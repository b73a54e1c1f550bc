"""Finding industries and scope items as somebody types."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from registration.catalogue.classification import Industry, industries, industry
from registration.catalogue.scope import ScopeItem, scope_items
from registration.catalogue.spelling import Spelled, plain

Record = TypeVar("Record", bound=Spelled)


def search_industries(text: str, limit: int = 20) -> list[Industry]:
    """Industries that match every word of `text`, the closest first and classes before divisions and sections.

    An empty text gives the classes from the start.
    """
    return _search(industries(), text, limit, nearness=lambda entry: -len(entry.code))


def search_scope(text: str, limit: int = 20, industry: str | None = None) -> list[ScopeItem]:
    """Scope items that match every word of `text`, the closest first.

    With the code of an industry, its own items come first, then those of its division; an empty text then gives these
    alone. An unknown industry changes nothing.
    """
    items: Iterable[ScopeItem] = scope_items()
    if not text.strip() and industry:
        near = [item for item in items if _distance(item, industry) < 2]
        items = near or items
    return _search(items, text, limit, nearness=lambda item: _distance(item, industry))


def _distance(item: ScopeItem, code: str | None) -> int:
    if not code or item.industry == code:
        return 0
    return 1 if item.industry[:2] == code[:2] or _section(item.industry) == code else 2


def _section(code: str) -> str:
    return industry(code[:2]).parent


def _search(records: Iterable[Record], text: str, limit: int, nearness: Callable[[Record], int]) -> list[Record]:
    words = plain(text).split()
    ranked = []
    for place, record in enumerate(records):
        ranks = [record.spelling.rank(word) for word in words]
        if None not in ranks:
            ranked.append((max(ranks, default=0), nearness(record), place, record))
    return [record for *_order, record in sorted(ranked, key=lambda entry: entry[:3])[:limit]]
