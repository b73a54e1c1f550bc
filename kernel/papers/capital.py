"""Amounts in Chinese capital numerals, as licences and articles of association write them."""

from kernel.papers.wording import words

LARGEST = (
    10**18 - 1
)  # fen: below ten thousand million million yuan, more than any registered capital


def _group(number: int, digits: str, places: list[str]) -> str:
    """A group of four figures, 1 to 9999, without leading zero; inner zeros are said once."""
    text, zero = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            text += (digits[0] if zero else "") + digits[digit] + places[place]
            zero = False
        else:
            zero = bool(text)
    return text


def _whole(yuan: int, signs: dict) -> str:
    """Yuan in groups of four; a zero is said where a group between or before figures leaves a gap."""
    groups = []
    while yuan:
        yuan, group = divmod(yuan, 10_000)
        groups.append(group)
    text, gap = "", False
    for index in range(len(groups) - 1, -1, -1):
        group = groups[index]
        if not group:
            gap = bool(text)
            continue
        if text and (gap or group < 1000):
            text += signs["digits"][0]
        text += _group(group, signs["digits"], signs["places"]) + signs["groups"][index]
        gap = False
    return text


def in_capitals(fen: int) -> str:
    """`fen` (hundredths of a yuan, 0 to LARGEST) in capital numerals. Raises ValueError outside that range.

    Rule: the People's Bank's for filling in vouchers: whole yuan and jiao end in the sign for "exactly", fen do not.
    """
    if not 0 <= fen <= LARGEST:
        raise ValueError(f"{fen} fen cannot be written in capitals")
    signs = words("common")["capital"]
    digits = signs["digits"]
    yuan, rest = divmod(fen, 100)
    jiao, last = divmod(rest, 10)
    text = _whole(yuan, signs) + signs["yuan"] if yuan else ""
    if not rest:
        return (text or digits[0] + signs["yuan"]) + signs["whole"]
    if jiao:
        text += digits[jiao] + signs["jiao"]
    elif yuan:
        text += digits[0]
    return text + (digits[last] + signs["fen"] if last else signs["whole"])
