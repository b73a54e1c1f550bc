from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TextMessagesConfig(AppConfig):
    """What phones are told."""

    name = "kernel.core.text_messages"
    verbose_name = _("Text messages")

    def ready(self):
        from kernel.core import retention
        from kernel.core.outbox import channels
        from kernel.core.text_messages import sending
        from kernel.core.text_messages.models import TextMessage

        channels.register(
            sending.CHANNEL,
            _("Text message"),
            sending.prepare,
            many=channels.Many(sending.prepare_many),
        )
        retention.keep(
            "texts",
            _("Texts to phones"),
            1,
            lambda before: TextMessage.objects.filter(until__lt=before),
        )
