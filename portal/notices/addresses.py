"""Where somebody can be told beside the inbox: what of them is proved, asked anew at each try."""

from kernel.accounts.models import User
from portal.notices.models import Delivery, Notice

TEXTS, MAIL = "notices", "e-mail"  # channels of the outbox


def phone_of(recipient: User) -> str:
    """The phone that is proved to be theirs, of an account that is open; empty where there is none."""
    return recipient.phone if recipient.is_active and recipient.phone_proved_at else ""


def mail_of(notice: Notice) -> str:
    """The e-mail address of its recipient: of a shut account, for what tells of that alone."""
    recipient = notice.recipient
    return recipient.email if recipient.is_active or notice.application_id is None else ""


def key(delivery: Delivery) -> str:
    """By which whoever carries it knows a repeat."""
    if delivery.channel == MAIL:
        return delivery.notice.idempotency_key
    return f"{delivery.channel}:{delivery.uid}"
