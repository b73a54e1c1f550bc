"""The forms of the public pages: registering, the progress query, the verification box."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kernel.form.uploads import MOST_BYTES
from kernel.papers.licence_code import LONGEST, code_of


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
