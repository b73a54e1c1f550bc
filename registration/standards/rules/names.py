"""Rules on the company's name, from the regulation on the registration of company names."""

import unicodedata
from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _

from registration import catalogue
from registration.filing import Filing
from registration.standards.display import typed
from registration.standards.rules.registry import Said, labels, missing, rule

NAME_PARTS = ("name.division", "name.trade_name", "name.industry_term", "name.organisation_form")
SHORTEST_TRADE_NAME = 2  # Chinese characters

_taken: list[Callable[[Filing], str | None]] = []


def take_names_from(find_taken: Callable[[Filing], str | None]) -> None:
    """Say where taken names are looked up: `find_taken(filing)` gives a name that is the same as the filing's, or nothing.

    Until this is called no name counts as taken. A later call replaces the earlier one.
    """
    _taken[:] = [find_taken]


@rule
def name_has_four_parts(filing: Filing) -> str | None:
    lacking = missing(filing, NAME_PARTS)
    if lacking:
        return Said(_("The name still lacks: %(parts)s.") % {"parts": labels(lacking, _(", "))}, lacking)
    form = typed(filing, "name.organisation_form")
    try:
        forms = catalogue.company_type(filing.company_type).organisation_forms
    except KeyError:
        return None  # said by the rule on the company type
    if form not in forms:
        sentence = _("The organisation form “%(form)s” doesn't belong to this company type.") % {"form": form}
        return Said(sentence, ["name.organisation_form"])
    return None


@rule
def trade_name_is_chinese(filing: Filing) -> str | None:
    trade_name = typed(filing, "name.trade_name").strip()
    if not trade_name:
        return None
    if not all(is_chinese(char) for char in trade_name):
        return _("The trade name “%(name)s” contains something other than Chinese characters.") % {"name": trade_name}
    if len(trade_name) < SHORTEST_TRADE_NAME:
        return _("The trade name “%(name)s” has only one Chinese character.") % {"name": trade_name}
    return None


@rule
def name_is_free(filing: Filing) -> str | None:
    taken = _taken[0](filing) if _taken and not missing(filing, NAME_PARTS) else None
    return _("The same as a name that is registered or reserved: %(name)s.") % {"name": taken} if taken else None


@rule
def division_is_the_address(filing: Filing) -> str | None:
    """The division in the name is the province, the city, or the city and its district, of the address."""
    division, code = typed(filing, "name.division").strip(), typed(filing, "address.division").strip()
    if not division or not code:
        return None
    try:
        path = catalogue.division_path(code)
    except KeyError:
        return Said(_("The division of the address is not one of those offered."), ["address.division"])
    if division in set(_spellings(path)):
        return None
    place = "".join(entry.name_zh for entry in path)
    return _("“%(division)s” is not where the address lies (%(place)s), or lacks its city in front.") % {
        "division": division, "place": place,
    }  # fmt: skip


def is_chinese(char: str) -> bool:
    return unicodedata.name(char, "").startswith("CJK UNIFIED IDEOGRAPH")


def _spellings(path) -> Iterator[str]:
    """Every way to write the division in a name; a district or zone never without its city."""
    provinces, cities, districts = (_written(path[place : place + 1]) for place in range(3))
    for province in ("", *provinces):
        if province:
            yield province
        for city in cities:
            yield province + city
            yield from (province + city + district for district in districts)


def _written(entries) -> list[str]:
    """A division with and without its last character, which says what it is (province, city); a zone's two names."""
    if not entries:
        return []
    entry = entries[0]
    if entry.level == "zone":
        return [entry.name_zh, entry.full_zh, entry.full_zh.removeprefix(entry.full_zh[:2])]
    return [entry.name_zh, entry.name_zh[:-1]] if len(entry.name_zh) > 2 else [entry.name_zh]


@rule
def name_has_no_forbidden_word(filing: Filing) -> str | None:
    return None
