"""A ticket is taken, and given up."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from kernel.accounts.models import Zone
from kernel.bookings.models import Booking
from kernel.cases.numbers import readable_code
from kernel.core.errors import Refused, refusing_taken
from kernel.core.moment import now
from services.hall import lanes, words
from services.hall.actions.records import locked, over, record
from services.hall.models import LIVE, How, LaneDay, State, Ticket, TicketEvent
from services.hall.opening import gives_tickets, opening

CODE = 12  # readable characters: more than anybody tries
Kind = TicketEvent.Kind


def take(
    *,
    zone: Zone,
    lane: str,
    way: str,
    ground: str = "",
    phone: str = "",
    account=None,
    actor=None,
) -> Ticket:
    """A ticket of a lane, with the next number of the day. Raises Refused while the hall gives none, and where a live
    ticket with that phone is there."""
    if lane not in lanes.WALK_IN or ground not in ("", *lanes.GROUNDS):
        raise Refused(_("Choose one of the services that are listed."))
    return _given(
        zone, lane, phone=phone, ground=ground, way=way, account=account, actor=actor, at=now()
    )


def arrive(*, booking: Booking, way: str, phone: str = "", account=None, actor=None) -> Ticket:
    """Somebody who booked is in the hall: they wait from the booked time on. Whoever has a live ticket for the booking
    gets that one. The booking itself is met, or missed, at the desk that it is for."""
    zone = booking.diary.zone
    there = Ticket.objects.filter(booking=booking.uid, state__in=LIVE).first()
    return there or _given(
        zone,
        lanes.BOOKED,
        department=lanes.receiver(booking.service),
        booking=booking.uid,
        due_at=booking.begins_at,
        phone=phone,
        way=way,
        account=account,
        actor=actor,
        at=now(),
    )


@transaction.atomic
def cancel(*, ticket: Ticket, actor=None) -> Ticket:
    """Nobody waits with it any more. Raises Refused once they are at the window, or it is over."""
    ticket = locked(ticket)
    if ticket.state not in (State.WAITING, State.CALLED):
        raise Refused(words.not_any_more(ticket))
    return over(ticket, State.CANCELLED, How.CANCELLED, Kind.CANCELLED, now(), actor)


def _given(zone: Zone, lane: str, *, phone: str, actor, at: datetime, **fields) -> Ticket:
    hall = opening(zone, at)
    if not gives_tickets(zone, hall):
        raise Refused(words.closed_until(hall))
    taken = _(
        "A ticket with this phone is waiting already: its page is in the text or on the paper."
    )
    with refusing_taken(Ticket, "phone_index", sentence=taken), transaction.atomic():
        day = localdate(at)
        if phone:
            _refuse_second(zone, day, phone, taken)
        ticket = Ticket(
            zone=zone,
            day=day,
            lane=lane,
            number=_next_number(zone, day, lane),
            code=readable_code(CODE),
            taken_at=at,
            **fields,
        )
        ticket.with_phone(phone)
        ticket.save(force_insert=True)
        record(ticket, Kind.TAKEN, at, actor, way=ticket.way)
    return ticket


def _refuse_second(zone: Zone, day, phone: str, sentence: str) -> None:
    asked = Ticket(zone=zone)
    asked.with_phone(phone)
    rows = Ticket.objects.filter(zone=zone, day=day, phone_index=asked.phone_index)
    if rows.filter(state__in=LIVE).exists():
        raise Refused(sentence)


def _next_number(zone: Zone, day, lane: str) -> int:
    """Under the lock of its lane until the ticket is there: no two are alike, and one that is undone leaves no gap."""
    LaneDay.objects.get_or_create(zone=zone, day=day, lane=lane)
    count = LaneDay.objects.select_for_update().get(zone=zone, day=day, lane=lane)
    count.last += 1
    count.save(update_fields=["last"])
    return count.last
