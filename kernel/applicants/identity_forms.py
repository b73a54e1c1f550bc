"""Who somebody is, as pages ask for it: a phone, the code that was sent to it, name and ID number. Numbers are judged
by the code that judges them in filings."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from kernel.accounts import one_time_codes
from kernel.applicants.inputs import Text
from kernel.core.errors import Refused
from kernel.core.moment import now
from kernel.core.written import PERSON, tidy
from kernel.form.codes import mobile_check, resident_id_check


class PhoneField(forms.CharField):
    """A mobile number, judged; its value is the number as it is stored."""

    def __init__(self, autocomplete="tel", **options):
        widget = forms.TextInput(attrs={"autocomplete": autocomplete, "inputmode": "tel"})
        super().__init__(max_length=40, widget=widget, **options)

    def clean(self, value):
        typed = super().clean(value)
        verdict = mobile_check(typed)
        if typed and not verdict.ok:
            raise ValidationError(f"{verdict.sentence} {verdict.remedy}")
        return verdict.value if typed else ""


class CodeForm(forms.Form):
    """`take` is called with what was typed and raises Refused where it isn't the code."""

    code = forms.CharField(
        label=_("One-time code"),
        max_length=20,
        help_text=_("6 digits"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": _("Enter the code")},
    )

    def __init__(self, *args, row: one_time_codes.OneTimeCode, bound: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.row, self.bound = row, bound

    def clean_code(self):
        typed = self.cleaned_data["code"]
        purpose = one_time_codes.Purpose(self.row.purpose)
        try:
            return one_time_codes.take(purpose, self.row.phone, typed, bound=self.bound)
        except Refused as refused:
            raise ValidationError(refused.sentence) from refused


class NameForm(forms.Form):
    """Name and ID number, as the real-name gateway is asked for them."""

    real_name = Text(
        label=_("Your name"),
        written=PERSON,
        help_text=_("As on the identity card"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name")},
    )
    id_number = forms.CharField(
        label=_("Resident ID number"),
        max_length=40,
        help_text=_("18 characters; kept encrypted and shown masked"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Enter your resident ID number")},
    )

    def clean_real_name(self):
        return tidy(self.cleaned_data["real_name"])

    def clean_id_number(self):
        verdict = resident_id_check(self.cleaned_data["id_number"], localdate(now()))
        if not verdict.ok:
            raise ValidationError(f"{verdict.sentence} {verdict.remedy}")
        return verdict.value
