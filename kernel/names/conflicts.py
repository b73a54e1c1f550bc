"""Same and similar names: same blocks, similar warns and asks for a signed undertaking, the rest is worth knowing."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.names.findings import BLOCK, COMPARISON_RULES, NOTE, WARN, Finding, provisions
from kernel.names.industry_terms import SHORTEST_TRADE_NAME, is_industry_term, is_same_meaning
from kernel.names.keys import (
    TakenName,
    is_contained,
    is_homophone,
    is_look_alike,
    is_one_off,
    is_reordered,
)
from kernel.names.parts import NameParts
from kernel.names.variants import fold

STATES = {
    "registered": pgettext_lazy("company name", "registered"),
    "reserved": pgettext_lazy("company name", "reserved"),
    "in_queue": pgettext_lazy("company name", "applied for"),
    "deregistered": pgettext_lazy("company name", "deregistered less than a year ago"),
    "renamed": pgettext_lazy("company name", "given up by another company less than a year ago"),
    "revoked": pgettext_lazy("company name", "revoked less than a year ago"),
}
SENTENCES = {
    "same": _("The name is the same as “{name}” ({state})."),
    "similar_industry": _(
        "The trade name is that of “{name}” ({state}), and the industry is the same in other words."
    ),
    "homophone": _("The trade name sounds like that of “{name}” ({state}), in the same industry."),
    "look_alike": _("The trade name looks like that of “{name}” ({state}), in the same industry."),
    "contained": _(
        "Of the trade name and that of “{name}” ({state}), in the same industry, one contains the other."
    ),
    "reordered": _(
        "“{name}” ({state}), in the same industry, has the same characters in another order."
    ),
    "one_off": _("“{name}” ({state}), in the same industry, differs in one character."),
}
SIMILAR = ("similar_industry", "homophone", "look_alike", "contained")
CHOOSE_ANOTHER = _("Choose another trade name.")
UNDERTAKE = _(
    "Choose another trade name, or sign the undertaking to answer for any confusion and go on."
)
NOTHING_TO_DO = _(
    "Nothing has to be done. Choose another trade name if the two could be mistaken for one another."
)
TAKEN = provisions(17)
GROUNDS = {"same": TAKEN, "look_alike": provisions(11)}
FOR_INFORMATION = _("Shown for information; the comparison rules allow it")


def check_conflicts(
    parts: NameParts, taken: Iterable[TakenName], related: Collection[str] = ()
) -> Iterator[Finding]:
    """One finding for each taken name that conflicts; names whose `ref` is in `related` are passed over.

    `related` are the companies that invest in this one or that it invests in: that lifts the rule.
    """
    for name in taken:
        rule = None if name.ref and name.ref in related else relation(parts, name)
        if rule:
            yield _finding(rule, name)


def relation(parts: NameParts, name: TakenName) -> str | None:
    """How the name stands to a taken one: a key of SENTENCES, the gravest that fits, or None.

    A name without an industry term stands in every industry. The region and the form play no part, nor does the order
    of trade name and industry term. A term that isn't a known one may stand at the end of the other's trade name.
    """
    mine, theirs = fold(parts.trade_name), fold(name.trade_name)
    my_term, their_term = fold(parts.industry_term), fold(name.industry_term)
    if mine + my_term == theirs + their_term or mine + my_term == their_term + theirs:
        return "same"
    if my_term + mine == theirs + their_term:
        return "same"
    if my_term and my_term != their_term and not is_industry_term(my_term):
        before = (theirs + their_term).removesuffix(my_term)
        if before + my_term == theirs + their_term and len(before) >= SHORTEST_TRADE_NAME:
            theirs, their_term = before, my_term
    if mine == theirs:
        if not (my_term and their_term):
            return "same"
        return "similar_industry" if is_same_meaning(my_term, their_term) else None
    if my_term and their_term and not is_same_meaning(my_term, their_term):
        return None
    return _nearness(mine, theirs)


def undertaking_mark(findings: Iterable[Finding]) -> str:
    """What a signed undertaking is marked with: it covers these similar names and no others; empty without any."""
    similar = sorted(finding.taken.name for finding in findings if finding.is_similar)
    return hashlib.sha256("\n".join(similar).encode()).hexdigest()[:16] if similar else ""


def _nearness(mine: str, theirs: str) -> str | None:
    for rule, holds in _NEAR:
        if holds(mine, theirs):
            return rule
    return None


_NEAR = (
    ("homophone", is_homophone),
    ("look_alike", is_look_alike),
    ("contained", is_contained),
    ("reordered", is_reordered),
    ("one_off", is_one_off),
)


def _finding(rule: str, name: TakenName) -> Finding:
    severity = BLOCK if rule == "same" else WARN if rule in SIMILAR else NOTE
    return Finding(
        rule,
        severity,
        "trade_name",
        (name.trade_name or name.name,),
        format_lazy(SENTENCES[rule], name=name.name, state=STATES.get(name.state, name.state)),
        {BLOCK: CHOOSE_ANOTHER, WARN: UNDERTAKE, NOTE: NOTHING_TO_DO}[severity],
        FOR_INFORMATION if severity == NOTE else GROUNDS.get(rule, COMPARISON_RULES),
        name,
    )
