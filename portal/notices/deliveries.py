"""What became of a notice on its way by a channel: taken, delivered, failed. The only writers of a delivery's state.
The trail of the case learns it by the next sweep (`trail`)."""

import uuid
from datetime import datetime

from django.db.models import F, QuerySet
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
    channel, at = channels.registered(message.channel), now()
    rows = Delivery.objects.filter(notice=message.payload["notice"], channel=channel)
    open_rows = rows.filter(state=State.QUEUED) | rows.filter(fault=Fault.AWAY)
    trail_due = channel != WEBHOOK or _stands_alone(message)
    if message.state == Message.State.TOLD:
        told = {"state": State.TAKEN, "taken_at": at, "ended_at": None, "fault": ""}
        open_rows.update(**told, trail_due=trail_due)
    else:
        fail(open_rows, _fault(message), at, trail_due)


def _stands_alone(message: Message) -> bool:
    """Whether what a webhook took, or didn't, says that somebody was reached, or wasn't: where they proved a phone or
    an e-mail address, these say it alone."""
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
