from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HallConfig(AppConfig):
    """Tickets of the hall, the windows that call them, and the board."""

    name = "services.hall"
    label = "hall"
    verbose_name = _("Hall")
