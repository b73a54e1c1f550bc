from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SlaConfig(AppConfig):
    name = "kernel.sla"
    label = "sla"
    verbose_name = _("Clocks and calendars")

    def ready(self):
        from django.db.models.signals import post_delete, post_save

        from kernel.accounts import zone_settings
        from kernel.sla import checks, proposal_clocks
        from kernel.sla.calendars import forget
        from kernel.sla.models import Calendar, CalendarVersion, ClosedDay, YearArrangement
        from kernel.sla.zone_settings import SETTINGS

        checks.register_all()
        zone_settings.register(*SETTINGS)
        proposal_clocks.connect()
        for model in (Calendar, CalendarVersion, ClosedDay, YearArrangement):
            post_save.connect(
                forget, sender=model, dispatch_uid=f"sla.forget.save.{model.__name__}"
            )
            post_delete.connect(
                forget, sender=model, dispatch_uid=f"sla.forget.delete.{model.__name__}"
            )
