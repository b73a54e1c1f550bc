"""Tax's page of the form: filled in for most, to be looked at."""

from django.utils.translation import gettext_lazy as _

from kernel.applicants.forms.base import SectionForm
from kernel.applicants.inputs import Chosen
from kernel.form.choices import YesNo
from tax.fields import AccountingSystem, InvoiceKind, TaxpayerClass


class TaxPage(SectionForm):
    section = "tax"
    prefills = True

    taxpayer_class = Chosen(
        "tax.taxpayer_class",
        help_text=_(
            "Small-scale: up to 5 million yuan of sales a year, which fits most new companies."
        ),
    )
    accounting_system = Chosen("tax.accounting_system")
    invoice_kind = Chosen(
        "tax.invoice_kind", help_text=_("Digital invoices need no device and no visit.")
    )
    withholding = Chosen(
        "tax.withholding",
        help_text=_("Taxes are then paid from the new account without going anywhere."),
    )

    def proposal(self):
        return {
            "taxpayer_class": TaxpayerClass.SMALL,
            "accounting_system": AccountingSystem.SMALL_BUSINESS,
            "invoice_kind": InvoiceKind.DIGITAL,
            "withholding": YesNo.YES,
        }
