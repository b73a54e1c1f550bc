"""Checking a name with every rule, and alternatives that are free."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import chain, zip_longest

from registration.names.conflicts import check_conflicts
from registration.names.data_files import data
from registration.names.findings import Finding
from registration.names.keys import Find, TakenName, find_in, keys
from registration.names.parts import NameParts, parse
from registration.names.structure import check_structure
from registration.names.words import check_words


def check(
    name: str | Mapping[str, str] | NameParts,
    taken: Find | Iterable[TakenName] = (),
    forms: Collection[str] | None = None,
    related: Collection[str] = (),
) -> list[Finding]:
    """Everything that is wrong with a name, what blocks first; an empty list for a name that can be had.

    `taken` finds the taken names for the keys of a trade name, or is all of them; `forms` are the organisation forms
    that the company's type allows; `related` the refs of taken names to which an investment relation exists.
    """
    parts = parse(name)
    findings = [*check_structure(parts, forms), *check_words(parts), *conflicts(parts, taken, related)]
    return sorted(findings, key=lambda finding: not finding.blocks)


def conflicts(
    name: str | Mapping[str, str] | NameParts,
    taken: Find | Iterable[TakenName],
    related: Collection[str] = (),
) -> list[Finding]:
    """The conflicts of a name with taken ones alone, same before similar; arguments as for `check`."""
    parts = parse(name)
    find = taken if callable(taken) else find_in(taken)
    candidates = find(keys(parts.trade_name)) if parts.trade_name else ()
    return sorted(check_conflicts(parts, candidates, related), key=lambda finding: not finding.blocks)


def is_usable(findings: Iterable[Finding]) -> bool:
    """Whether nothing blocks; warnings may stand."""
    return not any(finding.blocks for finding in findings)


def alternatives(
    name: str | Mapping[str, str] | NameParts, is_free: Callable[[NameParts], bool], limit: int = 3
) -> list[NameParts]:
    """Up to `limit` names close to this one that the rules allow and that `is_free` says can be had.

    The last character is exchanged, one is added, the first is exchanged, in turn; the same name always gets the
    same suggestions. `is_free` is asked at most 75 times; usually it is `lambda parts: not conflicts(parts, find)`.
    """
    parts = parse(name)
    found: list[NameParts] = []
    for trade_name in _trade_names_near(parts.trade_name):
        candidate = parts.with_trade_name(trade_name)
        if _is_allowed(candidate) and is_free(candidate):
            found.append(candidate)
            if len(found) == limit:
                break
    return found


def _is_allowed(parts: NameParts) -> bool:
    findings = chain(check_structure(parts), check_words(parts))
    return not any(finding.part == "trade_name" for finding in findings)


def _trade_names_near(text: str) -> Iterator[str]:
    characters = [char for char in chain(*data("suggestions")["characters"]) if char not in text]
    start = sum(map(ord, text)) % len(characters)
    characters = characters[start:] + characters[:start]
    if len(text) < 2:
        ways = [[(text or characters[place - 1]) + char for place, char in enumerate(characters)]]
    else:
        ways = [
            [text[:-1] + char for char in characters],
            [text + char for char in characters],
            [char + text[1:] for char in characters],
        ]
    near = chain.from_iterable(zip_longest(*ways))
    yield from (trade_name for trade_name in dict.fromkeys(near) if trade_name and trade_name != text)
