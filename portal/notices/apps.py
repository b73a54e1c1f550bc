from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """What people are told when a case moves: an inbox for everybody, e-mail for those who gave an address."""

    name = "portal.notices"
    verbose_name = _("Messages")

    def ready(self):
        from kernel.core.outbox import channels
        from kernel.core.ui import links
        from portal.notices import accounts, mail, writing

        channels.register(mail.CHANNEL, _("E-mail"), mail.prepare)
        writing.connect()
        accounts.connect()
        links.register(inbox="messages:inbox")
