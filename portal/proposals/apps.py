from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProposalsConfig(AppConfig):
    """What waits for a second person, and what they decided."""

    name = "portal.proposals"
    verbose_name = _("Four eyes")

    def ready(self):
        from kernel.core.ui import links

        links.register(proposals="proposals:list", proposal="proposals:show")
