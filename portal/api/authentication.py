"""Log-in of programs by user name and password."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BasicAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, Throttled

from kernel.accounts.log_in_names import account_named
from portal.api.rates import LogInRate


class TooManyLogIns(Throttled):
    default_detail = _(
        "There were too many log-ins from your network. Wait a moment, or log in less often."
    )

    def __init__(self, wait: float) -> None:
        super().__init__()
        self.wait = wait  # seconds, for Retry-After; the sentence says it in words


class Paused(TooManyLogIns):
    default_detail = _(
        "Log-in is paused: there were too many wrong passwords for this user name or from your network. "
        "Wait a quarter of an hour and try again with the right one."
    )


class PasswordAuthentication(BasicAuthentication):
    """Not for staff where they need a second step: a password alone must open nothing of theirs."""

    def authenticate(self, request):
        if get_authorization_header(request).lower().startswith(b"basic"):
            rate = LogInRate()
            if not rate.allow_request(request, None):
                raise TooManyLogIns(rate.wait())
        return super().authenticate(request)

    def authenticate_credentials(self, userid, password, request=None):
        if settings.STAFF_MFA and (account := account_named(userid)) and account.is_staff_member:
            raise AuthenticationFailed(_("Staff log in on the page, with their second step."))
        place = _place_of(request)
        try:
            return super().authenticate_credentials(userid, password, place)
        except AuthenticationFailed as failed:
            if wait := getattr(place, "paused_for", 0):
                raise Paused(wait) from failed
            wrong = _(
                "The user name or the password is wrong, or the account is closed. Check both and try again."
            )
            raise AuthenticationFailed(wrong) from failed


def _place_of(request) -> HttpRequest:
    """Where the request comes from, and nothing of its body: one that can't be read would end the request before the
    wrong password is counted."""
    place = HttpRequest()
    place.META, place.path = request.META, request.path
    return place
