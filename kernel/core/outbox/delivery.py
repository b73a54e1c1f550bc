"""Telling what the outbox holds.

A message is claimed by a conditional UPDATE on its lease, so that two workers never tell one message at the same time.
A worker that dies between telling and recording leaves its lease to run out: the message goes again, with the same
key. A failure is tried again after 2, 4, 8 … minutes, and the last one sets the message aside, where people find it.
"""

import logging
from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta
from enum import Enum, auto
from time import monotonic

from django.db.models import F, QuerySet

from kernel.core.certain import certain
from kernel.core.external_systems import within
from kernel.core.moment import now, real_now
from kernel.core.outbox import channels
from kernel.core.outbox.models import DELIVER, Message
from kernel.core.wake import wake

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)  # many times LIMIT
LIMIT = 10.0  # seconds that one call may take
MOST_TRIES = 10  # about seventeen hours in all
BATCH = 100  # messages read at once; whoever reads the same ones finds those that are claimed gone from the next
TURN = 5.0  # real seconds of one task: then the sweep of the clocks has its turn, however many messages wait
AWAY_AFTER = 3  # failures in a row after which a channel rests until the next turn
State = Message.State


class Outcome(Enum):
    TOLD = auto()
    FAILED = auto()
    TOO_SLOW = auto()
    TAKEN = auto()  # another worker has it


def deliver() -> int:
    """Tell what is due and in no other worker's hands, for one turn; returns how many messages were told.

    What is left is asked for again, behind whatever else waits for a worker by then; unless nothing could be told, for
    then the next sweep is early enough. One system that is away keeps nobody else's messages waiting.
    """
    told, end = 0, monotonic() + TURN
    failed: Counter[str] = Counter()
    away: set[str] = set()
    while message := _due(away):
        for pk, channel, lease in message:
            if channel in away:
                continue
            outcome = _tell(pk, lease)
            if outcome is Outcome.TOLD:
                told, failed[channel] = told + 1, 0
            elif outcome is not Outcome.TAKEN:
                failed[channel] += 1
            if outcome is Outcome.TOO_SLOW or failed[channel] >= AWAY_AFTER:
                away.add(channel)
            if monotonic() > end:
                if told:
                    wake(DELIVER)
                return told
    return told


def _due(away: Collection[str]) -> list[tuple[int, str, datetime]]:
    due = Message.objects.filter(next_try_at__lte=real_now()).exclude(channel__in=away)
    rows = due.order_by("next_try_at", "pk").values_list("pk", "channel", "next_try_at")[:BATCH]
    return [(pk, channel, certain(lease)) for pk, channel, lease in rows]


def claim(pk: int, lease: datetime) -> datetime | None:
    """Take the message, unless somebody did since its lease was read; returns one's own lease."""
    mine = real_now() + LEASE
    free = Message.objects.filter(pk=pk, next_try_at=lease)
    return mine if free.update(next_try_at=mine, tries=F("tries") + 1) else None


def _tell(pk: int, lease: datetime) -> Outcome:
    mine = claim(pk, lease)
    if mine is None:
        return Outcome.TAKEN
    message = Message.objects.get(pk=pk)
    try:
        call = channels.channel(message.channel).prepare(message)
        if call:
            within(LIMIT, message.channel, call)
    except Exception as error:  # whatever a stranger's adapter raises
        log.warning(
            "a system outside was not told",
            exc_info=True,
            extra={"notice": pk, "kind": message.channel, "tries": message.tries},
        )
        _failed(message, mine, error)
        return Outcome.TOO_SLOW if isinstance(error, TimeoutError) else Outcome.FAILED
    _settle(Message.objects.filter(pk=pk), State.TOLD if call else State.LAPSED)
    return Outcome.TOLD


def _failed(message: Message, mine: datetime, error: Exception) -> None:
    """Say when it is tried again; no effect where the lease ran out meanwhile and another worker has it."""
    held = Message.objects.filter(pk=message.pk, next_try_at=mine)
    held.update(error=type(error).__name__[:60])
    if message.tries >= MOST_TRIES:
        _settle(held, State.ASIDE)
    else:
        held.update(next_try_at=real_now() + timedelta(minutes=2**message.tries))


def _settle(messages: QuerySet[Message], state: str) -> None:
    messages.update(state=state, settled_at=now(), next_try_at=None)


def try_again(messages: QuerySet[Message]) -> int:
    """Have those that were set aside tried again, by the same keys; returns how many."""
    tried = messages.filter(state=State.ASIDE).update(
        state=State.WAITING, settled_at=None, next_try_at=real_now(), tries=0
    )
    wake(DELIVER)
    return tried
