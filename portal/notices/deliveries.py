"""What became of a notice on its way by a channel: taken, delivered, failed. The only writers of a delivery's state.
The trail of the case learns it by the next sweep (`trail`)."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from kernel.core.moment import now
from kernel.core.outbox.models import Message
from portal.notices.addresses import phone_of, proved_mail
from portal.notices.models import Delivery, Notice

State, Fault = Delivery.State, Delivery.Fault
_FAULTS = {Message.State.REFUSED: Fault.REFUSED, Message.State.ASIDE: Fault.AWAY}


def settled(message: Message) -> None:
    """What the outbox has done with it; a receipt that was faster stands."""
    settled_many([message])


def settled_many(messages: Sequence[Message]) -> None:
    """All of one channel: those that were told by one statement."""
    at = now()
    told = [message for message in messages if message.state == Message.State.TOLD]
    if told:
        taken = {"state": State.TAKEN, "taken_at": at, "ended_at": None, "fault": ""}
        _open(told).update(**taken, trail_due=True)
    for message in messages:
        if message.state != Message.State.TOLD:
            fault = _FAULTS.get(Message.State(message.state)) or _why_lapsed(message)
            fail(_open([message]), fault, at)


def _open(messages: Sequence[Message]) -> QuerySet[Delivery]:
    notices = [message.payload["notice"] for message in messages]
    rows = Delivery.objects.filter(notice__in=notices, channel=messages[0].channel)
    return rows.filter(Q(state=State.QUEUED) | Q(fault=Fault.AWAY))


def _why_lapsed(message: Message) -> Fault:
    """Whoever has neither a proved phone nor an address any more, or it would have come too late."""
    recipient = (
        Notice.objects.select_related("recipient").get(pk=message.payload["notice"]).recipient
    )
    has_any = proved_mail(recipient) or phone_of(recipient)
    return Fault.LATE if has_any else Fault.NO_ADDRESS


def fail(rows: QuerySet[Delivery], fault: Fault, at: datetime) -> int:
    return rows.update(state=State.FAILED, fault=fault, ended_at=at, trail_due=True)


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
