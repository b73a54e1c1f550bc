"""What the tax officer confirms."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.desks.forms import CloseForm
from kernel.form.choices import AccountingSystem, InvoiceKind, TaxpayerClass
from tax import rules


class TaxForm(CloseForm):
    """Filled in by the rules; amounts in yuan, as the officer says them."""

    confirms = {
        name: f"tax.{name}"
        for name in ("taxpayer_class", "accounting_system", "invoice_kind", "withholding")
    }

    taxpayer_class = forms.ChoiceField(
        label=gettext_lazy("Taxpayer class"),
        choices=TaxpayerClass.choices,
        widget=forms.RadioSelect,
    )
    accounting_system = forms.ChoiceField(
        label=gettext_lazy("Accounting system"),
        choices=AccountingSystem.choices,
        widget=forms.RadioSelect,
    )
    taxes = forms.MultipleChoiceField(
        label=gettext_lazy("Taxes and levies"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one tax.")},
    )
    invoice_kind = forms.ChoiceField(
        label=gettext_lazy("Invoices"), choices=InvoiceKind.choices, widget=forms.RadioSelect
    )
    invoice_limit = forms.IntegerField(
        label=gettext_lazy("Limit of one invoice (yuan)"),
        min_value=0,
        max_value=rules.MOST_YUAN,
        required=False,
    )
    invoice_quota = forms.IntegerField(
        label=gettext_lazy("Invoices in a month (yuan)"),
        min_value=0,
        max_value=rules.MOST_YUAN,
        required=False,
    )
    withholding = forms.BooleanField(
        label=gettext_lazy("Three-party withholding agreement with the bank"), required=False
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["taxes"].choices = [(key, tax.name) for key, tax in rules.taxes().items()]

    def clean(self):
        given = super().clean()
        if given.get("invoice_kind") == InvoiceKind.DIGITAL:
            limit, quota = given.get("invoice_limit"), given.get("invoice_quota")
            if "invoice_quota" in given and not quota:
                self.add_error("invoice_quota", _("Enter the quota of a month."))
            elif limit and quota and limit > quota:
                self.add_error(
                    "invoice_limit", _("One invoice can't be for more than the quota of a month.")
                )
        return given

    @property
    def granted(self) -> dict:
        """The values as the desk takes them, in fen."""
        given = dict(self.cleaned_data)
        invoices = given["invoice_kind"] == InvoiceKind.DIGITAL
        for name in ("invoice_limit", "invoice_quota"):
            yuan = given.pop(name) or 0
            given[f"{name}_fen"] = int(Decimal(yuan) * rules.FEN) if invoices else 0
        return given
