from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SealsConfig(AppConfig):
    name = "seals"
    verbose_name = _("Seals (police filing)")

    def ready(self):
        from registration import desks
        from seals.desk import SealsDesk

        desks.register(SealsDesk())
