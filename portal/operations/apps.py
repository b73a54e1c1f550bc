from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    """What those who run the portal need: copies and their drill, what machines ask, and what they count."""

    name = "portal.operations"
    verbose_name = _("Running the portal")

    def ready(self):
        from portal.operations import heartbeat

        heartbeat.connect()
