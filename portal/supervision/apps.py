from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupervisionConfig(AppConfig):
    """What the supervisor of a zone sees, and the few things that only a supervisor decides."""

    name = "portal.supervision"
    verbose_name = _("Supervision")

    def ready(self):
        from kernel.accounts import zone_settings
        from kernel.core.ui import links
        from portal.supervision import stale_days
        from portal.supervision.zone_settings import SETTINGS

        stale_days.connect()
        zone_settings.register(*SETTINGS)
        links.register(
            breach_reason="supervision:reason",
            arrangement="supervision:arrangement",
            follow_up="supervision:follow-up",
            service_counts="supervision:services",
        )
        links.register_first_page("supervisor", "supervision:live")
