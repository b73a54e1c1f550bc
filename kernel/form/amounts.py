"""Amounts of money as people write them: 2,000,000, ２００万元, 1.5亿, ¥500000, 1万5000元."""

import re
from decimal import Decimal

MOST_FEN = (
    10**17
)  # a quadrillion yuan: beyond it is a slip of the hand, and no column would hold it
LONGEST = 60  # characters

_WIDE = {
    wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)
}  # full-width digits, commas, letters
_OTHERWISE = {**_WIDE, **str.maketrans("￥萬億圓圆块", "¥万亿元元元")}
_WORTH = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,4}(?:,[0-9]{4})+|[0-9]+)(?:\.[0-9]{1,8})?"
_UNIT = "[十百千]?[万亿]|[百千]"
_TERM = re.compile(f"({_NUMBER})({_UNIT})")
_AMOUNT = re.compile(
    f"(?:人民币|rmb|cny|¥)?((?:{_NUMBER}(?:{_UNIT}))*)({_NUMBER})?(元|yuan|rmb|cny)?[整正]?"
)


def read_yuan(text: str | None) -> int | None:
    """What is written, in fen; None when it isn't a positive amount of whole fen below MOST_FEN.

    Yuan behind a unit have their 元: 1万5 is said for 15,000, and 1万5元 means 10,005.
    """
    plain = "".join(str(text or "")[: LONGEST + 1].translate(_OTHERWISE).lower().split()).replace(
        "w", "万"
    )
    match = _AMOUNT.fullmatch(plain) if len(plain) <= LONGEST else None
    if match is None or (match[1] and match[2] and not match[3]):
        return None
    terms = [(number, _worth(unit)) for number, unit in _TERM.findall(match[1])]
    terms += [(match[2], 1)] if match[2] else []
    amount, room = Decimal(0), None
    for number, worth in terms:
        part = Decimal(number.replace(",", "")) * worth
        if room is not None and part >= room:
            return None
        amount, room = amount + part, worth
    fen = amount * 100
    return int(fen) if 0 < fen < MOST_FEN and fen == int(fen) else None


def _worth(unit: str) -> int:
    worth = 1
    for sign in unit:
        worth *= _WORTH[sign]
    return worth
