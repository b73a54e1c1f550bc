"""Log-in by mobile phone or user name."""

from django.contrib.auth.backends import ModelBackend

from kernel.accounts.log_in_names import account_named


class PhoneOrNameBackend(ModelBackend):
    """The name is read as the brakes before it read it (`kernel.accounts.log_in_names`)."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        if not username or password is None:
            return None
        account = account_named(username)
        # Nobody's name is "": the password is hashed all the same, so that the time doesn't tell who has an account.
        return super().authenticate(
            request, account.username if account else "", password, **kwargs
        )
