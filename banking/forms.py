"""What the bank officer records at the one visit or video."""

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy

from banking import rules
from banking.fields import Meeting
from kernel.core.certain import certain
from kernel.core.moment import now
from kernel.desks.forms import CloseForm

NUMBER = {"autocomplete": "off", "class": "num", "maxlength": rules.LONGEST_NUMBER}


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
        help_text=gettext_lazy("12 to 22 digits."),
        error_messages={"required": gettext_lazy("Enter the account number.")},
        widget=forms.TextInput(attrs=NUMBER | {"inputmode": "numeric"}),
    )
    basic_number = forms.CharField(
        label=gettext_lazy("Basic account number"),
        error_messages={"required": gettext_lazy("Enter the basic account number.")},
        help_text=gettext_lazy("Letter J and 13 digits, from the national account system."),
        widget=forms.TextInput(attrs=NUMBER),
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

    def clean_number(self):
        return rules.normal(self.cleaned_data["number"])

    def clean_basic_number(self):
        return rules.normal(self.cleaned_data["basic_number"])

    def faults(self, given):
        application = self.page.application
        return rules.faults(
            given, application.zone.settings, certain(application.submitted_at), now()
        )


def this_minute():
    return localtime(now()).replace(second=0, microsecond=0)
