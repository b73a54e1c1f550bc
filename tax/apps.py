from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TaxConfig(AppConfig):
    name = "tax"
    verbose_name = _("Tax")

    def ready(self):
        from kernel.accounts import zone_settings
        from kernel.cases import exchange
        from kernel.core import departments
        from kernel.core.outbox import channels
        from tax import gateway
        from tax.department import TAX
        from tax.zone_settings import SETTINGS

        departments.register(TAX)
        channels.register(TAX.code, TAX.label, gateway.report)
        exchange.hear(TAX.code, exchange.ACCOUNT, TAX.label, gateway.report_account)
        exchange.hear(TAX.code, exchange.AGREEMENT, TAX.label, gateway.report_agreement)
        zone_settings.register(*SETTINGS)
