"""What the rules decide for a new taxpayer from what the company has already said. Plain functions of plain values.

Taxes, periods, rates and quotas are data (`data/taxes.json`), which a zone may set otherwise in `tax_invoices`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.formats import localize
from django.utils.translation import gettext as _

from kernel.accounts.zone_settings import in_force
from kernel.catalogue import in_language
from kernel.form.filing import Filing
from tax.fields import AccountingSystem, InvoiceKind, TaxpayerClass

FEN = 100  # in a yuan
MOST_YUAN = 10_000_000  # of invoices in a month; more needs a decision of its own
MOST_FEN = MOST_YUAN * FEN


@dataclass(frozen=True)
class Tax:
    """A tax or levy; `divisions`, `premises` or `income_tax` say when it concerns a company, none says always."""

    key: str
    name_zh: str
    name_en: str
    period: Mapping[str, str]
    rate: Mapping[str, str]
    divisions: tuple[str, ...] = ()
    premises: str = ""
    income_tax: str = ""

    @property
    def name(self) -> str:
        return in_language(self.name_zh, self.name_en)

    def concerns(self, division: str, premises: str, income_tax: str) -> bool:
        """`income_tax` is what the company type pays: corporate or personal."""
        if self.income_tax:
            return income_tax == self.income_tax
        if self.divisions:
            return division in self.divisions
        return not self.premises or premises == self.premises


@dataclass(frozen=True)
class Decision:
    """What the officer confirms; money in fen."""

    taxpayer_class: str
    accounting_system: str
    invoice_kind: str
    invoice_limit_fen: int
    invoice_quota_fen: int
    taxes: tuple[str, ...]
    withholding: bool


@cache
def data() -> dict:
    return json.loads((Path(__file__).parent / "data" / "taxes.json").read_text(encoding="utf-8"))


@cache
def taxes() -> dict[str, Tax]:
    """Every tax by its key, in the order in which they are listed."""
    rows = [{**row, "divisions": tuple(row.get("divisions", ()))} for row in data()["taxes"]]
    return {row["key"]: Tax(**row) for row in rows}


def period(tax: Tax, taxpayer_class: str) -> str:
    """How often the tax is declared, in the active language."""
    words = data()["periods"][tax.period[taxpayer_class]]
    return in_language(words["zh"], words["en"])


def are_amounts(value) -> bool:
    """Whether it has a limit and a quota in yuan for each taxpayer class, as a zone may set `tax_invoices`."""
    try:
        return set(value) == set(TaxpayerClass.values) and all(
            type(row["limit"]) is type(row["quota"]) is int
            and 0 < row["limit"] <= row["quota"] <= MOST_YUAN
            for row in value.values()
        )
    except (AttributeError, KeyError, TypeError):
        return False


def decide(filing: Filing, zone_settings: Mapping) -> Decision:
    """The values the officer finds filled in. What was not answered falls to the smaller class, which asks less."""
    kind = filing.answer("tax.taxpayer_class")
    taxpayer_class = kind if kind in TaxpayerClass.values else TaxpayerClass.SMALL.value
    invoice_kind = filing.answer("tax.invoice_kind") or InvoiceKind.DIGITAL.value
    division = filing.answer("scope.industry").lstrip("ABCDEFGHIJKLMNOPQRST")[:2]
    premises = filing.answer("address.proof")
    pays = filing.kind.income_tax if filing.kind else ""
    amounts = in_force(zone_settings, "tax_invoices")[taxpayer_class]
    invoices = invoice_kind != InvoiceKind.NONE
    return Decision(
        taxpayer_class=taxpayer_class,
        accounting_system=filing.answer("tax.accounting_system"),
        invoice_kind=invoice_kind,
        invoice_limit_fen=amounts["limit"] * FEN if invoices else 0,
        invoice_quota_fen=amounts["quota"] * FEN if invoices else 0,
        taxes=tuple(key for key, tax in taxes().items() if tax.concerns(division, premises, pays)),
        withholding=filing.has("tax.withholding") and filing.answer("tax.withholding") == "yes",
    )


def faults(values: Mapping) -> dict[str, str]:
    """Why it can't be confirmed like this: a sentence for each field at fault. `values` are those of a `Decision`."""
    errors = {}
    if values.get("taxpayer_class") not in TaxpayerClass.values:
        errors["taxpayer_class"] = _("Choose the taxpayer class.")
    if values.get("accounting_system") not in AccountingSystem.values:
        errors["accounting_system"] = _("Choose the accounting system.")
    if values.get("invoice_kind") not in InvoiceKind.values:
        errors["invoice_kind"] = _("Choose the invoices.")
    unknown = [key for key in values.get("taxes") or () if key not in taxes()]
    if not values.get("taxes"):
        errors["taxes"] = _("Choose at least one tax.")
    elif unknown:
        errors["taxes"] = _("There is no tax or levy “%(value)s”.") % {"value": ", ".join(unknown)}
    if values.get("invoice_kind") == InvoiceKind.DIGITAL:
        amounts = (values.get(key) or 0 for key in ("invoice_limit_fen", "invoice_quota_fen"))
        errors |= _faults_of_amounts(*amounts)
    return errors


def _faults_of_amounts(limit: int, quota: int) -> dict[str, str]:
    sentence = _("Enter whole yuan, from 0 to %(most)s.") % {"most": localize(MOST_YUAN)}
    errors = {
        name: sentence
        for name, fen in (("invoice_limit_fen", limit), ("invoice_quota_fen", quota))
        if not 0 <= fen <= MOST_FEN or fen % FEN
    }
    if not quota:
        errors["invoice_quota_fen"] = _("Enter the quota of a month.")
    elif not errors and limit > quota:
        errors["invoice_limit_fen"] = _("One invoice can't be for more than the quota of a month.")
    return errors
