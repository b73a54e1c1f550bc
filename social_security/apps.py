from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SocialSecurityConfig(AppConfig):
    name = "social_security"
    verbose_name = _("Social security")

    def ready(self):
        from registration import desks
        from social_security.desk import SocialSecurityDesk

        desks.register(SocialSecurityDesk())
