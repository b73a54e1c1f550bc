"""Amounts of money as people write them: 2,000,000; in full-width digits; in wan and yi; with the sign or the word.

The signs stand in `data/amounts.json`.
"""

import json
import re
from decimal import Decimal
from pathlib import Path

from kernel.core.typed import seen

MOST_FEN = 10**17  # a quadrillion yuan: beyond it is a slip of the hand, and no column holds it
LONGEST = 60  # characters

_SIGNS = json.loads((Path(__file__).parent / "data" / "amounts.json").read_text(encoding="utf-8"))
_WIDE = {
    wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)
}  # full-width digits, commas, letters
_OTHERWISE = {**_WIDE, **str.maketrans(_SIGNS["alike"])}
_SHORT = str.maketrans(_SIGNS["short"])
_NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,4}(?:,[0-9]{4})+|[0-9]+)(?:\.[0-9]{1,8})?"
_TERM = re.compile(f"({_NUMBER})({_SIGNS['unit']})")
_AMOUNT = re.compile(
    f"(?:{_SIGNS['before']})?((?:{_NUMBER}(?:{_SIGNS['unit']}))*)({_NUMBER})?"
    f"({_SIGNS['behind']})?{_SIGNS['end']}?"
)


def read_yuan(text: str | None) -> int | None:
    """What is written, in fen; None when it isn't a positive amount of whole fen below MOST_FEN.

    Yuan behind a unit have their sign: "1 wan 5" is said for 15,000, and "1 wan 5 yuan" means 10,005.
    """
    plain = seen(str(text or "")).translate(_OTHERWISE).lower()
    plain = plain.translate(_SHORT)
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
        worth *= _SIGNS["worth"][sign]
    return worth
