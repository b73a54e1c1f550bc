from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CounterConfig(AppConfig):
    """Filing at the counter for a visitor without a device."""

    name = "services.counter"
    label = "counter"
    verbose_name = _("Counter")
