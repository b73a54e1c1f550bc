"""Same and similar names: same blocks, similar warns and asks for a signed undertaking, the rest is worth knowing."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.names.findings import BLOCK, NOTE, WARN, Finding, comparison, provisions
from kernel.names.forms import is_shop
from kernel.names.industry_terms import (
    SHORTEST_TRADE_NAME,
    is_same_meaning,
    is_word,
    trade_of,
)
from kernel.names.keys import TakenName, readings
from kernel.names.near import is_most_of, near
from kernel.names.parts import NameParts
from kernel.names.variants import fold

STATES = {
    "registered": pgettext_lazy("company name", "registered"),
    "reserved": pgettext_lazy("company name", "reserved"),
    "in_queue": pgettext_lazy("company name", "applied for"),
    "deregistered": pgettext_lazy("company name", "deregistered"),
    "renamed": pgettext_lazy("company name", "given up for another name"),
    "revoked": pgettext_lazy("company name", "registration revoked"),
    "forfeited": pgettext_lazy("company name", "without licence, but not deregistered"),
}
UNTIL = pgettext_lazy("company name", "{state}, kept until {day}")
SENTENCES = {
    "same": _("The name is the same as “{name}” ({state}; {trade})."),
    "similar_industry": _(
        "The trade name is that of “{name}” ({state}; {trade}), and the industries are of one kind."
    ),
    "homophone": _("The trade name sounds like that of “{name}” ({state}; {trade}), {industry}."),
    "look_alike": _("The trade name looks like that of “{name}” ({state}; {trade}), {industry}."),
    "contained": _(
        "Of the trade name and that of “{name}” ({state}; {trade}), {industry}, one contains the other."
    ),
    "contained_little": _(
        "A part of the trade name is that of “{name}” ({state}; {trade}), {industry}, or the other way round."
    ),
    "reordered": _(
        "“{name}” ({state}; {trade}), {industry}, has the same characters in another order."
    ),
    "one_off": _("“{name}” ({state}; {trade}), {industry}, differs in one character."),
    "trade_unclear": _("The trade name is that of “{name}” ({state}; {trade})."),
    "homophone_unclear": _("The trade name sounds like that of “{name}” ({state}; {trade})."),
}
SAME_INDUSTRY = _("in the same industry")
ONE_WITHOUT = _("one of the two without an industry")
TRADE = _("industry: {term}")
NO_TRADE = _("without an industry in its name")
TRADE_UNCLEAR = _("its industry isn't understood from its name: {term}")
SIMILAR = ("similar_industry", "homophone", "look_alike", "contained")
SAME_TRADE_NAME = ("same", "similar_industry")
ORDER = ("same", *SIMILAR, "reordered", "one_off", "trade_unclear", "homophone_unclear")
GRAVITY = {rule: place for place, rule in enumerate(ORDER)}
SEVERITIES = {severity: place for place, severity in enumerate((BLOCK, WARN, NOTE))}
CHOOSE_ANOTHER = _("Choose another trade name.")
UNDERTAKE = _(
    "Choose another trade name, or sign the undertaking to answer for any confusion and go on."
)
NOTHING_TO_DO = _(
    "Nothing has to be done. Choose another trade name if the two could be mistaken for one another."
)
TO_DO = {BLOCK: CHOOSE_ANOTHER, WARN: UNDERTAKE, NOTE: NOTHING_TO_DO}
TAKEN = provisions(17)
GROUNDS = {
    "same": TAKEN,
    "similar_industry": comparison(4, 1),
    "homophone": comparison(4, 2),
    "contained": comparison(4, 3),
    "look_alike": provisions(11),
}
FOR_INFORMATION = _("Shown for information; the comparison rules allow it")
WITHOUT_INDUSTRY = (
    4  # characters of a registered name's core that holds no industry; more weren't understood
)
ANY, SAME, OTHER, UNCLEAR = "any", "same", "other", "unclear"  # how two industries stand
Core = tuple[str, str]  # trade name and industry term


def check_conflicts(
    parts: NameParts, taken: Iterable[TakenName], related: Collection[str] = ()
) -> Iterator[Finding]:
    """One finding for each taken name that conflicts; names whose `ref` is in `related` are passed over.

    `related` are the companies that invest in this one or that it invests in: that lifts the rule.
    """
    asked = tuple(map(Asked, readings(parts)))
    for name in taken:
        rule = None if name.ref and name.ref in related else relation(asked, name)
        if rule:
            yield _finding(rule, name, _severity(rule, parts, name), parts)


class Asked:
    """A way to read the name that is asked for, and how the industries that it has met stand to its own.

    `words` is what tells it from others, whichever part leads.
    """

    def __init__(self, core: Core):
        self.core = core
        self.words = {core[0] + core[1], core[1] + core[0]}
        self._industries: dict[str, str] = {}
        self._is_in_any_industry = not core[1] and len(core[0]) <= WITHOUT_INDUSTRY

    def industry(self, taken: Core) -> str:
        """How the industry of a taken name stands to this one's: ANY where a name has none, SAME, OTHER, or UNCLEAR."""
        term = taken[1]
        if not term and self.core[1] and len(taken[0]) <= WITHOUT_INDUSTRY:
            return ANY
        known = self._industries.get(term)
        if known is None:
            known = self._industries[term] = self._judged(term)
        return known

    def _judged(self, term: str) -> str:
        if self.core[1] == term:
            return SAME if term else ANY
        return ANY if self._is_in_any_industry else _trades(self.core[1], term)


def relation(asked: Iterable[Asked], name: TakenName) -> str | None:
    """How a name stands to a taken one: a key of SENTENCES, the gravest that fits, or None.

    The region and the form play no part, nor does the order of trade name and industry term. A name without an industry
    term stands in every industry. One whose industry isn't understood is compared by its text: it is in the same
    industry only where that is written alike. Of shops and old factories only the trade name itself counts.
    """
    rule, own = None, (fold(name.trade_name), fold(name.industry_term))
    for reading in asked:
        found = _relation(reading, own)
        if found != "same" and (parted := _parted(own, reading.core[1])):
            found = _gravest(found, _relation(reading, parted))
        rule = _gravest(rule, found) if rule else found
    if rule is None or (rule in SAME_TRADE_NAME and name.industry_term):
        return rule
    if rule != "same" and not name.industry_term and is_word(own[0]):
        return None  # one of old times that has no trade name: the county's company of grain
    return None if is_shop(name.name) else rule


def _gravest(rule: str | None, other: str | None) -> str | None:
    if rule is None or other is None:
        return rule or other
    return rule if GRAVITY[rule] <= GRAVITY[other] else other


def _parted(own: Core, term: str) -> Core | None:
    """The core of a taken name parted where this industry term begins, where that is elsewhere than it was read."""
    if not term or term == own[1]:
        return None
    core = own[0] + own[1]
    if not core.endswith(term) or len(core) - len(term) < SHORTEST_TRADE_NAME:
        return None
    return core.removesuffix(term), term


def _relation(asked: Asked, taken: Core) -> str | None:
    trade_name, term = taken
    if trade_name + term in asked.words or term + trade_name in asked.words:
        return "same"
    industry = asked.industry(taken)
    if asked.core[0] == trade_name:
        return {ANY: "same", SAME: "similar_industry", UNCLEAR: "trade_unclear"}.get(industry)
    if industry == OTHER:
        return None
    rule = near(asked.core[0], trade_name)
    if industry == UNCLEAR:
        return "homophone_unclear" if rule == "homophone" else None
    return rule


@lru_cache(maxsize=65_536)
def _trades(term: str, other: str) -> str:
    """How two different industry terms stand, whatever the trade names: SAME, OTHER or UNCLEAR."""
    if not all(text and trade_of(text).is_understood for text in (term, other)):
        return UNCLEAR
    return SAME if is_same_meaning(term, other) else OTHER


def undertaking_mark(findings: Iterable[Finding]) -> str:
    """What a signed undertaking is marked with: it covers these similar names and no others; empty without any."""
    similar = sorted(
        finding.taken.name for finding in findings if finding.is_similar and finding.taken
    )
    return hashlib.sha256("\n".join(similar).encode()).hexdigest()[:16] if similar else ""


def _finding(rule: str, name: TakenName, severity: str, parts: NameParts) -> Finding:
    return Finding(
        rule,
        severity,
        "trade_name",
        (name.trade_name or name.name,),
        _Sentence(rule, severity, name, bool(parts.industry_term)),
        TO_DO[severity],
        FOR_INFORMATION if severity == NOTE else GROUNDS[rule],
        name,
    )


class _Sentence(Promise):
    """What is said of a taken name, put together when it is read: of a short name's hundred findings few are."""

    __slots__ = ("has_industry", "name", "rule")

    def __init__(self, rule: str, severity: str, name: TakenName, has_industry: bool):
        self.rule = "contained_little" if rule == "contained" and severity == NOTE else rule
        self.name, self.has_industry = name, has_industry and bool(name.industry_term)

    def __str__(self) -> str:
        name, industry = self.name, SAME_INDUSTRY if self.has_industry else ONE_WITHOUT
        state, trade = _state(name), _trade(name)
        return SENTENCES[self.rule].format(
            name=name.name, state=state, trade=trade, industry=industry
        )


def _severity(rule: str, parts: NameParts, name: TakenName) -> str:
    """What the rule asks for: another name, the undertaking, or nothing."""
    if rule == "same":
        return BLOCK
    if rule == "contained":
        pairs = ((fold(parts.trade_name), fold(name.trade_name)),)
        return WARN if all(is_most_of(*sorted(pair, key=len)) for pair in pairs) else NOTE
    return WARN if rule in SIMILAR else NOTE


def _state(name: TakenName) -> str:
    state = STATES.get(name.state, name.state)
    return UNTIL.format(state=state, day=date_format(name.until)) if name.until else str(state)


def _trade(name: TakenName) -> str:
    term = name.industry_term
    if not term and len(name.trade_name) <= WITHOUT_INDUSTRY:
        return str(NO_TRADE)
    is_understood = bool(term) and trade_of(fold(term)).is_understood
    return (TRADE if is_understood else TRADE_UNCLEAR).format(term=term or name.trade_name)


def nearest_first(findings: Iterable[Finding], parts: NameParts) -> list[Finding]:
    """Findings about taken names, the gravest and likest first."""
    return sorted(findings, key=lambda finding: _rank(finding, parts))


def _rank(finding: Finding, parts: NameParts) -> tuple:
    taken = finding.taken
    gravest = SEVERITIES[finding.severity], GRAVITY[finding.rule]
    if taken is None:
        return gravest
    likest = abs(len(taken.trade_name) - len(parts.trade_name))
    return (*gravest, taken.industry_term != parts.industry_term, likest, taken.name)
