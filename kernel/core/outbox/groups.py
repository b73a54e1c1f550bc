"""Telling some messages of one channel together: prepared at once, told side by side, recorded in one transaction."""

import logging
from collections.abc import Sequence

from django.db import transaction

from kernel.core import rows
from kernel.core.external_systems import StillHangs, side_by_side
from kernel.core.moment import now
from kernel.core.outbox import channels
from kernel.core.outbox.models import Message

log = logging.getLogger(__name__)
State = Message.State
Outcome = State | Exception  # how a message ended, or what it failed of


def tell(group: Sequence[Message], limit: float) -> dict[int, Exception]:
    """Tell all of them, each within `limit` seconds, and record those that are settled; returns what the others failed
    of, by their primary keys. Nothing is raised but what the database raises."""
    outcomes = _told(group, _prepared(group), limit)
    settled, failed = {}, {}
    for message in group:
        outcome = outcomes[message.pk]
        if isinstance(outcome, channels.Undeliverable):
            message.error = type(outcome).__name__[:60]
            settled[message] = State.REFUSED  # the system answered, and nothing is left to do
        elif isinstance(outcome, Exception):
            failed[message.pk] = outcome
        else:
            settled[message] = outcome
    settle(settled)
    for message in group:
        if message.pk in failed:
            _report(message, failed[message.pk])
    return failed


def _prepared(group: Sequence[Message]) -> dict[int, channels.Call | None | Exception]:
    """What tells each message, None where there is nobody to tell any more, or what preparing it failed of."""
    many = channels.many(group[0].channel)
    prepared = _prepared_together(many, group) if many and len(group) > 1 else {}
    for message in group:
        if message.pk not in prepared:
            try:
                prepared[message.pk] = channels.channel(message.channel).prepare(message)
            except Exception as error:  # whatever is wrong with this one
                prepared[message.pk] = error
    return prepared


def _prepared_together(many: channels.Many, group: Sequence[Message]) -> dict:
    """Nothing where one of them spoils it: they are prepared one by one then, and that one says why."""
    try:
        return dict(many.prepare(group))
    except Exception:
        log.exception("messages could not be prepared together", extra={"kind": group[0].channel})
        return {}


def _told(group: Sequence[Message], prepared: dict, limit: float) -> dict[int, Outcome]:
    """How each ended, or what it failed of."""
    calls = {key: call for key, call in prepared.items() if callable(call)}
    outcomes = {key: State.LAPSED if call is None else call for key, call in prepared.items()}
    try:
        answers = side_by_side(limit, group[0].channel, list(calls.values()))
    except StillHangs as error:
        return outcomes | dict.fromkeys(calls, error)
    for key, answer in zip(calls, answers, strict=True):
        try:
            answer.result(0)
            outcomes[key] = State.TOLD
        except Exception as error:  # whatever a stranger's adapter raises
            outcomes[key] = error
    return outcomes


def settle(ends: dict[Message, State]) -> None:
    """Say how each ended, with whatever its channel writes down of that; all are of one channel."""
    if not ends:
        return
    at = now()
    for message, state in ends.items():
        message.state, message.settled_at, message.next_try_at = state, at, None
    with transaction.atomic():
        rows.update(list(ends), ("state", "settled_at", "next_try_at", "error"))
        _tell_channel(list(ends))


def _tell_channel(messages: list[Message]) -> None:
    registered = channels.known(messages[0].channel)
    if registered and registered.many and registered.many.settled:
        registered.many.settled(messages)
    elif registered and registered.settled:
        for message in messages:
            registered.settled(message)


def _report(message: Message, error: Exception) -> None:
    log.warning(
        "a system outside was not told",
        exc_info=error,
        extra={"notice": message.pk, "kind": message.channel, "tries": message.tries},
    )
