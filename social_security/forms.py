"""What the social security officer records."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.desks.forms import CloseForm
from social_security import rules


class SocialSecurityForm(CloseForm):
    """The number comes from the office's own system; the rest the company has said."""

    confirms = {
        "employees": "social_security.employee_count",
        "first_day": "social_security.hired_on",
    }

    number = forms.CharField(
        label=gettext_lazy("Registration number"),
        help_text=gettext_lazy("Proposed by the office's system."),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "class": "num w-mid",
                "maxlength": rules.LONGEST_NUMBER,
            }
        ),
        error_messages={"required": gettext_lazy("Enter the registration number.")},
    )
    employees = forms.IntegerField(
        label=gettext_lazy("Number of employees"),
        widget=forms.NumberInput(attrs={"class": "w-short", "min": 0, "max": rules.MOST_EMPLOYEES}),
        error_messages=dict.fromkeys(
            ("required", "invalid"), gettext_lazy("Enter a whole number, 0 for none.")
        ),
    )
    first_day = forms.DateField(
        label=gettext_lazy("First day of work"),
        required=False,
        error_messages={"invalid": gettext_lazy("Enter the first day of work.")},
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "w-mid"}),
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if not self.initial.get("number"):
            self.fields["number"].help_text = _(
                "The office's own system doesn't answer just now: enter its number."
            )

    def clean_number(self):
        return rules.normal(self.cleaned_data["number"])

    def faults(self, given):
        return rules.faults(given.get("number", ""), given.get("employees"), given.get("first_day"))
