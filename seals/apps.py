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
        from seals import gateway, impressions, rules
        from seals.department import SEALS
        from seals.queries import applicant_panel

        departments.register(SEALS)
        channels.register(SEALS.code, SEALS.label, gateway.report)
        zone_settings.accept(
            engraver_name=zone_settings.title,
            seal_authority_name=zone_settings.title,
            seal_code_prefix=rules.is_code_prefix,
            seal_set=rules.is_set,
            seal_shapes=impressions.are_changes,
        )
        panels.register("seals/panel.html", applicant_panel)
