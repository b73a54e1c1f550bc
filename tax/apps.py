from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TaxConfig(AppConfig):
    name = "tax"
    verbose_name = _("Tax")

    def ready(self):
        from registration import desks
        from tax.desk import TaxDesk

        desks.register(TaxDesk())
