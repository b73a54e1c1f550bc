"""How two different trade names are alike: by sound, by looks, by their characters. Asked for every taken name that a
name shares a key with, a hundred and more of a short one's, so each answers with as little work as it can."""

from __future__ import annotations

from kernel.names.keys import LONGEST_CONTAINED, SHORTEST_CONTAINED, less_one, readings_of
from kernel.names.variants import are_look_alikes


def near(trade_name: str, other: str) -> str | None:
    """How two different trade names are alike, the gravest way: homophone, look_alike, contained, reordered or one_off;
    None where they aren't."""
    if len(trade_name) == len(other):
        return _near_of_one_length(trade_name, other)
    shorter, longer = sorted((trade_name, other), key=len)
    if len(shorter) < SHORTEST_CONTAINED:
        return None
    if len(shorter) <= LONGEST_CONTAINED and shorter in longer:
        return "contained"
    return "one_off" if shorter in set(less_one(longer)) else None


def _near_of_one_length(trade_name: str, other: str) -> str | None:
    differing = 0
    sounds, looks = True, True
    for a, b in zip(trade_name, other, strict=True):
        if a != b:
            differing += 1
            sounds = sounds and not readings_of(a).isdisjoint(readings_of(b))  # tones apart
            looks = looks and are_look_alikes(a, b)
    if sounds or looks:
        return "homophone" if sounds else "look_alike"
    if differing == 1:
        return "one_off" if len(trade_name) >= SHORTEST_CONTAINED else None
    return "reordered" if sorted(trade_name) == sorted(other) else None


def is_most_of(shorter: str, longer: str) -> bool:
    """Whether a trade name that another holds begins or ends it, and is half of it or more."""
    if 2 * len(shorter) < len(longer):
        return False
    return longer.startswith(shorter) or longer.endswith(shorter)
