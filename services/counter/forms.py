"""What the helper types about the visitor, and what the visitor types on the second screen and at home."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.accounts.models import Presence
from kernel.applicants.identity_forms import NameForm, PhoneField
from kernel.core.errors import Refused
from kernel.form.uploads import PDF, check

How = Presence.How


class VisitorForm(NameForm):
    """Who stands at the counter, and how the officer knows it."""

    how = forms.ChoiceField(
        label=gettext_lazy("How the visitor shows who they are"),
        choices=(
            (How.CODE, gettext_lazy("By a code sent to their own phone")),
            (How.CARD, gettext_lazy("They have no phone: I look at their identity card")),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how the visitor shows who they are")},
    )
    phone = PhoneField(
        autocomplete="off",
        label=gettext_lazy("Mobile phone that they have with them"),
        help_text=gettext_lazy("With a phone"),
        required=False,
    )
    picture = forms.FileField(
        label=gettext_lazy("Picture of the side with the portrait"),
        help_text=gettext_lazy("Without a phone. It is kept encrypted, as evidence of your look."),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )
    seen = forms.BooleanField(
        label=gettext_lazy(
            "I have compared the card with the person in front of me and with what is typed here"
        ),
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["real_name"].label = gettext_lazy("Name of the visitor")
        self.fields["id_number"].label = gettext_lazy("Their resident ID number")

    def clean_picture(self):
        """The checked file; None where there is none."""
        upload = self.cleaned_data["picture"]
        if not upload or self.cleaned_data.get("how") != How.CARD:
            return None
        try:
            checked = check(upload)
        except Refused as refused:
            raise ValidationError(refused.sentence) from refused
        if checked.content_type == PDF:
            raise ValidationError(_("Take a picture of the card; this is a PDF."))
        return checked

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        how = cleaned.get("how")
        if how == How.CODE and not cleaned.get("phone") and "phone" not in self.errors:
            self.add_error("phone", _("Enter the phone that they have with them"))
        if how == How.CARD:
            if not cleaned.get("picture") and "picture" not in self.errors:
                self.add_error("picture", _("Take a picture of the side with the portrait"))
            if not cleaned.get("seen"):
                self.add_error(
                    "seen", _("Tick that you have compared card, person and what is typed")
                )
        return cleaned


class ScreenForm(forms.Form):
    """The code that makes a tablet the second screen."""

    code = forms.CharField(
        label=gettext_lazy("Code on the helper's screen"),
        max_length=20,
        help_text=gettext_lazy("6 letters and digits"),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": gettext_lazy("Enter the code that the helper's screen shows")},
    )


class ClaimForm(NameForm):
    """By what a visitor who had no phone takes the account over at home."""

    claim = forms.CharField(
        label=gettext_lazy("Code on the paper from the counter"),
        max_length=30,
        help_text=gettext_lazy("10 letters and digits"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Enter the code on the paper from the counter")},
    )
    phone = PhoneField(
        label=gettext_lazy("Your mobile phone"),
        help_text=gettext_lazy("We send a code to it"),
        error_messages={"required": gettext_lazy("Enter your mobile phone")},
    )
