from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    """What systems outside are told."""

    name = "kernel.core.outbox"
    verbose_name = _("Outbox")
