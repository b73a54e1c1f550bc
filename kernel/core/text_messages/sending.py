"""Having a text sent, by the outbox and no other way."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from django.db.models import QuerySet

from kernel.core.moment import now, real_now
from kernel.core.outbox.models import Message, post
from kernel.core.text_messages import carriers, wording
from kernel.core.text_messages.models import TextMessage

CHANNEL = carriers.SYSTEM


def send(kind: wording.Kind, phone: str, words: dict, until: datetime) -> None:
    """Have it sent once this transaction has committed, unless `until` (real time) comes first. Raises KeyError where
    the wording has a gap that `words` don't fill."""
    wording.body(kind, words)
    text = TextMessage.objects.create(kind=kind.value, phone=phone, words=words, until=until)
    post(
        [
            Message(
                channel=CHANNEL,
                key=f"{CHANNEL}:{text.uid}",
                payload={"text": text.pk},
                written_at=now(),
            )
        ]
    )


def prepare(message: Message) -> Callable | None:
    """What sends it; None where it would come too late."""
    return _sending(message, _of_use().filter(pk=message.payload["text"]).first())


def prepare_many(messages: Sequence[Message]) -> dict[int, Callable | None]:
    texts = _of_use().in_bulk([message.payload["text"] for message in messages])
    return {
        message.pk: _sending(message, texts.get(message.payload["text"])) for message in messages
    }


def _of_use() -> QuerySet[TextMessage]:
    return TextMessage.objects.filter(until__gt=real_now())


def _sending(message: Message, text: TextMessage | None) -> Callable | None:
    if text is None:
        return None
    said = carriers.Text(text.kind, wording.body(text.kind, text.words), text.words)
    send, again = carriers.carrier().send, message.tries > 1
    return partial(send, phone=text.phone, text=said, key=message.key, again=again)
