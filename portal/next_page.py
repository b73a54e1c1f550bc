"""What the next page says once: in a cookie of its own, whose name binds it to this host in production."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class InCookie(CookieStorage):
    cookie_name = settings.MESSAGE_COOKIE_NAME


class Messages(FallbackStorage):
    """In the cookie; what doesn't fit into one, in the session."""

    storage_classes = (InCookie, SessionStorage)
