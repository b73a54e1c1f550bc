"""The chain of events of a case: how an event is hashed, appended and checked.

An event's hash covers the hash of the one before it and everything it says, so a change, a removal or a reordering
breaks every hash after it; the head stored with the case shows a removal at the end. It is made with a key that is in
neither database nor backup, so that who writes to the database can't compute it anew. What a whole chain can't show (a
case that is gone, an end cut off together with its head) the daily roots do: `kernel.cases.trail_roots`.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from django.conf import settings

from kernel.cases.models import Application, Event, TrailLeaf


def digest(event: Event, previous: str) -> str:
    """HMAC-SHA-256 over the event and the hash before it, as 64 hex digits; without a key, as events from before there
    was one have it, SHA-256. Raises KeyError for a key that the settings don't hold."""
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
    if not event.sealed_with:
        return hashlib.sha256(text.encode()).hexdigest()
    key = settings.TRAIL_KEYS[event.sealed_with]
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def key_in_use() -> str:
    """The id of the key that new events are sealed with."""
    return next(iter(settings.TRAIL_KEYS))


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
        sealed_with=key_in_use(),
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


def sealed_at_first(cases: Iterable[Application]) -> dict[int, int]:
    """How many events the opening root sealed for each of these cases, by their keys: they may lack a key."""
    leaves = TrailLeaf.objects.filter(root__opening=True, case__in=[case.pk for case in cases])
    return dict(leaves.values_list("case", "length"))


def faults(
    application: Application,
    events: list[Event] | None = None,
    unkeyed: Mapping[int, int] | None = None,
) -> list[str]:
    """What is wrong with a case's chain, in plain English for an auditor; empty when it is whole.

    `events` are all of the case's events by `seq`, and `unkeyed` what `sealed_at_first` says, where the caller has read
    them already.
    """
    previous = ""
    events = list(application.events.order_by("seq")) if events is None else events
    for place, event in enumerate(events, start=1):
        if event.seq != place:
            return [f"event {place} is missing"]
        if event.sealed_with and event.sealed_with not in settings.TRAIL_KEYS:
            return [f"event {place} has the key {event.sealed_with}, which TRAIL_KEYS lacks"]
        if event.previous != previous or event.hash != digest(event, previous):
            return [f"event {place} was changed"]
        if not event.sealed_with:
            unkeyed = sealed_at_first([application]) if unkeyed is None else unkeyed
            if place > unkeyed.get(application.pk, 0):
                return [f"event {place} was written without a key"]
        previous = event.hash
    if len(events) != application.trail_length or previous != application.trail_head:
        return ["events are missing at the end"]
    return []
