"""What is wrong with words that a zone wants to use: a sentence for each fault, at its field."""

import re
from collections.abc import Mapping

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel.core.written import LINE, fault, is_han
from kernel.zone_words.filling import BLANK, parts
from kernel.zone_words.places import FIELDS, LANGUAGES, Place, Variable, blanks

LONGEST = {"title": 80, "body": 500}  # signs
MOST_PARTS = 4  # of a text to a phone
# An address: with its scheme, with www, or a name, a dot and letters right behind it, in any script.
_LINK = re.compile(r"://|\bwww\.|[^\W_][.\uff0e][^\W\d_]{2,}", re.IGNORECASE)


def faults(place: Place, words: Mapping[str, str]) -> list[tuple[str, str]]:
    """(name of the field, sentence) for all that is wrong."""
    rows = [(field, text) for field in place.fields for text in _of_text(place, field, words)]
    if not rows:
        rows = [(field, text) for field, text in _missing(place, words)]
    return rows


def variables(place: Place) -> dict[str, Variable]:
    return {variable.name: variable for variable in place.variables}


def example(place: Place, field: str, words: Mapping[str, str]) -> str:
    """The text of a field with an example for each blank, in the language of the field. Blanks that the place doesn't
    have stay as they are."""
    known = variables(place)
    with translation.override(LANGUAGES[field[-2:]]):
        return BLANK.sub(
            lambda blank: known[blank[1]].example() if blank[1] in known else blank[0],
            words.get(field, ""),
        )


def _of_text(place: Place, field: str, words: Mapping[str, str]) -> list[str]:
    part, language = field.split("_")
    text = words.get(field, "")
    if not text.strip():
        return [_EMPTY[language][part]()]
    if hidden := fault(text, LINE):
        return [hidden]
    sentences = [*_of_language(text, language), *_of_blanks(place, text)]
    if len(text) > LONGEST[part]:
        sentences.append(
            _("Shorten it to %(most)s characters; it has %(n)s.")
            % {"most": LONGEST[part], "n": len(text)}
        )
    if (part == "title" or place.to_phones) and len(text.splitlines()) > 1:
        sentences.append(_("Write it on one line."))
    if not place.may_link and _LINK.search(BLANK.sub(" ", text)):
        sentences.append(
            _(
                "Take the address out: no link but the portal's own may stand here. Write a blank behind a full stop."
            )
        )
    return sentences or _of_length(place, field, words)


_EMPTY = {
    "zh": {
        "title": lambda: _("Write the title in Chinese."),
        "body": lambda: _("Write the text in Chinese."),
    },
    "en": {
        "title": lambda: _("Write the title in English."),
        "body": lambda: _("Write the text in English."),
    },
}


def _of_language(text: str, language: str) -> list[str]:
    has_chinese = any(map(is_han, text))
    if language == "zh" and not has_chinese:
        return [_("There is no Chinese in it. Write it in Chinese here.")]
    if language == "en" and has_chinese:
        return [_("There is Chinese in it. Write it in English here.")]
    return []


def _of_blanks(place: Place, text: str) -> list[str]:
    """Blanks that this place doesn't have, those that no phone may show, and braces that are none."""
    allowed, known = variables(place), place.known or {}
    others = [name for name in dict.fromkeys(BLANK.findall(text)) if name not in allowed]
    private = [name for name in others if name in known and known[name].is_private]
    unknown = [name for name in others if name not in private or not place.to_phones]
    sentences = []
    if place.to_phones and private:
        sentences.append(
            _(
                "%(names)s may not be sent to a phone: others read it there. Say what it is about without it; the link "
                "leads to the rest."
            )
            % {"names": _listed(private)}
        )
    if unknown:
        sentences.append(
            _("There is no %(names)s here. What may be used: %(known)s.")
            % {"names": _listed(unknown), "known": _listed(allowed) or "–"}
        )
    if re.search(r"[{}]", BLANK.sub("", text)):
        sentences.append(
            _("A brace stands alone. Braces stand around a name of the list alone: {number}.")
        )
    return sentences


def _of_length(place: Place, field: str, words: Mapping[str, str]) -> list[str]:
    """Of a text to a phone, as long as it will be."""
    count = parts(example(place, field, words)) if place.to_phones else 0
    if count <= MOST_PARTS:
        return []
    return [
        _("With its blanks filled in this is %(n)s texts. Shorten it to %(most)s at most.")
        % {"n": count, "most": MOST_PARTS}
    ]


def _missing(place: Place, words: Mapping[str, str]) -> list[tuple[str, str]]:
    """What the product's words have, and nobody who reads can do without: in title and body of each language."""
    rows = []
    in_title, in_body = blanks(place.title), blanks(place.body)
    needed = [variable.name for variable in place.variables if variable.is_needed]
    for language in LANGUAGES:
        for part, there in (("title", in_title), ("body", in_body)):
            field = f"{part}_{language}"
            has = BLANK.findall(words.get(field, "")) if field in place.fields else []
            lacks = [name for name in needed if name in there and name not in has]
            if lacks and field in place.fields:
                rows.append(
                    (
                        field,
                        _("Put %(names)s in: whoever reads it needs it.")
                        % {"names": _listed(lacks)},
                    )
                )
    return rows


def _listed(names) -> str:
    return pgettext("list", ", ").join(f"{{{name}}}" for name in names)


__all__ = ["FIELDS", "MOST_PARTS", "example", "faults", "variables"]
