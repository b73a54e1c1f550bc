"""The forms of the public pages: registering, the progress query, the verification box."""

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from kernel.accounts.models import User
from kernel.applicants.inputs import Text
from kernel.core.moment import now
from kernel.core.privacy import blind_index
from kernel.core.written import PERSON, tidy
from kernel.form.codes import mobile_check, resident_id_check
from kernel.form.uploads import MOST_BYTES
from kernel.papers.licence_code import LONGEST, code_of


def _password(label, **attrs):
    return forms.CharField(
        label=label,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        **attrs,
    )


class RegisterForm(forms.Form):
    """Numbers are judged by the code that judges them in filings."""

    real_name = Text(
        label=_("Your name"),
        written=PERSON,
        help_text=_("As on the identity card"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name")},
    )
    phone = forms.CharField(
        label=_("Mobile phone"),
        max_length=40,
        help_text=_("You log in with it, and messages about your case go to it"),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"required": _("Enter your mobile phone")},
    )
    id_number = forms.CharField(
        label=_("Resident ID number"),
        max_length=40,
        help_text=_("18 characters; kept encrypted and shown masked"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Enter your resident ID number")},
    )
    password = _password(
        _("Password"),
        help_text=_("8 characters or more, not only digits"),
        error_messages={"required": _("Enter a password")},
    )
    password_again = _password(
        _("Password, once more"), error_messages={"required": _("Enter the password once more")}
    )
    agreed = forms.BooleanField(
        label=_("I have read the privacy statement and agree that the departments use what I file"),
        error_messages={"required": _("Registering needs your agreement")},
    )

    def clean_real_name(self):
        return tidy(self.cleaned_data["real_name"])

    def clean_phone(self):
        verdict = mobile_check(self.cleaned_data["phone"])
        if not verdict.ok:
            raise ValidationError(f"{verdict.sentence} {verdict.remedy}")
        if User.objects.filter(phone_index=blind_index(verdict.value)).exists():
            raise ValidationError(
                _("This phone is registered already. Log in with it, or use another.")
            )
        return verdict.value

    def clean_id_number(self):
        verdict = resident_id_check(self.cleaned_data["id_number"], localdate(now()))
        if not verdict.ok:
            raise ValidationError(f"{verdict.sentence} {verdict.remedy}")
        return verdict.value

    def clean(self):
        cleaned = super().clean()
        first, again = cleaned.get("password"), cleaned.get("password_again")
        if first and again and first != again:
            self.add_error(
                "password_again", _("The two passwords differ. Type the same one twice.")
            )
        if first:
            try:
                validate_password(first, User(real_name=cleaned.get("real_name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class ProgressForm(forms.Form):
    number = forms.CharField(
        label=_("Filing number"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Enter the filing number from your receipt")},
    )
    code = forms.CharField(
        label=_("Check code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Enter the check code from your receipt")},
    )


class VerifyForm(forms.Form):
    """The code is looked up in whatever case and grouping it was typed."""

    code = forms.CharField(
        label=_("Verification code"),
        max_length=LONGEST,
        help_text=_("32 letters and digits, at the end of the address that the QR code leads to"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Enter the verification code from the licence")},
    )

    def clean_code(self):
        code = code_of(self.cleaned_data["code"])
        if not code:
            raise ValidationError(_("Enter the verification code from the licence"))
        return code


class EvidenceForm(forms.Form):
    """A licence's PDF, or what its QR code says: one of the two."""

    file = forms.FileField(
        label=_("PDF of the licence"),
        required=False,
        max_length=200,
        help_text=_("As it was downloaded, up to 10 MB"),
        widget=forms.FileInput(attrs={"accept": ".pdf"}),
        error_messages={"empty": _("This file is empty. Choose the PDF again.")},
    )
    text = forms.CharField(
        label=_("Or what its QR code says"),
        required=False,
        max_length=LONGEST,
        help_text=_("The whole text that a scanner shows, with everything after the # sign"),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and file.size > MOST_BYTES:
            raise ValidationError(
                _("This file is larger than 10 MB: it is not a PDF of this portal.")
            )
        return file

    def clean(self):
        cleaned = super().clean()
        if not self.errors and bool(cleaned.get("file")) == bool(cleaned.get("text")):
            raise ValidationError(
                _("Choose the PDF, or enter what the QR code says; one of the two.")
            )
        return cleaned
