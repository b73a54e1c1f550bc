"""The chain of events of a case: how an event is hashed, appended and checked.

An event's hash covers the hash of the one before it and everything it says, so a change, a removal or a reordering
breaks every hash after it; the head stored with the case shows a removal at the end.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime

from kernel.cases.models import Application, Event


def digest(event: Event, previous: str) -> str:
    """SHA-256 over the event and the hash before it, as 64 hex digits."""
    parts = [
        previous,
        event.application_id,
        event.seq,
        event.kind,
        event.department,
        event.round,
        event.actor_id,
        event.role,
        event.at.astimezone(UTC).isoformat(),
        event.data,
    ]
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def append(
    application: Application,
    kind: str,
    at: datetime,
    actor=None,
    stage=None,
    round=None,
    role: str = "",
    **data,
) -> Event:
    """The next event of a case whose row the caller has locked; not saved. Moves the case's head on.

    `role` is that in which the actor acted, where it isn't the one of the desk at which they sit; `data` holds JSON
    values and no personal data. The caller saves the event and the case in one transaction.
    """
    event = Event(
        application=application,
        seq=application.trail_length + 1,
        kind=kind,
        department=stage.department if stage else "",
        round=(stage.round if round is None else round) if stage else 0,
        actor=actor,
        role=role or (actor.role if actor else ""),
        at=at,
        data=data,
        previous=application.trail_head,
    )
    event.hash = digest(event, application.trail_head)
    application.trail_head = event.hash
    application.trail_length = event.seq
    return event


def chains(cases, size: int = 500) -> Iterator[list[tuple[Application, list[Event]]]]:
    """Cases with all their events, in slices that a growing table doesn't slow down, in order of their key."""
    last = 0
    while batch := list(cases.filter(pk__gt=last).order_by("pk")[:size]):
        events: dict[int, list[Event]] = {case.pk: [] for case in batch}
        for event in Event.objects.filter(application__in=batch).order_by("application", "seq"):
            events[event.application_id].append(event)
        yield [(case, events[case.pk]) for case in batch]
        last = batch[-1].pk


def faults(application: Application, events: list[Event] | None = None) -> list[str]:
    """What is wrong with a case's chain, in plain English for an auditor; empty when it is whole.

    `events` are all of the case's events by `seq`, where the caller has read them already.
    """
    sentences, previous = [], ""
    events = list(application.events.order_by("seq")) if events is None else events
    for place, event in enumerate(events, start=1):
        if event.seq != place:
            sentences.append(f"event {place} is missing")
            break
        if event.previous != previous or event.hash != digest(event, previous):
            sentences.append(f"event {place} was changed")
            break
        previous = event.hash
    if not sentences and (
        len(events) != application.trail_length or previous != application.trail_head
    ):
        sentences.append("events are missing at the end")
    return sentences
