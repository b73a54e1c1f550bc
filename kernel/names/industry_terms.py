"""Industry terms of company names, and which of them say the same in other words."""

from __future__ import annotations

from functools import lru_cache

from kernel.names.data_files import data
from kernel.names.variants import fold

SHORTEST_TRADE_NAME = 2


@lru_cache(maxsize=1)
def _groups() -> dict[str, str]:
    """Each known term → its group."""
    return {
        term: group["id"] for group in data("industry_terms")["groups"] for term in group["terms"]
    }


@lru_cache(maxsize=1)
def _longest() -> int:
    return max(map(len, _groups()))


def is_industry_term(text: str) -> bool:
    """Whether `text` is made of known industry terms alone."""
    return bool(text) and _terms(text) is not None


def split_industry(text: str) -> tuple[str, str]:
    """Trade name and industry term of what is left between division and form.

    The longest run of known terms at the end that leaves a trade name of two characters; where none does, the longest
    that leaves one; a text that is an industry term alone becomes the trade name, for the checks to refuse.
    """
    plain = fold(text)  # a character for each
    for shortest in (SHORTEST_TRADE_NAME, 1):
        for start in range(shortest, len(text)):
            if is_industry_term(plain[start:]):
                return text[:start], text[start:]
    return text, ""


@lru_cache(maxsize=4096)
def meaning(term: str) -> frozenset[str]:
    """What an industry term is about: the groups of its terms, or the text itself where it isn't known."""
    terms = _terms(term)
    return (
        frozenset(_groups()[part] for part in terms) if terms else frozenset({term} if term else ())
    )


def meaning_key(term: str) -> str:
    """The meaning as one text, equal for terms of the same meaning; empty for no term."""
    return "+".join(sorted(meaning(term)))


def is_same_meaning(one: str, other: str) -> bool:
    return meaning(one) == meaning(other)


@lru_cache(maxsize=4096)
def _terms(text: str) -> tuple[str, ...] | None:
    """`text` as a run of known terms, the longest first; None when it isn't one."""
    if not text:
        return ()
    groups = _groups()
    for length in range(min(_longest(), len(text)), 0, -1):
        if text[:length] in groups:
            rest = _terms(text[length:])
            if rest is not None:
                return (text[:length], *rest)
    return None
