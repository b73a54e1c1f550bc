"""Brakes on guessing passwords, counted in the database: for an account at an address, for an account whatever the
address, and for an address whatever the account. django-axes counts and locks; the three limits are ours."""

from axes.handlers.database import AxesDatabaseHandler
from django.conf import settings


class Brakes(AxesDatabaseHandler):
    """`settings.LOG_IN_TRIES` gives the limit of each of axes' own lock-out parameters, in their order."""

    def get_failures(self, request, credentials=None) -> int:
        """axes compares with one limit: that many where any of the three is reached, else none."""
        counted = (
            sum(attempts.values_list("failures_since_start", flat=True))
            for attempts in self.get_user_attempts(request, credentials)
        )
        reached = any(
            count >= most
            for count, most in zip(counted, settings.LOG_IN_TRIES.values(), strict=True)
        )
        return settings.AXES_FAILURE_LIMIT if reached else 0

    def reset_user_attempts(self, request, credentials=None) -> int:
        """A log-in forgives this account's wrong tries at this address alone: whoever has an account of their own
        could otherwise guess at others' for ever."""
        both, _account, _address = self.filter_user_attempts(request, credentials)
        count, _rows = both.delete()
        return count
