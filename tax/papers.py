"""What is issued here: the information sheet, and the facts that it is printed from."""

from pathlib import Path
from typing import NotRequired, TypedDict

from django.utils.translation import gettext_lazy as _

from kernel.papers.facts import Issued, Paper


class Tax(TypedDict):
    tax: str
    period: str
    rate: NotRequired[str]


class Invoice(TypedDict):
    invoice: str
    limit: str
    quota: str


class TaxStaff(TypedDict):
    role: str
    person: str
    id_number: NotRequired[str]
    phone: NotRequired[str]


class TaxConfirmation(Issued):
    uscc: str
    taxpayer_class: str
    accounting_system: str
    taxes: list[Tax]
    invoices: NotRequired[list[Invoice]]
    staff: NotRequired[list[TaxStaff]]


PAPERS = (
    Paper(
        "tax_confirmation",
        _("Tax information sheet"),
        TaxConfirmation,
        Path(__file__).parent / "data",
        called={
            "taxes": _("Taxes"),
            "taxpayer_class": _("Taxpayer class"),
            "accounting_system": _("Accounting system"),
        },
    ),
)
