"""Finding industries and scope items as somebody types.

Chinese is compared with names and everyday words as a whole (`closest`); letters and digits are looked for in codes,
pinyin, its initials and English, and where they stand nowhere, by their sound.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from kernel.catalogue.classification import Industry, industries
from kernel.catalogue.closest import Index, Term
from kernel.catalogue.scope import ScopeItem, scope_items
from kernel.catalogue.spelling import CHINESE, Spelled, plain

LIKENESS = (1.0, 0.9, 0.8, 0.75, 0.7, 0.6, 0.5)  # of what is spelt as typed, by its rank
AMONG_THE_BEST = 0.4  # what is less like than this part of the best is left out
THROUGH_AN_INDUSTRY = 0.65  # what an item's likeness is of that of its industry
EVERYDAY = ("52", "61", "62", "8", "9")  # retail, catering, services: what most mean by a word
WORTH_NAME = 0.97  # how well a class is found by its name, next to words that people say,
WORTH_ITEM, WORTH_WIDER_ITEM, MOST_CLASSES = 0.85, 0.75, 6  # and by items of few classes


def search_industries(text: str, limit: int = 20) -> list[Industry]:
    """The industries closest to `text`, classes before divisions and sections where they are equally close.

    An empty text gives the classes from the start.
    """
    if not text.strip():
        return sorted(industries(), key=lambda entry: -len(entry.code))[:limit]
    return likest(_best(industries_like(text)))[:limit]


def likest(likeness: Mapping[str, float]) -> list[Industry]:
    """The industries of these codes, the likest first."""

    def order(entry: Industry) -> tuple:
        is_everyday = entry.code.startswith(EVERYDAY)
        return -round(likeness[entry.code], 2), -len(entry.code), not is_everyday

    return sorted((entry for entry in industries() if entry.code in likeness), key=order)


def search_scope(text: str, limit: int = 20, industry: str | None = None) -> list[ScopeItem]:
    """The scope items closest to `text` by their own names or those of their industries.

    Of items about equally close, those of the given industry come first, then those of its group, its division and its
    section, and usual ones before others; an empty text gives these alone. An unknown industry changes nothing.
    """
    above = (
        [entry.code for entry in reversed(industries.path(industry))]
        if industry and industries.find(industry)
        else []
    )

    def distance(item: ScopeItem) -> int:
        return next((steps for steps, code in enumerate(above) if code in item.within), len(above))

    if not text.strip():
        near = [item for item in scope_items() if distance(item) < len(above)]
        return sorted(near or scope_items(), key=distance)[:limit]
    likeness = _best(_items_like(text))

    def order(item: ScopeItem) -> tuple:
        return -round(likeness[item.code], 1), distance(item), not item.is_usual

    return sorted((item for item in scope_items() if item.code in likeness), key=order)[:limit]


def industries_like(text: str) -> dict[str, float]:
    """How like `text` the industries of these codes are, up to about 1."""
    return _like(text, industries(), _industry_index(industries()))


def _items_like(text: str) -> dict[str, float]:
    likeness = _like(text, scope_items(), _item_index())
    through = _best(industries_like(text))
    for item in scope_items():
        likest = max((through.get(code, 0) for code in item.industries), default=0)
        if likest:
            value = likest * THROUGH_AN_INDUSTRY / (1 + len(item.industries) / 60)
            likeness[item.code] = max(likeness.get(item.code, 0), value)
    return likeness


def _like(text: str, records: Iterable[Spelled], index: Index) -> dict[str, float]:
    words = plain(text).split()
    if CHINESE.search(text):
        return index.closest("".join(words))
    spelt = {}
    for record in records:
        ranks = [rank for word in words if (rank := record.spelling.rank(word)) is not None]
        if len(ranks) == len(words):
            spelt[record.code] = LIKENESS[max(ranks)]
    return spelt or index.closest("".join(words))


def _best(likeness: Mapping[str, float]) -> dict[str, float]:
    """Without what is far less like than the best."""
    least = AMONG_THE_BEST * max(likeness.values(), default=0)
    return {code: value for code, value in likeness.items() if value >= least}


@lru_cache(maxsize=1)  # an import changes the industries, which are its key
def _industry_index(entries: tuple[Industry, ...]) -> Index:
    return Index(industry_terms(entries))


def industry_terms(entries: Iterable[Industry]) -> list[Term]:
    """What the industries are found by: names, everyday words, and names of the scope items of few classes."""
    terms = [Term(plain(entry.name_zh), entry.code, WORTH_NAME) for entry in entries]
    terms += [Term(plain(word), entry.code) for entry in entries for word in entry.also]
    known = {entry.code for entry in entries}
    for item in scope_items():
        if len(item.industries) <= MOST_CLASSES:
            worth = WORTH_ITEM if len(item.industries) < 3 else WORTH_WIDER_ITEM
            name = plain(item.name_zh).split("(")[0]
            terms += [Term(name, code, worth) for code in item.industries if code in known]
    return terms


@lru_cache(maxsize=1)
def _item_index() -> Index:
    return Index(Term(plain(item.name_zh), item.code) for item in scope_items())
