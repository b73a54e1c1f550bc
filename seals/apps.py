from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SealsConfig(AppConfig):
    name = "seals"
    verbose_name = _("Seals (police filing)")

    def ready(self):
        from kernel.accounts import zone_settings
        from kernel.cases import deliveries, panels, rounds
        from kernel.core import departments
        from kernel.core.outbox import channels
        from seals import carriers, following, gateway, queries
        from seals.department import SEALS
        from seals.zone_settings import SETTINGS

        departments.register(SEALS)
        channels.register(SEALS.code, SEALS.label, gateway.report)
        zone_settings.register(*SETTINGS)
        channels.register(carriers.CHANNEL, _("Courier"), carriers.report)
        panels.register("seals/panel.html", queries.applicant_panel)
        deliveries.register(SEALS.code, queries.deliveries_of, queries.deliveries_counted)
        rounds.register(SEALS.code, following.follow)
