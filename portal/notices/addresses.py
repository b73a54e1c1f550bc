"""Where somebody can be told beside the inbox: what of them is proved, asked anew at each try."""

from collections.abc import Sequence

from django.db.models import QuerySet

from kernel.accounts.models import User
from kernel.core.outbox import channels
from kernel.core.outbox.models import Message
from portal.notices.account_texts import ACCOUNT_TEXTS
from portal.notices.models import Delivery, MailAddress, Notice, Webhook

TEXTS, MAIL, WEBHOOK = "notices", "e-mail", "webhook"  # channels of the outbox


def phone_of(recipient: User) -> str:
    """The phone that is proved to be theirs, of an account that is open; empty where there is none."""
    return recipient.phone if recipient.is_active and recipient.phone_proved_at else ""


def mail_of(notice: Notice) -> str:
    """The proved e-mail address of its recipient: of a shut account, for what tells of that alone."""
    recipient = notice.recipient
    return proved_mail(recipient) if recipient.is_active or notice.kind in ACCOUNT_TEXTS else ""


def proved_mail(recipient: User) -> str:
    """The e-mail address that they have proved; empty where there is none."""
    try:
        known = recipient.mail_address
    except MailAddress.DoesNotExist:
        return ""
    return known.address if known.proved_at else ""


def webhook_of(recipient: User) -> Webhook | None:
    """The webhook that they have proved and that is on; None where there is none."""
    try:
        known = recipient.webhook
    except Webhook.DoesNotExist:
        return None
    known.account = recipient
    return known if known.is_on else None


def reaches_person(recipient: User) -> bool:
    """Whether they have proved where they themselves are reached: a webhook tells a machine."""
    return bool(phone_of(recipient) or proved_mail(recipient))


def of_channel(notice: Notice, channel: str) -> str:
    """Where its recipient can be told by this channel; empty where nowhere."""
    if channels.registered(channel) == WEBHOOK:
        hook = webhook_of(notice.recipient)
        return hook.address if hook else ""
    return mail_of(notice) if channel == MAIL else phone_of(notice.recipient)


def key(delivery: Delivery) -> str:
    """By which whoever carries it knows a repeat."""
    if delivery.channel == MAIL:
        return delivery.notice.idempotency_key
    return f"{delivery.channel}:{delivery.uid}"


def of_message(message: Message) -> Notice | None:
    """The notice that a row of the outbox sends, with its recipient and its case; None once it was erased."""
    return _notices().filter(pk=message.payload["notice"]).first()


def of_messages(messages: Sequence[Message]) -> list[tuple[Message, Notice]]:
    """Each with its notice, read by one statement; without those whose notice is gone."""
    known = _notices().in_bulk([message.payload["notice"] for message in messages])
    pairs = [(message, known.get(message.payload["notice"])) for message in messages]
    return [(message, notice) for message, notice in pairs if notice]


def _notices() -> QuerySet[Notice]:
    beside = ("recipient__mail_address", "recipient__webhook", "application")
    return Notice.objects.select_related(*beside).defer("application__answers")
