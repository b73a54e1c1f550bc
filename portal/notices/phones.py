"""Notices by text to a phone, a channel of the outbox. The number is read when it is sent, and only one that is proved
counts: who gave it up, or lost it to somebody else, is not written to."""

from collections.abc import Callable, Sequence
from functools import partial

from kernel.core.moment import now
from kernel.core.outbox.models import Message
from kernel.core.text_messages import carriers
from portal.notices.addresses import of_message, of_messages, phone_of
from portal.notices.due import useless_after
from portal.notices.models import Notice
from portal.notices.phone_texts import phone_text, phone_words


def prepare(message: Message) -> Callable | None:
    """What sends it; None where it would come too late, or nobody can be written to any more."""
    return _sending(message, of_message(message))


def prepare_many(messages: Sequence[Message]) -> dict[int, Callable | None]:
    return {message.pk: _sending(message, notice) for message, notice in of_messages(messages)}


def _sending(message: Message, notice: Notice | None) -> Callable | None:
    phone = phone_of(notice.recipient) if notice else ""
    if notice is None or not phone or now() >= useless_after(notice):
        return None
    text = carriers.Text(notice.kind, phone_text(notice), phone_words(notice))
    send, again = carriers.carrier().send, message.tries > 1
    return partial(send, phone=phone, text=text, key=message.key, again=again)
