"""What people type about themselves. Numbers are judged by the code that judges them in filings."""

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kernel.accounts import sessions
from kernel.accounts.brakes import is_password
from kernel.accounts.models import User
from kernel.applicants.identity_forms import NameForm, PhoneField
from kernel.core.errors import Refused


def _password(label, autocomplete="new-password", **attrs):
    return forms.CharField(
        label=label,
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        **attrs,
    )


class PhoneForm(forms.Form):
    """To which phone a code is sent."""

    phone = PhoneField(
        label=_("Mobile phone"),
        help_text=_("We send a code to it"),
        error_messages={"required": _("Enter your mobile phone")},
    )


class NewPassword(forms.Form):
    """Twice the same, and none that is easily guessed; `account` is whose it will be, `phone` theirs where the account
    isn't known yet."""

    password = _password(
        _("Password"),
        help_text=_(
            "8 characters or more, not only digits; none with your phone, ID number or name"
        ),
        error_messages={"required": _("Enter a password")},
    )
    password_again = _password(
        _("Password, once more"), error_messages={"required": _("Enter the password once more")}
    )
    account: User | None = None

    def __init__(self, *args, phone: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.phone = phone

    def clean(self):
        cleaned = super().clean()
        first, again = cleaned.get("password"), cleaned.get("password_again")
        if first and again and first != again:
            self.add_error(
                "password_again", _("The two passwords differ. Type the same one twice.")
            )
        if first:
            account = self.account or User(
                real_name=cleaned.get("real_name", ""),
                id_number=cleaned.get("id_number", ""),
                phone=self.phone,
            )
            try:
                validate_password(first, account)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class RegisterForm(NewPassword, NameForm):
    agreed = forms.BooleanField(
        label=_("I have read the privacy statement and agree that the departments use what I file"),
        error_messages={"required": _("Registering needs your agreement")},
    )
    field_order = ["real_name", "id_number", "password", "password_again", "agreed"]


class RecoverForm(NewPassword, NameForm):
    field_order = ["real_name", "id_number", "password", "password_again"]


LOG_IN_AGAIN = _(
    "You have no password here, so for this we ask for a fresh log-in: log out, log in once more with the province's "
    "service site, and come back within ten minutes."
)


class OwnPassword(forms.Form):
    """Who has a session in hand must know the password, too; where there is none, have logged in just now."""

    present = _password(
        _("Present password"),
        autocomplete="current-password",
        error_messages={"required": _("Enter your present password")},
    )

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.account, self.log_in_again = request.user, ""
        if not request.user.has_usable_password():
            del self.fields["present"]
            self.log_in_again = "" if sessions.is_recent(request) else LOG_IN_AGAIN

    def clean(self):
        if self.log_in_again:
            raise ValidationError(self.log_in_again)
        return super().clean()

    def clean_present(self):
        try:
            right = is_password(self.account, self.cleaned_data["present"])
        except Refused as refused:
            raise ValidationError(refused.sentence) from refused
        if not right:
            raise ValidationError(_("This is not your present password. Type it again."))
        return self.cleaned_data["present"]


class ChangePasswordForm(OwnPassword, NewPassword):
    field_order = ["present", "password", "password_again"]


class CloseForm(OwnPassword):
    sure = forms.BooleanField(
        label=_("I want to close my account for good"),
        error_messages={"required": _("Tick that you want to close it")},
    )
    field_order = ["sure", "present"]
