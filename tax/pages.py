"""Tax's page of the form: filled in for most, to be looked at."""

from django.utils.translation import gettext_lazy as _

from kernel.applicants.inputs import Chosen
from kernel.applicants.pages import FormPage
from kernel.form.choices import YesNo
from kernel.standards.display import listed
from tax.fields import AccountingSystem, InvoiceKind, TaxpayerClass


class TaxPage(FormPage):
    key = "tax"
    note = _("Filled in for a small-scale taxpayer; please check it")
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

    @staticmethod
    def summary(filing):
        return listed(filing, "tax.taxpayer_class", "tax.invoice_kind")

    def proposal(self):
        return {
            "taxpayer_class": TaxpayerClass.SMALL,
            "accounting_system": AccountingSystem.SMALL_BUSINESS,
            "invoice_kind": InvoiceKind.DIGITAL,
            "withholding": YesNo.YES,
        }
