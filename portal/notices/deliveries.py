"""What became of a notice on its way by a channel: taken, delivered, failed. The only writers of a delivery's state.
The trail of the case learns it by the next sweep (`trail`)."""

import uuid
from datetime import datetime

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from kernel.core.moment import now
from kernel.core.outbox.models import Message
from portal.notices.addresses import MAIL, TEXTS, of_channel, of_message
from portal.notices.models import Delivery

State, Fault = Delivery.State, Delivery.Fault
_FAULTS = {Message.State.REFUSED: Fault.REFUSED, Message.State.ASIDE: Fault.AWAY}


def settled(message: Message) -> None:
    """What the outbox has done with it; a receipt that was faster stands."""
    rows = Delivery.objects.filter(notice=message.payload["notice"], channel=message.channel)
    open_rows = rows.filter(state=State.QUEUED) | rows.filter(fault=Fault.AWAY)
    at = now()
    if message.state == Message.State.TOLD:
        told = {"state": State.TAKEN, "taken_at": at, "ended_at": None, "fault": ""}
        open_rows.update(**told, trail_due=True)
    else:
        fault = _FAULTS.get(Message.State(message.state)) or _why_lapsed(message)
        fail(open_rows, fault, at)


def _why_lapsed(message: Message) -> Fault:
    """What it was to go to is no longer proved, or it would have come too late."""
    notice = of_message(message)
    if notice is None or of_channel(notice, message.channel):
        return Fault.LATE
    other = TEXTS if message.channel == MAIL else MAIL
    return Fault.GONE if of_channel(notice, other) else Fault.NO_ADDRESS


def fail(rows: QuerySet[Delivery], fault: Fault, at: datetime) -> int:
    return rows.update(state=State.FAILED, fault=fault, ended_at=at, trail_due=True)


def receive(key: uuid.UUID, arrived: bool) -> bool:
    """What the carrier says of the delivery with this key, perhaps again; False where there is none. That it arrived
    after all counts, that it didn't after it did doesn't."""
    rows, at = Delivery.objects.filter(uid=key), now()
    if arrived:
        fields = {
            "state": State.DELIVERED,
            "fault": "",
            "ended_at": at,
            "taken_at": Coalesce(F("taken_at"), at),
        }
        changed = rows.filter(state=State.TAKEN).update(**fields)
        changed += rows.filter(state__in=(State.QUEUED, State.FAILED)).update(
            **fields, trail_due=True
        )
    else:
        changed = fail(rows.filter(state__in=(State.QUEUED, State.TAKEN)), Fault.LOST, at)
    return bool(changed) or rows.exists()
