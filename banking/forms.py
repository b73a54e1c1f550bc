"""What the bank officer records at the one visit or video."""

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banking import rules
from kernel.core.moment import now
from kernel.desks.forms import CloseForm
from kernel.form.choices import Meeting


class AccountForm(CloseForm):
    """The numbers come from the bank's own system; the meeting is as booked unless the officer says otherwise."""

    confirms = {"meeting": "bank.meeting"}

    meeting = forms.ChoiceField(
        label=gettext_lazy("How the intent was verified"),
        choices=Meeting.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how the intent was verified.")},
    )
    met_at = forms.DateTimeField(
        label=gettext_lazy("When"),
        input_formats=["%Y-%m-%dT%H:%M"],
        error_messages=dict.fromkeys(
            ("required", "invalid"), gettext_lazy("Enter day and time of the meeting.")
        ),
        widget=forms.DateTimeInput(
            format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local", "class": "w-mid"}
        ),
    )
    number = forms.CharField(
        label=gettext_lazy("Account number"),
        max_length=rules.LONGEST_NUMBER,
        help_text=gettext_lazy("12 to 22 digits."),
        error_messages={"required": gettext_lazy("Enter the account number.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "inputmode": "numeric", "class": "num"}
        ),
    )
    basic_number = forms.CharField(
        label=gettext_lazy("Basic account number"),
        max_length=rules.LONGEST_NUMBER,
        error_messages={"required": gettext_lazy("Enter the basic account number.")},
        help_text=gettext_lazy("Letter J and 13 digits, from the national account system."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "num"}),
    )
    intent_verified = forms.BooleanField(
        label=gettext_lazy("The legal representative's intent to open the account is verified"),
        error_messages={
            "required": gettext_lazy("The intent to open the account is not verified yet.")
        },
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if rules.intent_questions(self.page.questions):  # the standards ask the same
            del self.fields["intent_verified"]

    def clean_met_at(self):
        met_at = self.cleaned_data["met_at"]
        if met_at > now():
            raise forms.ValidationError(
                _("The meeting lies ahead; close the stage once it has taken place.")
            )
        if localtime(met_at).date() < localtime(self.page.application.submitted_at).date():
            raise forms.ValidationError(
                _("The meeting lies before the day of the filing. Check the day.")
            )
        return met_at

    def clean_number(self):
        return self._fitting(
            "number", rules.fits_account_number, _("An account number has 12 to 22 digits.")
        )

    def clean_basic_number(self):
        said = _("A basic account number is the letter J and 13 digits.")
        return self._fitting("basic_number", rules.fits_basic_number, said)

    def _fitting(self, name: str, fits, said: str) -> str:
        number = rules.normal(self.cleaned_data[name])
        if not fits(number, self.page.application.zone.settings):
            raise forms.ValidationError(said)
        return number


def this_minute():
    return localtime(now()).replace(second=0, microsecond=0)
