"""Notices to webhooks, channels of the outbox: one for each webhook, so that one that is away holds up no other.

A receiver that is away is tried again with growing pauses, some seventeen hours in all; then the message is given up,
and nobody of the installation is alarmed: it is the company's own to mend. One that took nothing for days, or says that
it is gone, is switched off, and its holder told.
"""

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.utils.timezone import localtime

from kernel.core.guarded_http import Answer, Inside
from kernel.core.moment import real_now
from kernel.core.outbox.channels import Undeliverable
from kernel.core.outbox.delivery import MOST_TRIES
from kernel.core.outbox.models import Message
from portal.notices.addresses import of_message
from portal.notices.models import Notice, Webhook
from portal.notices.webhooks import kinds, signing
from portal.notices.webhooks.receivers import carrier

GONE = 410  # what a receiver answers that wants nothing any more


class NotTaken(Exception):
    """The receiver answered with something else than 2xx; a redirect is one of these."""


class Gone(Undeliverable):
    """The receiver says that it is there no more."""


class LeadsInside(Undeliverable):
    """The address leads into a network that isn't the open internet."""


class StayedAway(Undeliverable):
    """It took the message at no try."""


def prepare(message: Message) -> Callable | None:
    """What posts it; None where the webhook was taken away, renewed elsewhere or switched off meanwhile."""
    notice = of_message(message)
    hook = webhook_of(message)
    if notice is None or hook is None or not hook.is_on:
        return None
    uid = message.payload["delivery"]
    signed = signing.signed(hook.secret, uid, content(notice), real_now())
    call = partial(_post, hook.address, signed)
    return partial(_last, call) if message.tries >= MOST_TRIES else call


def webhook_of(message: Message) -> Webhook | None:
    """The one that a row of the outbox goes to; None once it is gone."""
    rows = Webhook.objects.select_related("account")
    return rows.filter(pk=int(message.channel.partition(":")[2])).first()


def content(notice: Notice) -> dict:
    """What is posted of a notice: no name, no company, nothing that was typed."""
    application = notice.application
    return {
        "type": "notice",
        "timestamp": localtime(notice.created_at).isoformat(timespec="seconds"),
        "data": {
            "kind": notice.kind,
            "group": kinds.group(notice),
            "case": application.number if application else "",
            "link": f"{settings.SITE_ADDRESS}/messages/{notice.pk}/",
        },
    }


def _post(address: str, signed: signing.Signed) -> None:
    try:
        answer: Answer = carrier().post(address, signed.body, signed.headers)
    except Inside as error:
        raise LeadsInside from error
    if answer.status == GONE:
        raise Gone
    if not 200 <= answer.status < 300:
        raise NotTaken(answer.status)


def _last(call: Callable) -> None:
    try:
        call()
    except Undeliverable:
        raise
    except Exception as error:  # whatever a stranger's receiver makes of it
        raise StayedAway from error
