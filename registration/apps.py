from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistrationConfig(AppConfig):
    name = "registration"
    verbose_name = _("Cases and the licence")

    def ready(self):
        from registration import checks, guards, licence, reserved, standards

        checks.register_all()
        guards.connect()
        licence.register()
        standards.take_names_from(reserved.taken_by_another)
