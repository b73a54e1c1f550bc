"""Log-in by mobile phone or user name."""

from django.contrib.auth.backends import ModelBackend

from kernel.accounts import brakes, log_in_records
from kernel.accounts.addresses import client_address
from kernel.accounts.log_in_names import account_named


class PhoneOrNameBackend(ModelBackend):
    """The brakes come before the password, for pages and programs alike."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        if not username or password is None:
            return None
        account = account_named(username)
        attempt = brakes.begin(request, username, account)
        # Nobody's name is "": the password is hashed all the same, so that the time doesn't tell who has an account.
        user = super().authenticate(
            request, account.username if account else "", password, **kwargs
        )
        log_in_records.record(account, client_address(request) if request else "", user is not None)
        if user:
            attempt.was_right()
        else:
            attempt.was_wrong()
        return user
