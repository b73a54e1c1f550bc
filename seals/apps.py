from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SealsConfig(AppConfig):
    name = "seals"
    verbose_name = _("Seals (police filing)")

    def ready(self):
        from kernel.accounts import zone_settings
        from kernel.cases import panels
        from kernel.core import departments
        from kernel.core.outbox import channels
        from seals import gateway
        from seals.department import SEALS
        from seals.queries import applicant_panel
        from seals.zone_settings import SETTINGS

        departments.register(SEALS)
        channels.register(SEALS.code, SEALS.label, gateway.report)
        zone_settings.register(*SETTINGS)
        panels.register("seals/panel.html", applicant_panel)
