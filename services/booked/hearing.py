"""What the diaries do by themselves reaches the request: its owner is reminded, moved, or told that nobody is there."""

from kernel.bookings import following
from kernel.bookings.models import Booking, BookingEvent
from services.booked.kinds import KINDS
from services.booked.locked import Kind, locked_request, record
from services.booked.models import ServiceRequest, State

CLOSED = following.CLOSED


def hear(sender, booking: Booking, event: BookingEvent, **_kwargs) -> None:
    """In the sweep's transaction, with the request locked by `lock_owners`. What actions do they write themselves."""
    if booking.service not in KINDS:
        return
    is_closed = event.data.get("why") == CLOSED
    if not is_closed and event.kind != BookingEvent.Kind.REMINDED:
        return
    request = ServiceRequest.objects.filter(uid=booking.owner).first()
    if request is None or request.state not in (State.ASKED, State.CONFIRMED):
        return
    with locked_request(request.pk) as request:
        if event.kind == BookingEvent.Kind.REMINDED:
            if request.state == State.CONFIRMED and request.applicant_id:  # nobody else is reached
                record(request, Kind.REMINDED, event.at, None, when=event.data["when"])
            return
        new = booking.followed_by.last()
        if new:
            request.begins_at = new.begins_at
            request.save(update_fields=["begins_at"])
            record(
                request, Kind.MOVED, event.at, None, why=CLOSED, begins_at=new.begins_at.isoformat()
            )
            return
        # The place is gone: the applicant chooses another, on the page that the message names.
        request.begins_at = None
        request.save(update_fields=["begins_at"])
        record(request, Kind.MOVED, event.at, None, why="no_place")
