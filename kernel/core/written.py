"""Texts that go onto papers: names of people and companies, recipients, streets. What may stand in them, and how they
are brought to one spelling.

A name that is empty to the eye, or that turns the words around it, would be signed as it is: so every door asks here,
and the standards ask again before the submit and at the desk. Whether a font has a character is another question
(`kernel.papers.glyphs`): a name that none can print yet is a name all the same.
"""

import re
import unicodedata
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

DIGITS = "0123456789"
MOST_MARKS = 2  # accents on one letter that no single character holds
DOT = "\u00b7"
BRACKETS = "()\uff08\uff09"
# The ideographs of all planes up to Unicode 17, which are more than this Python's tables know, and the zero.
HAN = (
    (0x3007, 0x3007),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xFA0E, 0xFA29),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73D),
    (0x2B740, 0x2EE5D),
    (0x30000, 0x33479),
)
_TURNING = "\u061c\u200f\u202b\u202e\u2067"  # they set what follows from right to left
_HIDDEN = (
    "\u00ad\u034f\u180e\u200b\u200c\u200d\u200e\u202a\u202c\u202d\u2060\u2066\u2068\u2069\ufeff"
)
_DOTS = "\u2022\u30fb\uff65\u2027\u2219\u22c5\u0387\u2e33\u318d\u16eb"
_HYPHENS = "\u2010\u2011\u2012\u2013\u2014\u2212\uff0d"
_APOSTROPHES = "\u2018\u2019\u02bc\u02bb\u02b9\u00b4`\uff07\u2032"
_WIDE = {
    code: code - 0xFEE0
    for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
# Of a copied text: what is hidden in it and changes nothing, and what looks like a letter and is a sign for it.
_PLAIN = {
    **_WIDE,
    **dict.fromkeys([*map(ord, _HIDDEN), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]),
    **{
        code: unicodedata.normalize("NFKC", chr(code))
        for code in (*range(0x2F00, 0x2FD6), *range(0xFB00, 0xFB07))
    },
}
_OF_PEOPLE = {
    **dict.fromkeys(map(ord, _HYPHENS), "-"),
    **dict.fromkeys(map(ord, _APOSTROPHES), "'"),
    0xFF0E: ".",
}
_STOP_IN_HAN = re.compile(
    r"(?<=[\u3400-\u9fff\U00020000-\U00033479])[.](?=[\u3400-\u9fff\U00020000-\U00033479])"
)
_BLANK_IN_HAN = re.compile(
    r"(?<=[\u3400-\u9fff\U00020000-\U00033479]) (?=[\u3400-\u9fff\U00020000-\U00033479])"
)


@dataclass(frozen=True)
class Kind:
    """A kind of text: the `marks` that may stand in it beside Chinese characters and Latin letters, and what is said of
    one that can't; without them anything that is seen."""

    marks: str = ""
    sentence: Promise | str = ""


PERSON = Kind(
    f"{DOT}.'- ",
    gettext_lazy(
        "A name has Chinese characters, or Latin letters with their accents, and between them a middle dot, full stop, "
        "apostrophe, hyphen or space. Write it as on the identity card."
    ),
)
COMPANY = Kind(
    f"{DIGITS}{DOT}.'- {BRACKETS}&+/,\uff0c\u3001\u300a\u300b\u201c\u201d\u2018\u2019\u2014",
    gettext_lazy(
        "A company's name has Chinese characters, letters, digits and brackets. Write it as on its business licence."
    ),
)
RECIPIENT = Kind(
    COMPANY.marks,
    gettext_lazy("The courier's recipient has Chinese characters, letters, digits and brackets."),
)
STREET = Kind(
    f"{COMPANY.marks}#\uff03*~\uff5e\u2013:;\uff1a\uff1b\u3002\uff0e\uff0f\u2116\u00b0@\uff06\u3010\u3011[]\u2015\uff0d\u2212",
    gettext_lazy(
        "An address has Chinese characters, letters, digits and the usual marks, as in the lease or the title deed."
    ),
)
LINE = Kind()  # a sentence, a remark, a number of somebody else's


def tidy(text: str | None, kind: Kind = PERSON) -> str:
    """The text as it is printed: composed, without hidden characters and blanks that nobody means; of a name all
    middle dots are one. What is at fault stays."""
    plain = unicodedata.normalize("NFC", text or "").translate(_PLAIN)
    if kind is LINE:
        return unicodedata.normalize("NFC", plain).strip()
    plain = " ".join(unicodedata.normalize("NFC", plain).split())
    plain = plain.translate(dict.fromkeys(map(ord, _DOTS), DOT))
    if kind is PERSON:
        plain = plain.translate(_OF_PEOPLE)
        plain = re.sub(f" ?{DOT} ?", DOT, _STOP_IN_HAN.sub(DOT, plain))
        plain = _BLANK_IN_HAN.sub("", plain)
    return plain


def fault(text: str | None, kind: Kind = PERSON) -> str:
    """What is wrong with the text and what to do, with the character at fault; empty where it may stand, and where
    nothing was typed."""
    plain = tidy(text, kind)
    wrong = next(filter(_is_unseen, plain) if kind is LINE else _wrong(plain, kind), "")
    if wrong:
        return _said(wrong, kind)
    if not (text or "").strip() or kind is LINE or any(map(is_letter, plain)):
        return ""
    return _("No letter and no Chinese character can be read here. %(what)s") % {
        "what": kind.sentence
    }


def require_seen(text: str) -> None:
    """For the text fields of forms: raises ValidationError for what would hide or turn the words around it."""
    if wrong := fault(text, LINE):
        raise ValidationError(wrong)


def shown(text: str) -> str:
    """A text as a sentence may quote it: what turns or hides the rest of the line is left out."""
    return "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cf", "Cs"))


def is_letter(char: str) -> bool:
    """Whether it is a Chinese character, or a Latin letter."""
    return is_han(char) or (
        unicodedata.category(char)[0] == "L" and unicodedata.name(char, "").startswith("LATIN ")
    )


def is_han(char: str) -> bool:
    return any(first <= ord(char) <= last for first, last in HAN)


def code(char: str) -> str:
    """`U+4E00`."""
    return f"U+{ord(char):04X}"


def _wrong(plain: str, kind: Kind):
    """Each character that can't stand where it does."""
    marks, on_letter = 0, False
    for char in plain:
        if unicodedata.category(char) == "Mn" and on_letter and marks < MOST_MARKS:
            marks += 1
            continue
        marks, on_letter = 0, is_letter(char) and not is_han(char)
        if not (is_letter(char) or char in kind.marks):
            yield char


def _is_unseen(char: str) -> bool:
    """Control, format, surrogate, private, or nothing at all in Unicode."""
    return (
        not is_han(char)
        and char not in "\n\r\t"
        and unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn")
    )


def _said(char: str, kind: Kind) -> str:
    named = {"code": code(char), "char": char, "what": kind.sentence}
    if char in _TURNING:
        return (
            _(
                "It holds the invisible sign %(code)s, which turns the words round on the papers. Empty the field and "
                "type it anew."
            )
            % named
        )
    if unicodedata.category(char) == "Co":
        return (
            _(
                "One of its characters (%(code)s) is known to your device alone: nobody else could read it. Type it "
                "anew, or choose the character from another input method."
            )
            % named
        )
    if _is_unseen(char):
        return (
            _("It holds a sign that nobody sees (%(code)s). Empty the field and type it anew.")
            % named
        )
    return _("“%(char)s” (%(code)s) can't stand here. %(what)s") % named
