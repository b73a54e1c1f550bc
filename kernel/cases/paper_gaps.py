"""What a paper lacks, in words: an incomplete one is refused in the move that would issue it."""

from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from kernel.core.departments import Table
from kernel.core.errors import Incomplete
from kernel.papers.facts import PAPERS, MissingFacts, require

_OWN = {
    "address": gettext_lazy("Address"),
    "agent": gettext_lazy("Agent"),
    "authority": gettext_lazy("Issuing authority"),
    "capital_fen": gettext_lazy("Registered capital"),
    "check_code": gettext_lazy("Check code"),
    "company_name": gettext_lazy("Company name"),
    "company_type": gettext_lazy("Company type"),
    "company_type_label": gettext_lazy("Company type"),
    "contributions": gettext_lazy("Contributions"),
    "directors": gettext_lazy("Director"),
    "established_on": gettext_lazy("Day of establishment"),
    "filing_number": gettext_lazy("Filing number"),
    "issued_on": gettext_lazy("Day of issue"),
    "legal_representative": gettext_lazy("Legal representative"),
    "legal_representative_post": gettext_lazy("Legal representative's post"),
    "officers": gettext_lazy("Officers"),
    "principals": gettext_lazy("Who gives the authority"),
    "received_at": gettext_lazy("Received"),
    "scope": gettext_lazy("Business scope"),
    "beside": gettext_lazy("Departments side by side"),
    "shared_with": gettext_lazy("Departments that read the filing"),
    "uscc": gettext_lazy("Unified social credit code"),
}
# What people call a fact; a department says so of those of its own papers.
FACTS = Table(
    lambda _departments: (
        _OWN | {name: label for paper in PAPERS.values() for name, label in paper.called.items()}
    )
)


def require_facts(kind: str, title: str, facts: dict) -> None:
    """Raise Incomplete where a fact that the paper needs is absent or empty; KeyError where there is no such kind."""
    try:
        require(kind, facts)
    except MissingFacts as missing:
        problems = [(_sentence(title, missing.names), ())]
        raise Incomplete(gettext_lazy("This can't be closed yet."), problems) from missing


def _said(title: str, names: list[str]) -> str:
    """In the language of who reads it: papers are drawn up in Chinese for whomever."""
    lacking = pgettext("list", ", ").join(str(FACTS.get(name, name)) for name in names)
    return _(
        "%(paper)s can't be issued, for this is missing: %(facts)s. Nothing was recorded; tell the administrator."
    ) % {"paper": title, "facts": lacking}


_sentence = lazy(_said, str)
