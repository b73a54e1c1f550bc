"""Log-in of programs by user name and password."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BasicAuthentication
from rest_framework.exceptions import AuthenticationFailed


class PasswordAuthentication(BasicAuthentication):
    """Not for staff where they need a second step: a password alone must open nothing of theirs."""

    def authenticate_credentials(self, userid, password, request=None):
        user, nothing = super().authenticate_credentials(userid, password, request)
        if settings.STAFF_MFA and user.is_staff_member:
            raise AuthenticationFailed(_("Staff log in on the page, with their second step."))
        return user, nothing
