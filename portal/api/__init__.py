"""The open interface under /api/v1/: the same cases, roles and refusals as on the pages."""

from portal.api.schema import PasswordScheme
from portal.api.urls import urlpatterns

__all__ = ["PasswordScheme", "urlpatterns"]
