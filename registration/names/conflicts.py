"""Same and similar names: same blocks, similar warns and asks for a signed undertaking."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registration.names.findings import BLOCK, COMPARISON_RULES, WARN, Finding, provisions
from registration.names.industry_terms import is_same_meaning
from registration.names.keys import TakenName, is_contained, is_homophone
from registration.names.parts import NameParts, parse

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
    "similar_industry": _("The trade name is that of “{name}” ({state}), and the industry is the same in other words."),
    "homophone": _("The trade name sounds like that of “{name}” ({state}), in the same industry."),
    "contained": _("The trade name and that of “{name}” ({state}), in the same industry, hold one another."),
}
CHOOSE_ANOTHER = _("Choose another trade name.")
UNDERTAKE = _("Choose another trade name, or sign the undertaking to answer for any confusion and go on.")
TAKEN = provisions(17)


def check_conflicts(parts: NameParts, taken: Iterable[TakenName], related: Collection[str] = ()) -> Iterator[Finding]:
    """One finding for each taken name that conflicts; names whose `ref` is in `related` are passed over.

    `related` are the companies that invest in this one or that it invests in: that lifts the rule.
    """
    if not parts.trade_name:
        return
    for name in taken:
        rule = None if name.ref and name.ref in related else relation(parts, name)
        if rule:
            yield _finding(rule, parts, name)


def relation(parts: NameParts, name: TakenName) -> str | None:
    """How the name stands to a taken one: same, similar_industry, homophone, contained, or None.

    A name without an industry term stands in every industry. The region and the form play no part.
    """
    other = NameParts("", name.trade_name, name.industry_term) if name.trade_name else parse(name.name)
    if parts.core == other.core:
        return "same"
    if parts.trade_name == other.trade_name:
        if not (parts.industry_term and other.industry_term):
            return "same"
        return "similar_industry" if is_same_meaning(parts.industry_term, other.industry_term) else None
    if not _share_industry(parts.industry_term, other.industry_term):
        return None
    if is_homophone(parts.trade_name, other.trade_name):
        return "homophone"
    return "contained" if is_contained(parts.trade_name, other.trade_name) else None


def _share_industry(one: str, other: str) -> bool:
    return not (one and other) or is_same_meaning(one, other)


def _finding(rule: str, parts: NameParts, name: TakenName) -> Finding:
    same = rule == "same"
    sentence = format_lazy(SENTENCES[rule], name=name.name, state=STATES.get(name.state, name.state))
    return Finding(
        rule,
        BLOCK if same else WARN,
        "trade_name",
        (name.trade_name or name.name,),
        sentence,
        CHOOSE_ANOTHER if same else UNDERTAKE,
        TAKEN if same else COMPARISON_RULES,
        name,
    )
