from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TaxConfig(AppConfig):
    name = "tax"
    verbose_name = _("Tax")

    def ready(self):
        from kernel.accounts import zone_settings
        from kernel.cases import desks
        from kernel.core.ui import links
        from tax import rules
        from tax.desk import TaxDesk

        desks.register(TaxDesk())
        zone_settings.accept(tax_authority_name=zone_settings.title, tax_invoices=rules.are_amounts)
        links.register_first_page("tax_officer", "tax:queue")
