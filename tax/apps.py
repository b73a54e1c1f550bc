from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TaxConfig(AppConfig):
    name = "tax"
    verbose_name = _("Tax")

    def ready(self):
        from kernel.accounts import zone_settings
        from kernel.core import departments
        from kernel.core.outbox import channels
        from tax import gateway, rules
        from tax.department import TAX

        departments.register(TAX)
        channels.register(TAX.code, TAX.label, gateway.report)
        zone_settings.accept(tax_authority_name=zone_settings.title, tax_invoices=rules.are_amounts)
