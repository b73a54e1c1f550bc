from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """What people are told when a case moves: an inbox for everybody, and what they proved beside it."""

    name = "portal.notices"
    verbose_name = _("Messages")

    def ready(self):
        from django.db.models import Q

        from kernel.accounts import zone_settings
        from kernel.core import retention
        from kernel.core.outbox import channels
        from kernel.core.ui import links
        from kernel.zone_words import places
        from portal.notices import (
            accounts,
            addresses,
            deliveries,
            hall,
            mail,
            own_words,
            phones,
            proposals,
            proving_mail,
            review_notices,
            services,
            word_places,
            writing,
        )
        from portal.notices.models import MailAddress, Notice, Webhook
        from portal.notices.webhooks import reached, sending
        from portal.notices.zone_settings import SETTINGS

        for name, label, sender in (
            (addresses.MAIL, _("E-mail"), mail),
            (addresses.TEXTS, _("Texts about cases"), phones),
        ):
            many = channels.Many(sender.prepare_many, deliveries.settled_many)
            channels.register(name, label, sender.prepare, deliveries.settled, many)
        channels.register(proving_mail.CHANNEL, _("Codes by e-mail"), mail.prepare_code)
        channels.register(addresses.WEBHOOK, _("Webhooks"), sending.prepare, reached.settled)
        places.register(own_words.INBOX, word_places.of_inbox)
        places.register(own_words.PHONES, word_places.of_phones)
        writing.connect()
        accounts.connect()
        hall.connect()
        proposals.connect()
        services.connect()
        review_notices.connect()
        retention.keep(
            "notices",
            _("Messages of the portal that have been read"),
            400,
            lambda before: Notice.objects.filter(Q(read_at__lt=before) | Q(settled_at__lt=before)),
        )
        retention.keep(
            "mail_codes",
            _("Codes to e-mail addresses that were not proved"),
            1,
            lambda before: MailAddress.objects.filter(proved_at=None, until__lt=before),
        )
        retention.keep(
            "webhooks",
            _("Addresses of webhooks that were not proved"),
            30,
            lambda before: Webhook.objects.filter(proved_at=None, asked_at__lt=before),
        )
        zone_settings.register(*SETTINGS)
        links.register(inbox="messages:inbox")
