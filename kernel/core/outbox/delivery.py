"""Telling what the outbox holds.

A worker claims some messages at once by a lease, past those that another worker has: any number of workers tell side
by side, and never one message at the same time. A worker that dies between telling and recording leaves its lease to
run out: the message goes again, with the same key. A failure is tried again after 2, 4, 8 … minutes, and the last one
sets the message aside, where people find it.

It tells by groups: messages of one channel that are prepared together, told side by side and recorded in one
transaction. A group is of one message but where the channel does many (`channels.Many`): there the first of a turn is
of one, and each that goes well makes the next twice as large; one that fails makes it one again, so a system in trouble
is not run over.
"""

import logging
from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from kernel.core.certain import certain
from kernel.core.moment import real_now
from kernel.core.outbox import channels, groups
from kernel.core.outbox.models import DELIVER, Message
from kernel.core.wake import wake

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)  # many times LIMIT
LIMIT = 10.0  # seconds that one call may take
MOST_TRIES = 10  # about seventeen hours in all
BATCH = (
    100  # messages claimed at once; of a slow system's the rest is let go before the lease runs out
)
TURN = 5.0  # real seconds of one task: then the sweep of the clocks has its turn, however many messages wait
AWAY_AFTER = 3  # failures in a row after which a channel rests until the next turn
State = Message.State


def deliver() -> int:
    """Tell what is due and in no other worker's hands, for one turn; returns how many messages were told.

    While much is due, another worker is asked to help; what is left at the end of the turn is asked for again, behind
    whatever else waits for a worker by then. Neither where nothing could be told: the next sweep is early enough then.
    One system that is away keeps nobody else's messages waiting.
    """
    return _Turn().take()


class _Turn:
    """One task's turn: how many were told, how wide each channel's next group is, and which channels are away."""

    def __init__(self) -> None:
        self.told, self.end = 0, monotonic() + TURN
        self.widths: dict[str, int] = {}
        self.failures: Counter[str] = Counter()
        self.away: set[str] = set()
        self.has_asked = False

    def take(self) -> int:
        while claimed := _claimed(self.away):
            mine, many = certain(claimed[0].next_try_at), len(claimed) == BATCH
            until = monotonic() + LEASE.total_seconds() - 2 * LIMIT
            while claimed and monotonic() < until:
                group, claimed = self._next(claimed)
                self._tell(group, mine)
                if many and self.told:
                    self._ask_for_another()
                if monotonic() > self.end:
                    _let_go(claimed, mine)
                    if self.told:
                        self._ask_for_another()
                    return self.told
                claimed = self._without_the_away(claimed, mine)
            _let_go(claimed, mine)
        return self.told

    def _next(self, claimed: list[Message]) -> tuple[list[Message], list[Message]]:
        """The next group, and what is left."""
        channel = claimed[0].channel
        width = self.widths.setdefault(channel, 1)
        group = [message for message in claimed if message.channel == channel][:width]
        taken = {message.pk for message in group}
        return group, [message for message in claimed if message.pk not in taken]

    def _tell(self, group: list[Message], mine: datetime) -> None:
        channel = group[0].channel
        failed = groups.tell(group, LIMIT)
        for message in group:
            if error := failed.get(message.pk):
                _failed(message, mine, error)
                self._count_failure(channel, error)
            else:
                self.told, self.failures[channel] = self.told + 1, 0
        if failed:
            self.widths[channel] = 1
        elif channels.many(channel):
            self.widths[channel] = min(2 * self.widths[channel], settings.CALLS_AT_ONCE)

    def _count_failure(self, channel: str, error: Exception) -> None:
        self.failures[channel] += 1
        if isinstance(error, TimeoutError) or self.failures[channel] >= AWAY_AFTER:
            self.away.add(channel)

    def _without_the_away(self, claimed: list[Message], mine: datetime) -> list[Message]:
        _let_go([message for message in claimed if message.channel in self.away], mine)
        return [message for message in claimed if message.channel not in self.away]

    def _ask_for_another(self) -> None:
        """Each turn asks for one more, so that as many go on as there are workers, and no more wait than before."""
        if not self.has_asked:
            self.has_asked = True
            wake(DELIVER)


@transaction.atomic
def _claimed(away: Collection[str]) -> list[Message]:
    """The next messages that are due and in nobody's hands, from now on under one's own lease."""
    due = Message.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        next_try_at__lte=real_now()
    )
    claimed = list(due.exclude(channel__in=away).order_by("next_try_at", "pk")[:BATCH])
    mine = real_now() + LEASE
    Message.objects.filter(pk__in=[message.pk for message in claimed]).update(
        next_try_at=mine, tries=F("tries") + 1
    )
    for message in claimed:
        message.next_try_at, message.tries = mine, message.tries + 1
    return claimed


def _held(messages: list[Message], mine: datetime) -> QuerySet[Message]:
    return Message.objects.filter(pk__in=[message.pk for message in messages], next_try_at=mine)


def _let_go(messages: list[Message], mine: datetime) -> None:
    """These weren't tried: they are anybody's again."""
    if messages:
        _held(messages, mine).update(next_try_at=real_now(), tries=F("tries") - 1)


def _failed(message: Message, mine: datetime, error: Exception) -> None:
    """Say when it is tried again; no effect where the lease ran out meanwhile and another worker has it."""
    message.error = type(error).__name__[:60]
    held = _held([message], mine)
    if message.tries < MOST_TRIES:
        pause = timedelta(minutes=2**message.tries)
        held.update(error=message.error, next_try_at=real_now() + pause)
    elif held.exists():
        groups.settle({message: State.ASIDE})


def try_again(messages: QuerySet[Message]) -> int:
    """Have those that were set aside tried again, by the same keys; returns how many."""
    tried = messages.filter(state=State.ASIDE).update(
        state=State.WAITING, settled_at=None, next_try_at=real_now(), tries=0
    )
    wake(DELIVER)
    return tried
