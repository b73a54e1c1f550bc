"""What the tax officer confirms."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from kernel.desks.forms import CloseForm
from tax import rules
from tax.fields import AccountingSystem, InvoiceKind, TaxpayerClass

YUAN = {"min": 0, "max": rules.MOST_YUAN}


def unless_chosen(sentence) -> dict:
    """The messages of a choice that has to be made."""
    return dict.fromkeys(("required", "invalid_choice"), sentence)


class TaxForm(CloseForm):
    """Filled in by the rules; amounts in yuan, as the officer says them."""

    confirms = {
        name: f"tax.{name}" for name in ("taxpayer_class", "accounting_system", "invoice_kind")
    }

    taxpayer_class = forms.ChoiceField(
        label=gettext_lazy("Taxpayer class"),
        choices=TaxpayerClass.choices,
        widget=forms.RadioSelect,
        error_messages=unless_chosen(gettext_lazy("Choose the taxpayer class.")),
    )
    accounting_system = forms.ChoiceField(
        label=gettext_lazy("Accounting system"),
        choices=AccountingSystem.choices,
        widget=forms.RadioSelect,
        error_messages=unless_chosen(gettext_lazy("Choose the accounting system.")),
    )
    taxes = forms.MultipleChoiceField(
        label=gettext_lazy("Taxes and levies"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Choose at least one tax."),
            "invalid_choice": gettext_lazy("There is no tax or levy “%(value)s”."),
        },
    )
    invoice_kind = forms.ChoiceField(
        label=gettext_lazy("Invoices"),
        choices=InvoiceKind.choices,
        widget=forms.RadioSelect,
        error_messages=unless_chosen(gettext_lazy("Choose the invoices.")),
    )
    invoice_limit = forms.IntegerField(
        label=gettext_lazy("Limit of one invoice (yuan)"),
        required=False,
        widget=forms.NumberInput(attrs=YUAN),
    )
    invoice_quota = forms.IntegerField(
        label=gettext_lazy("Invoices in a month (yuan)"),
        required=False,
        widget=forms.NumberInput(attrs=YUAN),
    )

    fields: dict[str, Any]  # of many classes, each with what it can do

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["taxes"].choices = [(key, tax.name) for key, tax in rules.taxes().items()]

    def faults(self, given):
        return {
            name.removesuffix("_fen"): sentence
            for name, sentence in rules.faults(in_fen(given)).items()
        }

    @property
    def granted(self) -> dict:
        """The values as the desk takes them, in fen."""
        return in_fen(self.cleaned_data)


def in_fen(given: Mapping) -> dict:
    """What was entered, its amounts in fen; an amount that was left empty is 0."""
    yuan = {name: given[name] or 0 for name in ("invoice_limit", "invoice_quota") if name in given}
    others = {name: value for name, value in given.items() if name not in yuan}
    return others | {f"{name}_fen": amount * rules.FEN for name, amount in yuan.items()}
