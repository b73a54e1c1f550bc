"""Passkeys (WebAuthn) as a second step: the ceremonies are django-otp-webauthn's, who may begin one is said here.

A passkey stands beside the password, never in its place, and its holder is always verified by the device (PIN, finger,
face). Each ceremony is two requests of the page's script; their challenge is in the session and good once.
"""

from typing import Any

from django.http import JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django_otp_webauthn import views
from django_otp_webauthn.exceptions import OTPWebAuthnApiError
from django_otp_webauthn.helpers import WebAuthnHelper
from webauthn.helpers.structs import UserVerificationRequirement

from kernel.accounts import second_step
from kernel.accounts.brakes import is_password
from kernel.core.errors import Refused
from kernel.core.ui import links


class Forbidden(OTPWebAuthnApiError):
    """Not the moment for it; the page says what to do first."""

    status_code = 403
    default_code = "not_now"


class Verifying(WebAuthnHelper):
    """Asks the device to make sure of its holder, whenever a passkey is made or used."""

    def get_relying_party_name(self) -> str:
        return _("Company opening portal")

    def get_generate_registration_options_kwargs(self, *, user) -> dict:
        options = super().get_generate_registration_options_kwargs(user=user)
        options["authenticator_selection"].user_verification = UserVerificationRequirement.REQUIRED
        return options

    def get_generate_authentication_options_kwargs(
        self, *, user=None, require_user_verification: bool
    ) -> dict:
        return super().get_generate_authentication_options_kwargs(
            user=user, require_user_verification=True
        )


class _Making:
    request: Any

    def check_can_register(self) -> None:
        if not second_step.may_set_up(self.request):
            raise Forbidden(
                _("This page was open too long. Reload it, and confirm that it is you, first.")
            )


class BeginMaking(_Making, views.BeginCredentialRegistrationView):
    """What the device needs to make a passkey."""


class CompleteMaking(_Making, views.CompleteCredentialRegistrationView):
    """Keep the passkey that the device made; with the first one the session has made its second step."""

    def post(self, *args, **kwargs) -> JsonResponse:
        super().post(*args, **kwargs)
        passkey = second_step.passkeys(self.request.user).latest("pk")
        second_step.taken_into_use(self.request, passkey)
        none_left = not second_step.codes_left(self.request.user)
        onward = reverse("recovery-codes") if none_left else links.link("own_account")
        return JsonResponse({"redirect_url": onward})


class _Using:
    request: Any

    def check_can_authenticate(self) -> None:
        if not second_step.asked_of(self.request.user):
            raise Forbidden(_("No second step is asked of you."))


class BeginUsing(_Using, views.BeginCredentialAuthenticationView):
    """What the device needs to use one of the person's passkeys."""


class CompleteUsing(_Using, views.CompleteCredentialAuthenticationView):
    """The second step is made; once more, before what a session left open must not do, with the password as well."""

    def post(self, *args, **kwargs) -> JsonResponse:
        once_more = self.request.user.is_verified()
        try:
            wrong = once_more and not is_password(self.request.user, self._password)
        except Refused as refused:
            raise Forbidden(refused.sentence) from refused
        if wrong:
            raise Forbidden(_("This is not your password. Type it again."))
        return super().post(*args, **kwargs)

    @property
    def _password(self) -> str:
        given = self.request.data
        return str(given.get("password", "")) if hasattr(given, "get") else ""

    def complete_auth(self, device):
        second_step.passed(self.request, device)

    def get_success_url(self) -> str:
        return self.get_redirect_url() or reverse("work")
