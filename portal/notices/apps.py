from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """What people are told when a case moves: an inbox for everybody, e-mail for those who gave an address."""

    name = "portal.notices"
    verbose_name = _("Messages")

    def ready(self):
        from kernel.core import retention
        from kernel.core.outbox import channels
        from kernel.core.ui import links
        from portal.notices import accounts, mail, proposals, writing
        from portal.notices.models import Notice

        channels.register(mail.CHANNEL, _("E-mail"), mail.prepare)
        writing.connect()
        accounts.connect()
        proposals.connect()
        retention.keep(
            "notices",
            _("Messages of the portal that have been read"),
            400,
            lambda before: Notice.objects.filter(read_at__lt=before),
        )
        links.register(inbox="messages:inbox")
