from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BookedConfig(AppConfig):
    """The services that people book or ask for."""

    name = "services.booked"
    label = "services"
    verbose_name = _("Services")
