from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SealsConfig(AppConfig):
    name = "seals"
    verbose_name = _("Seals (police filing)")

    def ready(self):
        from registration import desks, panels
        from seals.desk import SealsDesk
        from seals.proofs import drawn_receipt
        from seals.queries import applicant_panel

        desks.register(SealsDesk())
        desks.register_drawing("seal_receipt", drawn_receipt)
        panels.register("seals/panel.html", applicant_panel)
