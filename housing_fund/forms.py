"""What the housing fund's officer records."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from housing_fund import rules
from housing_fund.fields import LEAST_RATE, MOST_RATE
from kernel.desks.forms import CloseForm
from kernel.form.filing import MOST_EMPLOYEES


class DepositForm(CloseForm):
    """The number comes from the fund's own system; the rest the company has said. The base is in yuan."""

    confirms = {name: f"housing_fund.{name}" for name in ("people", "base", "rate")}

    number = forms.CharField(
        label=gettext_lazy("Registration number"),
        help_text=gettext_lazy("Proposed by the fund's system."),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "class": "num w-mid",
                "maxlength": rules.LONGEST_NUMBER,
            }
        ),
        error_messages={"required": gettext_lazy("Enter the registration number.")},
    )
    people = forms.IntegerField(
        label=gettext_lazy("People to deposit for"),
        widget=forms.NumberInput(attrs={"class": "w-short", "min": 0, "max": MOST_EMPLOYEES}),
        error_messages=dict.fromkeys(
            ("required", "invalid"), gettext_lazy("Enter a whole number, 0 for none.")
        ),
    )
    base = forms.DecimalField(
        label=gettext_lazy("Base of a month (yuan)"),
        max_digits=15,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"class": "w-mid", "min": 0, "step": "0.01"}),
        error_messages=dict.fromkeys(
            ("required", "invalid"), gettext_lazy("Enter the base of a month in yuan.")
        ),
    )
    rate = forms.IntegerField(
        label=gettext_lazy("Rate (%)"),
        widget=forms.NumberInput(attrs={"class": "w-short", "min": LEAST_RATE, "max": MOST_RATE}),
        error_messages=dict.fromkeys(
            ("required", "invalid"), gettext_lazy("Enter the rate in whole percent.")
        ),
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if not self.initial.get("number"):
            self.fields["number"].help_text = _(
                "The fund's own system doesn't answer just now: enter its number."
            )

    def clean_number(self):
        return rules.normal(self.cleaned_data["number"])

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
    """What was entered, its base in fen; a base that was left out isn't there."""
    others = {name: value for name, value in given.items() if name != "base"}
    base = given.get("base")
    return others if base is None else others | {"base_fen": int(base * rules.FEN)}
