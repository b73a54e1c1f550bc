"""How the schema describes the log-in of programs."""

from drf_spectacular.authentication import BasicScheme


class PasswordScheme(BasicScheme):
    target_class = "portal.api.authentication.PasswordAuthentication"
