"""Somebody of the staff is shown what is personal of a request: an event."""

from datetime import timedelta

from kernel.core.moment import now
from services.booked import rights
from services.booked.locked import Kind, locked_request, record
from services.booked.models import ServiceRequest

ONE_LOOK = timedelta(hours=1)  # what is opened again within it is the same look


def look(*, actor, request_id: int, what: str) -> ServiceRequest:
    """`what`: "contact", or the uid of a proof. Raises NotAllowed."""
    with locked_request(request_id) as request:
        rights.require_giving(actor, request)
        at = now()
        looks = request.events.filter(kind=Kind.LOOKED, actor=actor, at__gt=at - ONE_LOOK)
        if not looks.filter(data__what=what).exists():
            record(request, Kind.LOOKED, at, actor, what=what)
    return request
