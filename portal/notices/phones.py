"""Notices by text to a phone, a channel of the outbox. The number is read when it is sent, and only one that is proved
counts: who gave it up, or lost it to somebody else, is not written to."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from kernel.core.moment import now
from kernel.core.outbox.models import Message
from kernel.core.text_messages import carriers
from portal.notices.addresses import of_message, phone_of
from portal.notices.due import meeting_of
from portal.notices.phone_texts import phone_text

OF_USE = timedelta(days=2)  # later than that a text would surprise; the inbox has it


def prepare(message: Message) -> Callable | None:
    """What sends it; None where it would come too late, or nobody can be written to any more."""
    notice = of_message(message)
    phone = phone_of(notice.recipient) if notice else ""
    if notice is None or not phone:
        return None
    meeting, at = meeting_of(notice), now()
    if at > notice.created_at + OF_USE or (meeting and meeting <= at):
        return None
    return partial(
        carriers.carrier().send,
        phone=phone,
        body=phone_text(notice),
        key=message.key,
    )
