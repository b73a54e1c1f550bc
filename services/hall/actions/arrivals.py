"""The line follows the bookings: whoever a desk says has arrived joins it, and whoever is met elsewhere leaves it.

Who booked with a department that takes the case in hand as it says that somebody is here (`flow.meeting`) is in the
meeting from then on. So is whoever was received by somebody who is at an open window of the hall.
"""

from datetime import datetime

from django.utils.timezone import localdate, localtime

from kernel.accounts.models import Zone
from kernel.bookings.models import Booking, BookingEvent, Way
from kernel.bookings.models import State as Booked
from kernel.core.certain import certain
from kernel.core.moment import now
from kernel.form import flow
from kernel.sla.workdays import ONE_DAY
from services.hall import windows
from services.hall.actions.records import over
from services.hall.actions.tickets import arrive
from services.hall.models import How, State, Ticket, TicketEvent
from services.hall.opening import gives_tickets, opening

STILL = (Booked.FIRM, Booked.NO_SHOW)  # nobody has met them yet
Kind = TicketEvent.Kind


def bookings_of_today(zone: Zone, at: datetime):
    """Of the zone, to be met in the hall; none that another one follows."""
    opens = localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return Booking.objects.filter(
        diary__zone=zone,
        way=Way.VISIT,
        begins_at__gte=opens,
        begins_at__lt=opens + ONE_DAY,
        followed_by=None,
    ).select_related("diary__zone")


def follow_bookings(zone: Zone) -> int:
    """Within a transaction: tickets for who arrived by a desk, and none any more for who is met elsewhere; returns how
    many were touched."""
    at = now()
    return _leave(zone, at) + (_join(zone, at) if gives_tickets(zone, opening(zone, at)) else 0)


def _leave(zone: Zone, at: datetime) -> int:
    rows = Ticket.objects.filter(
        zone=zone, day=localdate(at), state=State.WAITING, booking__isnull=False
    )
    waiting = {
        certain(ticket.booking): ticket
        for ticket in rows.select_for_update(of=("self",), skip_locked=True)
    }
    if not waiting:
        return 0
    gone = 0
    for booking in Booking.objects.filter(uid__in=waiting):
        if ending := _ended(booking):
            state, how, kind = ending
            over(waiting[booking.uid], state, how, kind, at, None)
            gone += 1
    return gone


def _ended(booking: Booking):
    """How the ticket of a booking ends, because of what became of that; None while it stands."""
    meets = booking.service == flow.meeting()
    if booking.state == Booked.NO_SHOW and booking.followed_by.exists():
        return State.CANCELLED, How.CANCELLED, Kind.CANCELLED
    if booking.state in STILL or (booking.state == Booked.ARRIVED and not meets):
        return None
    if booking.state in (Booked.ARRIVED, Booked.DONE):
        return State.ENDED, How.CASE if meets else How.SERVICE, Kind.ENDED
    return State.CANCELLED, How.CANCELLED, Kind.CANCELLED


def _join(zone: Zone, at: datetime) -> int:
    arrived = (
        bookings_of_today(zone, at).filter(state=Booked.ARRIVED).exclude(service=flow.meeting())
    )
    known = set(
        Ticket.objects.filter(zone=zone, booking__isnull=False, day=localdate(at)).values_list(
            "booking", flat=True
        )
    )
    new = [booking for booking in arrived if booking.uid not in known]
    if not new:
        return 0
    receiving = {row.by_id for row in windows.of_zone(zone).values() if not windows.is_closed(row)}
    joined = [
        arrive(booking=booking, way=Ticket.Way.DESK, actor=by)
        for booking, by in ((booking, _received_by(booking)) for booking in new)
        if by is None or by.pk not in receiving
    ]
    return len(joined)


def _received_by(booking: Booking):
    events = booking.events.filter(kind=BookingEvent.Kind.ARRIVED).select_related("actor")
    return certain(events.last()).actor
