from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistrationConfig(AppConfig):
    name = "registration"
    verbose_name = _("Licence desk")

    def ready(self):
        from kernel.accounts import proposal_kinds
        from kernel.core import departments
        from kernel.core.ui import links
        from registration import kinds_for_two
        from registration.department import REGISTRATION

        departments.register(REGISTRATION)
        proposal_kinds.register(*kinds_for_two.KINDS)
        links.register(deferred_material="window:look", licence="licence")
