"""Which words of a review are kept from the desk, by a rule whose name its writer is told. Plain functions.

Never because a review is bad: it counts and is followed up whatever its words are; the supervisor reads them.
"""

import re
import unicodedata
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from kernel.core.typed import seen
from kernel.core.words import Words
from reviews.themes import in_file

PERSONAL, ABUSE, ADVERTISING, NAMED = "personal", "abuse", "advertising", "named"
REASONS: Mapping[str, Words] = {
    PERSONAL: _("they hold a phone number, an ID number or an e-mail address"),
    ABUSE: _("they insult somebody"),
    ADVERTISING: _("they advertise something, or lead to another site"),
    NAMED: _("they name the writer, the company or the case"),
}
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w+")


def rule_against(text: str) -> str:
    """The rule by which these words are kept back: PERSONAL, ABUSE or ADVERTISING; empty where none is."""
    plain = unicodedata.normalize("NFKC", text)
    close = seen(plain)  # numbers and insults may be spaced out
    numbers = re.sub(r"[-.·]", "", close)
    if _MAIL.search(plain) or _PHONE.search(numbers) or _ID_NUMBER.search(numbers):
        return PERSONAL
    words = in_file()["moderation"]
    for rule in (ABUSE, ADVERTISING):
        if any(_holds(plain, close, word) for word in words[rule]):
            return rule
    return ""


def _holds(plain: str, close: str, word: str) -> bool:
    """A Latin word stands alone; a Chinese one, or an address, may stand anywhere."""
    if word.isascii() and word.isalpha():
        return re.search(rf"\b{re.escape(word)}\b", plain, re.IGNORECASE) is not None
    return word.lower() in close.lower()
