from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HousingFundConfig(AppConfig):
    name = "housing_fund"
    verbose_name = _("Housing fund")

    def ready(self):
        from housing_fund import gateway
        from housing_fund.department import HOUSING_FUND
        from housing_fund.zone_settings import SETTINGS
        from kernel.accounts import zone_settings
        from kernel.core import departments
        from kernel.core.outbox import channels

        departments.register(HOUSING_FUND)
        channels.register(HOUSING_FUND.code, HOUSING_FUND.label, gateway.report)
        zone_settings.register(*SETTINGS)
