from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HallConfig(AppConfig):
    """Tickets of the hall, the windows that call them, and the board."""

    name = "services.hall"
    label = "hall"
    verbose_name = _("Hall")

    def ready(self):
        from kernel.accounts import zone_settings
        from kernel.cases import reviewable
        from kernel.core.database_guards import keep_on_sqlite
        from kernel.core.ui import links
        from services.hall import database_guards, reviewing
        from services.hall.zone_settings import SETTINGS

        zone_settings.register(*SETTINGS)
        links.register(hall="hall:board", hall_calls="hall:calls", hall_take="hall:take")
        reviewable.register(
            reviewing.KIND,
            by_code=reviewing.by_code,
            by_uid=reviewing.by_uid,
            given_by=reviewing.given_by,
        )
        keep_on_sqlite(self, "hall_ticket", database_guards.SQLITE)
