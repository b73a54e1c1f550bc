from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CounterConfig(AppConfig):
    """Filing at the counter for a visitor without a device."""

    name = "services.counter"
    label = "counter"
    verbose_name = _("Counter")

    def ready(self):
        from kernel.core.ui import links

        links.register(
            counter_open="counter:desk",
            counter_filing="counter:filing",
            counter_screen="counter:screen",
            counter_claim="counter:claim",
        )
        links.register_first_page("helper", "counter:desk")
