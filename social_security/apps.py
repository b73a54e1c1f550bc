from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SocialSecurityConfig(AppConfig):
    name = "social_security"
    verbose_name = _("Social security")

    def ready(self):
        from kernel.accounts import zone_settings
        from kernel.core import departments
        from kernel.core.outbox import channels
        from social_security import gateway, rules
        from social_security.department import SOCIAL_SECURITY

        departments.register(SOCIAL_SECURITY)
        channels.register(SOCIAL_SECURITY.code, SOCIAL_SECURITY.label, gateway.report)
        zone_settings.accept(
            social_security_authority_name=zone_settings.title,
            social_security_rates=rules.are_rates,
        )
