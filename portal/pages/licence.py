"""The licence on the page that verifies it: as it looks, with the wording, fitting and seal of the printed one, and
line by line."""

from datetime import date

from django.conf import settings
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from kernel.cases.models import Document
from kernel.core.ui.wording import day, money
from kernel.form.fields import form
from kernel.papers.context import context, licence_labels
from kernel.papers.documents import qr
from kernel.papers.facts import MissingFacts
from kernel.papers.licence_code import address

KINDS = (Document.Kind.LICENCE, Document.Kind.LICENCE_ORIGINAL)

# Its lines: the fact, how it is written, and what it is called, or the field or page that the company type may call
# otherwise.
LINES = {
    "uscc": ("uscc", str, gettext_lazy("Unified social credit code")),
    "name": ("company_name", str, "name"),
    "type": ("company_type_label", str, gettext_lazy("Type")),
    "legal_representative": ("legal_representative", str, "officers.legal_representative"),
    "composition": ("composition", str, "capital.property"),
    "capital": ("capital_fen", money, "capital"),
    "established_on": (
        "established_on",
        lambda text: day(date.fromisoformat(text)),
        gettext_lazy("Established on"),
    ),
    "address": ("address", str, "address"),
    "scope": (
        "scope",
        lambda scope: scope if isinstance(scope, str) else "; ".join(scope),
        gettext_lazy("Business scope"),
    ),
    "authority": ("authority", str, gettext_lazy("Registration authority")),
}


def printed(document) -> list[dict]:
    """Label and value of each line that the paper prints."""
    facts, company_type = document.facts, document.facts.get("company_type", "")
    called, prints = form(company_type), licence_labels(company_type)
    return [
        {
            "label": called.label(label) if isinstance(label, str) else label,
            "value": written(facts[name]),
        }
        for line, (name, written, label) in LINES.items()
        if facts.get(name) and prints.get(line, line)
    ]


def sheet(document):
    """What `pages/licence.html` draws; None for another kind of document, or for facts that can't be printed."""
    if document.kind not in KINDS:
        return None
    try:
        drawn = context(document.kind, document.facts, sample=settings.SAMPLE_MARK)
    except (MissingFacts, KeyError):
        return None
    return drawn | {
        "qr": qr(document.qr_text or address(document.verify_code)),
        "signer_seal": mark_safe(drawn["signer_seal"]),  # noqa: S308 (our own drawing, its title escaped)
    }
