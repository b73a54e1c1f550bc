from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SocialSecurityConfig(AppConfig):
    name = "social_security"
    verbose_name = _("Social security")

    def ready(self):
        from kernel.accounts import zone_settings
        from kernel.cases import desks
        from kernel.core.ui import links
        from social_security import rules
        from social_security.desk import SocialSecurityDesk

        desks.register(SocialSecurityDesk())
        zone_settings.accept(
            social_security_authority_name=zone_settings.title,
            social_security_rates=rules.are_rates,
        )
        links.register_first_page("social_security_officer", "social_security:queue")
