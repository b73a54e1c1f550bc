from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistrationConfig(AppConfig):
    name = "registration"
    verbose_name = _("Licence desk")

    def ready(self):
        from kernel.cases import desks
        from kernel.core.ui import links
        from registration.desk import LicenceDesk

        desks.register(LicenceDesk())
        links.register(deferred_material="window:look", licence="licence")
        links.register_first_page("chief_representative", "window:queue")
