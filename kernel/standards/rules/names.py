"""Rules on the company's name, from the regulation on the registration of company names."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kernel import catalogue, names
from kernel.core.certain import certain
from kernel.form.filing import Filing
from kernel.standards.display import typed
from kernel.standards.rules.group_names import MEMBERS, PARENT, group_fault, told
from kernel.standards.rules.registry import (
    Finding,
    lacking,
    listing,
    missing,
    rule,
    run_on,
    together,
)

NAME_PARTS = ("name.division", "name.trade_name", "name.industry_term", "name.organisation_form")
IN_CHINESE = ("name.trade_name", "name.industry_term")
UNDERTAKE = gettext_lazy("Give the undertaking on the page of the name if you keep it.")
NAMED = 3  # names of one finding; the rest is counted

_taken: list[Callable[[Filing], list[names.Finding]]] = []


def take_names_from(find_taken: Callable[[Filing], list[names.Finding]]) -> None:
    """Say where taken names are looked up: `find_taken(filing)` gives the findings of `names.conflicts`.

    Until this is called no name counts as taken. A later call replaces the earlier one.
    """
    _taken[:] = [find_taken]


@rule
def name_has_four_parts(filing: Filing) -> Finding | None:
    form, strange = typed(filing, "name.organisation_form"), None
    if (
        form and filing.kind and form not in filing.kind.organisation_forms
    ):  # an unknown type is said by its own rule
        sentence = _("The organisation form “%(form)s” doesn't belong to this company type.") % {
            "form": form
        }
        strange = Finding(sentence, ("name.organisation_form",))
    return together(lacking(filing, missing(filing, NAME_PARTS)), strange)


@rule
def name_is_in_chinese(filing: Filing) -> Finding | None:
    """Judged as typed: a space inside would be printed on the licence too."""
    strange = [key for key in IN_CHINESE if not names.is_chinese(typed(filing, key))]
    shown = listing(f"“{typed(filing, key)}”" for key in strange)
    sentence = _("Something other than Chinese characters stands in %(words)s.") % {"words": shown}
    return together(
        Finding(sentence, tuple(strange)) if strange else None, _fault_of_parts(filing, strange)
    )


def _fault_of_parts(filing: Filing, strange: Sequence[str]) -> Finding | None:
    """What the name engine says of a trade name and an industry term that are there and in Chinese."""
    judged = [key for key in IN_CHINESE if key not in strange and typed(filing, key)]
    findings = [
        finding
        for finding in _blocking(filing)
        if f"name.{finding.part}" in judged and not finding.asks
    ]
    if not findings:
        return None
    pins = tuple(dict.fromkeys(f"name.{finding.part}" for finding in findings))
    return Finding(run_on(finding.sentence for finding in findings), pins)


@rule
def name_has_no_forbidden_word(filing: Filing) -> Finding | None:
    """A word of the list fails until the applicant says why it may stand; then, and where the list says so, a person at
    the window decides: the system never passes such a name. One that says "group" fails until its bearer says what the
    regulation asks for; then a person decides, too."""
    findings = [finding for finding in _judged_name(filing) if finding.asks]
    if not findings:
        return None
    is_group = any(finding.asks == names.GROUP for finding in findings)
    if is_group and (fault := group_fault(filing)):
        return fault
    reason = typed(filing, "name.word_reason").strip()
    pins = list(dict.fromkeys(f"name.{finding.part}" for finding in findings))
    blocking = [finding for finding in findings if finding.blocks]
    if blocking and not reason:
        return Finding(run_on(finding.sentence for finding in blocking), tuple(pins))
    sentences = [finding.sentence for finding in findings]
    if blocking:
        sentences.append(_("The applicant says: “%(reason)s”") % {"reason": reason})
        pins.append("name.word_reason")
    if is_group:
        sentences.append(told(filing))
        pins += [key for key in (MEMBERS, PARENT) if key not in pins]
    return Finding(run_on(sentences), tuple(pins), asks=True)


@rule
def name_is_free(filing: Filing) -> Finding | None:
    """A name that is the same fails; similar ones pass with the undertaking, which covers the names of its mark."""
    if missing(filing, NAME_PARTS):
        return None
    if filing.holds_name:
        return _undertaken(filing.names_similar)
    findings = filing.names_found
    if findings is None:
        findings = _taken[0](filing) if _taken else ()
    if same := [certain(finding.taken).name for finding in findings if finding.blocks]:
        sentence = _("The same as a name that is registered or reserved: %(name)s.") % {
            "name": listing(same[:NAMED])
        }
        rest = len(same) - NAMED
        others = ngettext("%(n)s more is the same.", "%(n)s more are the same.", rest) % {"n": rest}
        return Finding(run_on([sentence, others] if rest > 0 else [sentence]), ("name.trade_name",))
    similar = [finding for finding in findings if finding.is_similar]
    if typed(filing, "name.undertaking") == names.undertaking_mark(similar):
        return _undertaken([certain(finding.taken).name for finding in similar])
    shown = run_on(finding.sentence for finding in similar[:NAMED])
    return Finding(
        run_on(filter(None, [shown, _more(similar), UNDERTAKE])),
        ("name.trade_name", "name.undertaking"),
    )


@rule
def division_is_the_address(filing: Filing) -> Finding | None:
    """The division in the name is the province, the city, or the city and its district, of the address."""
    division, code = typed(filing, "name.division"), typed(filing, "address.division")
    if not division or not code:
        return None
    if catalogue.divisions.find(code) is None:
        return Finding(
            _("The division of the address is not one of those offered."), ("address.division",)
        )
    path = catalogue.division_path(code)
    if division in set(_spellings(path)):
        return None
    sentences = [finding.sentence for finding in _blocking(filing) if finding.part == "division"]
    if sentences:
        return Finding(run_on(sentences), ("name.division",))
    place = "".join(entry.name_zh for entry in path)
    return Finding(
        _("“%(division)s” in the name is not where the address lies: %(place)s.")
        % {"division": division, "place": place}
    )


def _undertaken(similar: Sequence[str]) -> Finding | None:
    if not similar:
        return None
    shown = {"names": listing(f"“{name}”" for name in similar[:NAMED])}
    sentence = (
        _("Similar to %(names)s; the applicant has undertaken to answer for any confusion.") % shown
    )
    return Finding(run_on(filter(None, [sentence, _more(similar)])), is_note=True)


def _more(similar: Sequence) -> str:
    rest = len(similar) - NAMED
    return (
        ngettext("%(n)s more is similar.", "%(n)s more are similar.", rest) % {"n": rest}
        if rest > 0
        else ""
    )


def _blocking(filing: Filing) -> list[names.Finding]:
    return [finding for finding in _judged_name(filing) if finding.blocks]


def _judged_name(filing: Filing) -> list[names.Finding]:
    return _judged(names.NameParts(*(typed(filing, key) for key in NAME_PARTS)), names.words())


@lru_cache(maxsize=256)
def _judged(parts: names.NameParts, _words: names.Words) -> list[names.Finding]:
    """What is to be said of a name whoever has taken it, by a list of words; several rules ask for the same name."""
    return names.check(parts)


def _spellings(path) -> Iterator[str]:
    """Every way to write the division in a name; a district or zone never without its city."""
    provinces, cities, districts = (_written(path[place : place + 1]) for place in range(3))
    for province in ("", *provinces):
        if province:
            yield province
        for city in cities:
            yield province + city
            yield from (province + city + district for district in districts)


def _written(entries) -> list[str]:
    """A division with and without its last character, which says what it is (province, city); a zone's two names."""
    if not entries:
        return []
    entry = entries[0]
    if entry.level == "zone":
        return [entry.name_zh, entry.full_zh, entry.full_zh.removeprefix(entry.full_zh[:2])]
    return [entry.name_zh, entry.name_zh[:-1]] if len(entry.name_zh) > 2 else [entry.name_zh]
