"""Telling what the outbox holds.

A worker claims some messages at once by a lease, past those that another worker has: any number of workers tell side
by side, and never one message at the same time. A worker that dies between telling and recording leaves its lease to
run out: the message goes again, with the same key. A failure is tried again after 2, 4, 8 … minutes, and the last one
sets the message aside, where people find it.
"""

import logging
from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta
from enum import Enum, auto
from time import monotonic

from django.db import transaction
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
BATCH = (
    25  # messages claimed at once; of a slow system's the rest is let go before the lease runs out
)
TURN = 5.0  # real seconds of one task: then the sweep of the clocks has its turn, however many messages wait
AWAY_AFTER = 3  # failures in a row after which a channel rests until the next turn
State = Message.State


class Outcome(Enum):
    TOLD = auto()
    FAILED = auto()
    TOO_SLOW = auto()


def deliver() -> int:
    """Tell what is due and in no other worker's hands, for one turn; returns how many messages were told.

    While much is due, another worker is asked to help; what is left at the end of the turn is asked for again, behind
    whatever else waits for a worker by then. Neither where nothing could be told: the next sweep is early enough then.
    One system that is away keeps nobody else's messages waiting.
    """
    return _Turn().take()


class _Turn:
    """One task's turn: how many were told, and which channels are away."""

    def __init__(self) -> None:
        self.told, self.end = 0, monotonic() + TURN
        self.failures: Counter[str] = Counter()
        self.away: set[str] = set()
        self.has_asked = False

    def take(self) -> int:
        while claimed := _claimed(self.away):
            mine, many = certain(claimed[0].next_try_at), len(claimed) == BATCH
            until = monotonic() + LEASE.total_seconds() - 2 * LIMIT
            while claimed and monotonic() < until:
                message = claimed.pop(0)
                if message.channel in self.away:
                    _let_go([message], mine)
                    continue
                self._count(message.channel, _tell(message, mine))
                if many and self.told:
                    self._ask_for_another()
                if monotonic() > self.end:
                    _let_go(claimed, mine)
                    if self.told:
                        self._ask_for_another()
                    return self.told
            _let_go(claimed, mine)
        return self.told

    def _count(self, channel: str, outcome: Outcome) -> None:
        if outcome is Outcome.TOLD:
            self.told, self.failures[channel] = self.told + 1, 0
            return
        self.failures[channel] += 1
        if outcome is Outcome.TOO_SLOW or self.failures[channel] >= AWAY_AFTER:
            self.away.add(channel)

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


def _tell(message: Message, mine: datetime) -> Outcome:
    try:
        call = channels.channel(message.channel).prepare(message)
        if call:
            within(LIMIT, message.channel, call)
    except channels.Undeliverable as error:
        message.error = type(error).__name__[:60]
        _settle(message, State.REFUSED)
        return Outcome.TOLD  # the system answered, and nothing is left to do
    except Exception as error:  # whatever a stranger's adapter raises
        log.warning(
            "a system outside was not told",
            exc_info=True,
            extra={"notice": message.pk, "kind": message.channel, "tries": message.tries},
        )
        _failed(message, mine, error)
        return Outcome.TOO_SLOW if isinstance(error, TimeoutError) else Outcome.FAILED
    _settle(message, State.TOLD if call else State.LAPSED)
    return Outcome.TOLD


def _failed(message: Message, mine: datetime, error: Exception) -> None:
    """Say when it is tried again; no effect where the lease ran out meanwhile and another worker has it."""
    message.error = type(error).__name__[:60]
    held = _held([message], mine)
    if message.tries < MOST_TRIES:
        pause = timedelta(minutes=2**message.tries)
        held.update(error=message.error, next_try_at=real_now() + pause)
    elif held.exists():
        _settle(message, State.ASIDE)


def _settle(message: Message, state: str) -> None:
    """Say how it ended, with whatever its channel writes down of that."""
    message.state, message.settled_at, message.next_try_at = state, now(), None
    registered = channels.known(message.channel)
    with transaction.atomic():
        message.save(update_fields=["state", "settled_at", "next_try_at", "error"])
        if registered and registered.settled:
            registered.settled(message)


def try_again(messages: QuerySet[Message]) -> int:
    """Have those that were set aside tried again, by the same keys; returns how many."""
    tried = messages.filter(state=State.ASIDE).update(
        state=State.WAITING, settled_at=None, next_try_at=real_now(), tries=0
    )
    wake(DELIVER)
    return tried
