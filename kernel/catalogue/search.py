"""Finding industries and scope items as somebody types."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from kernel.catalogue.classification import Industry, industries
from kernel.catalogue.scope import ScopeItem, scope_items
from kernel.catalogue.spelling import Spelled, plain

Record = TypeVar("Record", bound=Spelled)


def search_industries(text: str, limit: int = 20) -> list[Industry]:
    """Industries that match every word of `text`, the closest first and classes before divisions and sections.

    An empty text gives the classes from the start.
    """
    return _search(industries(), text, limit, nearness=lambda entry: -len(entry.code))


def search_scope(text: str, limit: int = 20, industry: str | None = None) -> list[ScopeItem]:
    """Scope items that match every word of `text`, the closest first.

    With the code of an industry, its own items come first, then those of its group, its division and its section; an
    empty text then gives these alone. An unknown industry changes nothing.
    """
    above = (
        [entry.code for entry in reversed(industries.path(industry))]
        if industries.find(industry)
        else []
    )

    def distance(item: ScopeItem) -> int:
        return next((steps for steps, code in enumerate(above) if code in item.within), len(above))

    items: Iterable[ScopeItem] = scope_items()
    if not text.strip():
        items = [item for item in items if distance(item) < len(above)] or items
    return _search(items, text, limit, nearness=distance)


def _search(
    records: Iterable[Record], text: str, limit: int, nearness: Callable[[Record], int]
) -> list[Record]:
    words = plain(text).split()
    ranked = []
    for place, record in enumerate(records):
        ranks = [record.spelling.rank(word) for word in words]
        if None not in ranks:
            ranked.append((max(ranks, default=0), nearness(record), place, record))
    return [record for *_order, record in sorted(ranked, key=lambda entry: entry[:3])[:limit]]
