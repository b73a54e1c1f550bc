"""What became of a notice on its way by a channel: taken, delivered, failed. The only writers of a delivery's state.
The trail of the case learns it by the next sweep (`trail`)."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from kernel.core.moment import now
from kernel.core.outbox import channels
from kernel.core.outbox.models import Message
from portal.notices.addresses import MAIL, TEXTS, WEBHOOK, of_channel, of_message, reaches_person
from portal.notices.models import Delivery
from portal.notices.webhooks.sending import StayedAway

State, Fault = Delivery.State, Delivery.Fault
_FAULTS = {Message.State.REFUSED: Fault.REFUSED, Message.State.ASIDE: Fault.AWAY}


def settled(message: Message) -> None:
    """What the outbox has done with it; a receipt that was faster stands."""
    settled_many([message])


def settled_many(messages: Sequence[Message]) -> None:
    """All of one channel: those that were told by one statement."""
    at = now()
    told = [message for message in messages if message.state == Message.State.TOLD]
    taken = {"state": State.TAKEN, "taken_at": at, "ended_at": None, "fault": ""}
    for trail_due in (True, False):
        if alike := [message for message in told if _is_for_trail(message) == trail_due]:
            _open(alike).update(**taken, trail_due=trail_due)
    for message in messages:
        if message.state != Message.State.TOLD:
            fail(_open([message]), _fault(message), at, _is_for_trail(message))


def _open(messages: Sequence[Message]) -> QuerySet[Delivery]:
    channel = channels.registered(messages[0].channel)
    notices = [message.payload["notice"] for message in messages]
    rows = Delivery.objects.filter(notice__in=notices, channel=channel)
    return rows.filter(Q(state=State.QUEUED) | Q(fault=Fault.AWAY))


def _is_for_trail(message: Message) -> bool:
    """What a webhook took, or didn't, says that somebody was reached, or wasn't, only where they proved neither a phone
    nor an e-mail address: these say it alone."""
    if channels.registered(message.channel) != WEBHOOK:
        return True
    notice = of_message(message)
    return notice is not None and not reaches_person(notice.recipient)


def _fault(message: Message) -> Fault:
    if message.error == StayedAway.__name__:
        return Fault.AWAY
    return _FAULTS.get(Message.State(message.state)) or _why_lapsed(message)


def _why_lapsed(message: Message) -> Fault:
    """What it was to go to is no longer proved or in use, or it would have come too late."""
    notice = of_message(message)
    if notice is None or of_channel(notice, message.channel):
        return Fault.LATE
    others = {MAIL, TEXTS} - {message.channel}
    has_other = any(of_channel(notice, other) for other in others)
    return Fault.GONE if has_other else Fault.NO_ADDRESS


def fail(rows: QuerySet[Delivery], fault: Fault, at: datetime, trail_due: bool = True) -> int:
    return rows.update(state=State.FAILED, fault=fault, ended_at=at, trail_due=trail_due)


def receive(arrived: Mapping[uuid.UUID, bool]) -> int:
    """What the carrier says of the deliveries with these keys, perhaps again, by a handful of statements; returns of
    how many there is one. That it arrived after all counts, that it didn't after it did doesn't."""
    known, at = Delivery.objects.filter(uid__in=arrived), now()
    fields = {
        "state": State.DELIVERED,
        "fault": "",
        "ended_at": at,
        "taken_at": Coalesce(F("taken_at"), at),
    }
    there = known.filter(uid__in=[key for key in arrived if arrived[key]])
    there.filter(state=State.TAKEN).update(**fields)
    there.filter(state__in=(State.QUEUED, State.FAILED)).update(**fields, trail_due=True)
    lost = known.filter(uid__in=[key for key in arrived if not arrived[key]])
    fail(lost.filter(state__in=(State.QUEUED, State.TAKEN)), Fault.LOST, at)
    return known.count()
