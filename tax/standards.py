"""What the system decides of the answers on tax; the standards themselves are data."""

from pathlib import Path

from kernel.core.departments import Standards
from kernel.form.filing import Filing
from kernel.standards.rules.registry import Finding, lacking, not_chosen

TAX_CHOICES = ("tax.taxpayer_class", "tax.accounting_system", "tax.invoice_kind", "tax.withholding")


def tax_is_answered(filing: Filing) -> Finding | None:
    asked = [key for key in TAX_CHOICES if filing.has(key)]
    return lacking(filing, not_chosen(filing, asked))


STANDARDS = Standards(
    prefix="T",
    folder=Path(__file__).parent / "data" / "standards",
    rules=(tax_is_answered,),
)
