"""Sessions in the database, each beside whose it is: so that somebody can see where they are logged in, and end it."""

from typing import TYPE_CHECKING, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as InDatabase

if TYPE_CHECKING:
    from kernel.accounts.models import AccountSession


class SessionStore(InDatabase):
    @classmethod
    def get_model_class(cls):
        from kernel.accounts.models import AccountSession

        return AccountSession

    def create_model_instance(self, data):
        session = cast("AccountSession", super().create_model_instance(data))
        key = str(data.get(SESSION_KEY, ""))
        session.account_id = int(key) if key.isdecimal() else None
        return session
