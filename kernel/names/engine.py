"""Checking a name with every rule, and alternatives that are free."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain, islice, zip_longest

from kernel.names.conflicts import check_conflicts, nearest_first
from kernel.names.data_files import data
from kernel.names.findings import BLOCK, NOTE, WARN, Finding
from kernel.names.industry_terms import is_industry_term, is_word
from kernel.names.keys import Find, TakenName, find_in
from kernel.names.parts import NameParts, is_chinese, parse
from kernel.names.regions import CERTAIN, place_named
from kernel.names.structure import check_structure
from kernel.names.words import check_words

LONGEST_SUGGESTED = 4  # characters of a trade name that one more is set to
MOST_LOOKS = 4  # at the taken names, for the alternatives to one name


def check(
    name: str | Mapping[str, str] | NameParts,
    taken: Find | Iterable[TakenName] = (),
    forms: Collection[str] | None = None,
    related: Collection[str] = (),
) -> list[Finding]:
    """Everything that is to be said of a name, what blocks first; an empty list for a name that can be had.

    `taken` finds the taken names that share a key with a name, or is all of them; `forms` are the organisation forms
    that the company's type allows; `related` the refs of taken names to which an investment relation exists.
    """
    parts = parse(name)
    findings = [
        *check_structure(parts, forms),
        *check_words(parts),
        *conflicts(parts, taken, related),
    ]
    return sorted(findings, key=_gravity)


def conflicts(
    name: str | Mapping[str, str] | NameParts,
    taken: Find | Iterable[TakenName],
    related: Collection[str] = (),
) -> list[Finding]:
    """What is to be said of taken names alone, the gravest first; arguments as for `check`."""
    parts = parse(name)
    find = taken if callable(taken) else find_in(taken)
    return nearest_first(check_conflicts(parts, find([parts]), related), parts)


def alternatives(
    name: str | Mapping[str, str] | NameParts, taken: Find | Iterable[TakenName], limit: int = 3
) -> list[NameParts]:
    """Up to `limit` names close to this one that the rules allow and that are neither the same as a taken one nor
    similar to it.

    The last character is exchanged, one is added, the first is exchanged, in turn; the same name always gets the
    same suggestions. The taken names are asked for at most MOST_LOOKS times, many names at once.
    """
    parts = parse(name).simplified
    find = taken if callable(taken) else find_in(taken)
    written = _to_build_on(parts)
    near = (parts.with_trade_name(trade_name) for trade_name in _trade_names_near(written))
    allowed = (candidate for candidate in near if _is_allowed(candidate))
    free: list[NameParts] = []
    for _look in range(MOST_LOOKS):
        batch = list(islice(allowed, 2 * limit))
        known = list(find(batch)) if batch else []
        free += [candidate for candidate in batch if _is_free(candidate, known)]
        if len(free) >= limit or not batch:
            break
    return free[:limit]


def _to_build_on(parts: NameParts) -> str:
    """What of a trade name the suggestions keep: nothing of a word that it may not hold or that a person decides on,
    and little of a place."""
    text = "".join(filter(is_chinese, parts.trade_name))
    decided = (word for finding in check_words(parts) if finding.asks for word in finding.words)
    for word in (*decided, *data("forms")["group"]):
        text = text.replace(word, "")
    is_another_part = is_industry_term(text) or place_named(text) == CERTAIN
    return text[:1] if is_another_part or len(text) > 2 * LONGEST_SUGGESTED else text


def _is_free(parts: NameParts, taken: Iterable[TakenName]) -> bool:
    return all(finding.severity == NOTE for finding in check_conflicts(parts, taken))


def _gravity(finding: Finding) -> int:
    return (BLOCK, WARN, NOTE).index(finding.severity)


def _is_allowed(parts: NameParts) -> bool:
    findings = chain(check_structure(parts), check_words(parts))
    return not any(finding.part == "trade_name" for finding in findings)


def _trade_names_near(text: str) -> Iterator[str]:
    """Trade names that read like one: another last character, one behind, another first one, one in front; only
    characters that close a trade name well come last, and those that lead well first."""
    before, after = (_turned(data("suggestions")[place], text) for place in ("before", "after"))
    if len(text) < 2:
        ways = [[(text or first) + last for first, last in zip(before * 2, after, strict=False)]]
    else:
        ways = [
            [text[:-1] + char for char in after],
            [text + char for char in after] if len(text) < LONGEST_SUGGESTED else [],
            [char + text[1:] for char in before],
            [char + text for char in before] if len(text) < LONGEST_SUGGESTED else [],
        ]
    near = dict.fromkeys(chain.from_iterable(zip_longest(*ways)))
    yield from (trade_name for trade_name in near if trade_name and _reads_well(trade_name, text))


def _turned(characters: list[str], text: str) -> list[str]:
    """The characters that the text doesn't hold, beginning at a place that the text alone decides."""
    others = [char for char in characters if char not in text]
    start = sum(map(ord, text)) % len(others)
    return others[start:] + others[:start]


def _reads_well(trade_name: str, text: str) -> bool:
    """Not the text itself, no word of an industry or of a place in it, and no character twice."""
    if trade_name == text or len(set(trade_name)) < len(trade_name):
        return False
    pairs = (trade_name[place : place + 2] for place in range(len(trade_name) - 1))
    return not any((is_word(pair) or place_named(pair)) and pair not in text for pair in pairs)
