"""Reading the numbers and codes that people type: one reader for each kind, the same at every door.

Forgiven are width, case, blanks, dashes of all kinds, full stops, invisible characters that come with a copied text,
and O for 0 or I for 1 where only a digit can stand. Nothing is judged here: a reader gives the number as it is stored,
or what is left of a text that is none.
"""

import re
import unicodedata
from string import hexdigits

DRAFT = "D"  # how the reference of a draft begins
_DASHES = "\u2212\u30fc\u2500\u02d7\u2043\u00af_~\u223c"  # beside those that Unicode calls so
_POINTS = ".,\u00b7\u3001\u3002"
_AS_DIGITS = str.maketrans("OIL|", "0111")
_AS_CHECK = {
    0x0425: "X",
    0x03A7: "X",
    0x00D7: "X",
}  # Cyrillic and Greek letters, and the sign of multiplication
_CALLING_CODE = re.compile(r"(?:TEL:)?(?:\+|00)?86(?=1)|TEL:")
_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_FILED = re.compile(rf"([A-Z0-9]{{1,8}}?)(20[0-9]{{2}})({_DAY})([0-9]{{3,9}})")
_FILED_WITH_DASHES = re.compile(r"[A-Z0-9]{1,8}-20[0-9]{2}-[0-9]{4}-[0-9]{3,9}")
_DRAFTED = re.compile(DRAFT + r"(20[0-9]{2})([0-9]{5,6})")


def visible(text: str | None) -> str:
    """A text without what nobody sees and nobody means: no blanks or control signs anywhere, no full width."""
    return seen(unicodedata.normalize("NFKC", text or ""))


def seen(text: str) -> str:
    """A text as it was written, without blanks and invisible characters."""
    return "".join(char for char in text if unicodedata.category(char)[0] not in "ZC")


def compact(text: str | None) -> str:
    """A number without separators, in plain capital letters and digits."""
    return "".join(char for char in visible(text) if not _separates(char)).upper()


def digits(text: str | None) -> str:
    """A code of digits alone."""
    return compact(text).translate(_AS_DIGITS)


def phone_number(text: str | None) -> str:
    """`+86 138-0000 5678` → `13800005678`."""
    plain = compact(text).replace("(", "").replace(")", "")
    return _CALLING_CODE.sub("", plain, count=1).translate(_AS_DIGITS)


def id_number(text: str | None) -> str:
    """`1101 0519 4912 3100 2x` → `11010519491231002X`: its last place alone may be a letter."""
    plain = compact(text).translate(_AS_CHECK)
    return plain[:17].translate(_AS_DIGITS) + plain[17:].translate(_AS_DIGITS)


def credit_code(text: str | None) -> str:
    """A unified social credit code; its alphabet has no O and no I, so these are 0 and 1."""
    return compact(text).translate(str.maketrans("OI", "01"))


def filing_number(text: str | None) -> str:
    """`kb 20260318 007` → `KB-2026-0318-007`, the reference of a draft likewise; another text as `compact` leaves it,
    with its dashes."""
    plain = "".join("-" if _is_dash(char) else char for char in visible(text).upper())
    dashed = "-".join(filter(None, plain.split("-")))
    if _FILED_WITH_DASHES.fullmatch(dashed):
        return dashed
    whole = compact(text)
    read = whole[:1] + whole[1:].translate(_AS_DIGITS)
    if match := _DRAFTED.fullmatch(read):
        return f"{DRAFT}-{match[1]}-{match[2]}"
    for tail in range(11, min(len(whole), 17) + 1):  # the letters of the beginning stay letters
        if match := _FILED.fullmatch(whole[:-tail] + whole[-tail:].translate(_AS_DIGITS)):
            return "-".join(match.groups())
    return dashed or plain


def hexadecimal(text: str | None) -> str:
    """A verification code: digits and the letters a to f."""
    plain = compact(text).translate(_AS_DIGITS)
    return "".join(char for char in plain.lower() if char in hexdigits)


def _separates(char: str) -> bool:
    return _is_dash(char) or char in _POINTS


def _is_dash(char: str) -> bool:
    return unicodedata.category(char) == "Pd" or char in _DASHES
