from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SocialSecurityConfig(AppConfig):
    name = "social_security"
    verbose_name = _("Social security")

    def ready(self):
        from kernel.accounts import zone_settings
        from kernel.cases import exchange
        from kernel.core import departments
        from kernel.core.outbox import channels
        from social_security import gateway
        from social_security.department import SOCIAL_SECURITY
        from social_security.zone_settings import SETTINGS

        departments.register(SOCIAL_SECURITY)
        channels.register(SOCIAL_SECURITY.code, SOCIAL_SECURITY.label, gateway.report)
        exchange.hear(
            SOCIAL_SECURITY.code, exchange.ACCOUNT, SOCIAL_SECURITY.label, gateway.report_account
        )
        zone_settings.register(*SETTINGS)
