"""Is the name put together as the provisions ask? One function for each part."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterator
from itertools import chain

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kernel.names.data_files import data
from kernel.names.findings import BLOCK, WARN, Finding, provisions
from kernel.names.forms import known_forms
from kernel.names.industry_terms import SHORTEST_TRADE_NAME, is_industry_term, says_a_trade
from kernel.names.parts import NameParts, is_chinese
from kernel.names.region_tables import DISTRICT, Region
from kernel.names.regions import (
    CERTAIN,
    POSSIBLE,
    cities_of,
    is_written_short,
    is_zone_alone,
    lacks_city,
    place_named,
    split_division,
)
from kernel.names.variants import fold, not_standard

CHARACTERS, COMPOSITION, DIVISION, TRADE_NAME, INDUSTRY, FORM = (
    provisions(article) for article in range(5, 11)
)
LONGEST_PART = (
    30  # characters of a trade name, and of an industry term, that the register has room for
)


def check_structure(parts: NameParts, forms: Collection[str] | None = None) -> Iterator[Finding]:
    """Findings about each part; `forms` are the organisation forms that the company's type allows, all if None."""
    yield from _division(parts)
    yield from _trade_name(parts)
    yield from _industry(parts)
    yield from _form(parts, forms)
    yield from _group(parts)


def _division(parts: NameParts) -> Iterator[Finding]:
    words = (parts.division,)
    if not parts.division:
        yield Finding(
            "division_missing",
            BLOCK,
            "division",
            (),
            _("The name doesn't say where the company is."),
            _("Begin the name with the city."),
            COMPOSITION,
        )
        return
    regions, rest = split_division(parts.division)
    if is_written_short(parts.division):
        return
    if rest or not regions:
        sentence = format_lazy(
            _("“{text}” isn't the name of an administrative division."), text=parts.division
        )
        fix = _("Write the city, with or without the province in front and the district behind it.")
        yield Finding("division_unknown", BLOCK, "division", words, sentence, fix, DIVISION)
    elif is_zone_alone(regions):
        sentence = format_lazy(
            _("The name of a development zone may not stand alone: “{text}”."), text=parts.division
        )
        yield Finding(
            "zone_alone",
            BLOCK,
            "division",
            words,
            sentence,
            _("Put the city in front of the zone."),
            DIVISION,
        )
    elif lacks_city(regions):
        yield _district_without_city(regions, words)


def _district_without_city(regions: tuple[Region, ...], words: tuple[str, ...]) -> Finding:
    district = next(region for region in regions if region.level == DISTRICT)
    cities = cities_of(district)
    fix = _("Put the city in front of the district.")
    if len(cities) == 1:
        fix = format_lazy(_("Write “{text}”."), text=cities[0] + district.text)
    sentence = format_lazy(_("A district needs its city in front: “{text}”."), text=district.text)
    return Finding("district_without_city", BLOCK, "division", words, sentence, fix, DIVISION)


def _trade_name(parts: NameParts) -> Iterator[Finding]:
    text = parts.trade_name

    def finding(rule: str, sentence, fix, severity: str = BLOCK) -> Finding:
        return Finding(
            rule, severity, "trade_name", (text,) if text else (), sentence, fix, TRADE_NAME
        )

    if not text:
        yield finding("trade_name_missing", _("The name has no trade name."), _TWO_CHARACTERS)
        return
    yield from _writing("trade_name", text)
    text = fold(text)
    if len(text) < SHORTEST_TRADE_NAME:
        yield finding(
            "trade_name_too_short", _("The trade name has only one character."), _TWO_CHARACTERS
        )
    elif is_industry_term(text):
        said = _IS_INDUSTRY if says_a_trade(text) else _TELLS_NOBODY
        sentence = format_lazy(said, text=text)
        yield finding(
            "trade_name_is_industry",
            sentence,
            _("Choose a trade name of your own before the industry term."),
        )
    else:
        yield from _trade_name_is_place(text, finding)
        yield from _repeats_division(parts, text, finding)


def _trade_name_is_place(text: str, finding: Callable[..., Finding]) -> Iterator[Finding]:
    certainty = place_named(text)
    if certainty == CERTAIN:
        sentence = format_lazy(
            _("“{text}” is the name of a region and can't be the trade name."), text=text
        )
        yield finding(
            "trade_name_is_region", sentence, _("Choose a trade name that isn't a place.")
        )
    elif certainty == POSSIBLE:
        sentence = format_lazy(_("“{text}” is also the name of a place."), text=text)
        fix = _(
            "Keep it only if the word has another meaning of its own; otherwise choose another trade name."
        )
        yield finding("trade_name_may_be_region", sentence, fix, WARN)


def _repeats_division(
    parts: NameParts, text: str, finding: Callable[..., Finding]
) -> Iterator[Finding]:
    regions, rest = split_division(text)
    if rest and regions and regions[0].text in parts.division:
        sentence = format_lazy(_("The name begins with “{text}” already."), text=regions[0].text)
        fix = format_lazy(_("Write the trade name without “{text}”."), text=regions[0].text)
        yield finding("trade_name_repeats_division", sentence, fix, WARN)


def _industry(parts: NameParts) -> Iterator[Finding]:
    if not parts.industry_term:
        yield Finding(
            "industry_missing",
            WARN,
            "industry_term",
            (),
            _("The name doesn't say what the company does."),
            _("Add an industry term."),
            COMPOSITION,
        )
        return
    yield from _writing("industry_term", parts.industry_term)
    if place_named(fold(parts.industry_term)) == CERTAIN:
        sentence = format_lazy(
            _("“{text}” is the name of a region and no industry."), text=parts.industry_term
        )
        fix = _("Write what the company does, for example technology, trade or catering.")
        words = (parts.industry_term,)
        yield Finding(
            "industry_term_is_region", BLOCK, "industry_term", words, sentence, fix, INDUSTRY
        )


def _writing(part: str, text: str) -> Iterator[Finding]:
    """How a trade name or industry term is written, whatever it means."""

    def finding(rule: str, sentence, fix, ground=CHARACTERS) -> Finding:
        return Finding(f"{part}_{rule}", BLOCK, part, (text,), sentence, fix, ground)

    if not is_chinese(text):
        is_hidden = any(unicodedata.category(char) == HIDDEN for char in text)
        yield finding("not_chinese", _NOT_CHINESE[part], _UNSEEN if is_hidden else _LETTERS)
    elif strange := not_standard(text):
        sentence = format_lazy(
            _("“{text}” isn't in the national table of standard characters."), text=strange
        )
        standard = fold(text)
        fix = format_lazy(_("Write “{text}”."), text=standard)
        if not_standard(standard):
            fix = _("Choose other characters.")
        yield finding("not_standard", sentence, fix)
    inside = (word for word in data("forms")["words"] if word in text)
    behind = (word for word in data("forms")["behind"] if text.endswith(word))
    if word := next(chain(inside, behind), ""):
        sentence = format_lazy(
            _("“{text}” belongs to the organisation form, which ends the name."), text=word
        )
        yield finding(
            "holds_form",
            sentence,
            format_lazy(_("Write this part without “{text}”."), text=word),
            COMPOSITION,
        )
    if len(text) > LONGEST_PART:
        sentence = format_lazy(
            _("“{text}” has more than {most} characters."), text=text, most=LONGEST_PART
        )
        yield finding("too_long", sentence, _("Choose a shorter one."), _ROOM)


def _form(parts: NameParts, forms: Collection[str] | None) -> Iterator[Finding]:
    allowed = tuple(forms) if forms is not None else known_forms()
    if parts.form in allowed:
        return
    named = [*allowed[:FORMS_NAMED], "…"] if len(allowed) > FORMS_NAMED else allowed
    fix = format_lazy(_("End the name with one of: {forms}."), forms=" / ".join(named))
    if not parts.form:
        yield Finding(
            "form_missing",
            BLOCK,
            "form",
            (),
            _("The name has no organisation form."),
            fix,
            COMPOSITION,
        )
    else:
        sentence = format_lazy(_("“{text}” isn't a form of this type of company."), text=parts.form)
        yield Finding("form_not_allowed", BLOCK, "form", (parts.form,), sentence, fix, FORM)


def _group(parts: NameParts) -> Iterator[Finding]:
    """A name that says "group": whether it may is asked for, and a person at the window decides."""
    word = data("forms")["group"][-1]
    if place := next((place for place in _MAY_SAY_GROUP if word in getattr(parts, place)), ""):
        sentence = format_lazy(
            _(
                "“{word}” is for the parent company of a group, or a company that the group lets bear its name."
            ),
            word=word,
        )
        fix = _("Say below which companies it controls, or whose group it belongs to.")
        yield Finding("says_group", WARN, place, (word,), sentence, fix, OF_GROUPS, asks=GROUP)


FORMS_NAMED = 6  # of those that a name may end with
GROUP = "group"  # what is asked of a name that says so
OF_GROUPS = provisions(14)
_MAY_SAY_GROUP = ("form", "industry_term", "trade_name")
_TWO_CHARACTERS = _("Choose a trade name of two Chinese characters or more.")
_NOT_CHINESE = {
    "trade_name": _("The trade name may hold Chinese characters only."),
    "industry_term": _("The industry term may hold Chinese characters only."),
}
_IS_INDUSTRY = _("“{text}” is the name of an industry and can't be the trade name.")
_TELLS_NOBODY = _("“{text}” tells no company from others and can't be the trade name.")
_LETTERS = _("Leave out letters, digits and signs.")
_UNSEEN = _("It holds a character that can't be seen: delete the text and type it anew.")
HIDDEN = "Cf"  # the category of characters that show nothing: they come along with what is pasted
_ROOM = _("The room that the register has for a part of a name")
