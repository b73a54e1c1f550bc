"""Notices by text to a phone, a channel of the outbox. The number is read when it is sent, and only one that is proved
counts: who gave it up, or lost it to somebody else, is not written to."""

from collections.abc import Callable
from functools import partial

from kernel.core.moment import now
from kernel.core.outbox.models import Message
from kernel.core.text_messages import carriers
from portal.notices.addresses import of_message, phone_of
from portal.notices.due import useless_after
from portal.notices.phone_texts import phone_text


def prepare(message: Message) -> Callable | None:
    """What sends it; None where it would come too late, or nobody can be written to any more."""
    notice = of_message(message)
    phone = phone_of(notice.recipient) if notice else ""
    if notice is None or not phone or now() >= useless_after(notice):
        return None
    return partial(
        carriers.carrier().send,
        phone=phone,
        body=phone_text(notice),
        key=message.key,
    )
