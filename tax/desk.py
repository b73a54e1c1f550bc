"""The tax desk: everything is prefilled by rule; the officer confirms, and the company gets its information sheet."""

from django.utils import translation
from django.utils.timezone import localdate

from kernel.accounts import authorities
from kernel.cases.actions import close_stage
from kernel.cases.models import Application
from kernel.form import choices
from tax import CODE, rules
from tax.fields import InvoiceKind
from tax.models import TaxRegistration

# Settings of a zone that name who signs here.
AUTHORITY = "tax_authority_name"

DECIDED = (
    "taxpayer_class",
    "accounting_system",
    "invoice_kind",
    "invoice_limit_fen",
    "invoice_quota_fen",
    "taxes",
    "withholding",
)


class TaxDesk:
    department = CODE

    def open(self, case, stage) -> None:
        """Nothing to prepare: the rules read the filing when the officer opens it."""

    def conditions(self, case, stage, **granted) -> list[str]:
        """`granted` overrides what the rules decide: any of DECIDED."""
        return list(rules.faults(decided(case, granted)).values())

    def closed(self, case, stage, **granted) -> None:
        values = decided(case, granted)
        TaxRegistration.objects.create(
            application=case.application, officer=case.actor, confirmed_at=case.at, **values
        )
        case.issue("tax_confirmation", self.department, sheet_facts(case, values))
        case.tell(self.department, case=case.application.pk)

    def close(self, **decision) -> Application:
        return close_stage(self, **decision)


def decided(case, granted: dict) -> dict:
    """The rules' values with what the officer changed."""
    decision = rules.decide(case.filing, case.application.zone.settings)
    values = {key: granted.get(key, getattr(decision, key)) for key in DECIDED}
    if values["invoice_kind"] == InvoiceKind.NONE:
        values |= {"invoice_limit_fen": 0, "invoice_quota_fen": 0}
    known = [key for key in rules.taxes() if key in values["taxes"]]
    return {**values, "taxes": known + [key for key in values["taxes"] if key not in known]}


def sheet_facts(case, values: dict) -> dict:
    """What the sheet prints (`tax.papers.TaxConfirmation`), in Chinese whoever confirms."""
    application, zone = case.application, case.application.zone
    with translation.override("zh-hans"):
        return {
            "company_name": application.name,
            "uscc": application.uscc,
            "authority": authorities.name(zone, AUTHORITY),
            "filing_number": application.filing_number,
            "issued_on": localdate(case.at).isoformat(),
            "taxpayer_class": choices.label("tax.taxpayer_class", values["taxpayer_class"]),
            "accounting_system": choices.label(
                "tax.accounting_system", values["accounting_system"]
            ),
            "taxes": [
                _line(rules.taxes()[key], values["taxpayer_class"]) for key in values["taxes"]
            ],
            "invoices": _invoices(values),
            "staff": _staff(case.filing),
        }


def _line(tax: rules.Tax, taxpayer_class: str) -> dict:
    return {
        "tax": tax.name_zh,
        "period": rules.period(tax, taxpayer_class),
        "rate": tax.rate[taxpayer_class],
    }


def _invoices(values: dict) -> list[dict]:
    if values["invoice_kind"] == InvoiceKind.NONE:
        return []
    words = rules.data()
    limit, quota = (
        f"{values[key] // rules.FEN:,}" for key in ("invoice_limit_fen", "invoice_quota_fen")
    )
    return [
        {
            "invoice": words["invoice_name"]["zh"],
            "limit": words["limit"]["zh"].format(amount=limit),
            "quota": words["quota"]["zh"].format(amount=quota),
        }
    ]


def _staff(filing) -> list[dict]:
    """Who deals with the tax office: names alone, the numbers are on file."""
    holders = {role: filing.holder_of(role) for role in ("finance", "tax_agent")}
    return [
        {"role": rules.data()["roles"][role], "person": holder.name}
        for role, holder in holders.items()
        if holder
    ]
