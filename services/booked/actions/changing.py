"""The applicant moves or cancels a service; for who has no account the staff does, when they call."""

from datetime import datetime

from django.utils.translation import gettext as _

from kernel.accounts.turns import one_at_a_time
from kernel.bookings import actions as bookings
from kernel.bookings import reading
from kernel.bookings.models import State as Booked
from kernel.cases.actions import end_help
from kernel.core.errors import Refused
from kernel.core.moment import now
from services.booked import places, rights
from services.booked.actions.asking import book, require_free
from services.booked.locked import Kind, locked_request, record
from services.booked.models import OPEN, ServiceRequest, State

MOVABLE = (State.ASKED, State.CONFIRMED, State.NO_SHOW)


def move_service(*, actor, request_id: int, begins_at: datetime) -> ServiceRequest:
    """Another time; also of one that was missed. The same time changes nothing. Raises Taken where it can't be had (the
    old one stays), Stale once the service was given or is over."""
    with locked_request(request_id, *MOVABLE) as request:
        rights.require_owner(actor, request)
        if request.applicant_id is not None:
            one_at_a_time(request.applicant_id)
        at = now()
        if not request.of.has_places:
            raise Refused(_("This service has no time that could be moved."))
        held = reading.live_booking(request.uid, request.kind, at) or places.missed(request)
        if held and held.state == Booked.FIRM and held.begins_at == begins_at:
            return request
        _another(request, held, begins_at, actor, at)
        if request.state == State.NO_SHOW:
            request.state = State.CONFIRMED
        request.save(update_fields=["begins_at", "state"])
        record(request, Kind.MOVED, at, actor, begins_at=begins_at.isoformat())
    return request


def _another(request: ServiceRequest, held, begins_at: datetime, actor, at: datetime) -> None:
    if held is None:
        book(request, begins_at, "", actor)
        return
    diary = places.diary_with(request.zone, request.of, begins_at, at)
    new = bookings.move(uid=held.uid, begins_at=begins_at, by=actor, diary=diary)
    require_free(request, new)
    request.begins_at = new.begins_at


def cancel_service(*, actor, request_id: int) -> ServiceRequest:
    """Nothing is wanted any more: the place is free at once, and a helper opens the draft no longer. Raises Stale."""
    with locked_request(request_id, *OPEN) as request:
        rights.require_owner(actor, request)
        cancel(request, actor, now())
    return request


def cancel(request: ServiceRequest, actor, at: datetime, **data) -> None:
    """End a locked request without its having been given."""
    bookings.let_go(owner=request.uid, service=request.kind, by=actor)
    if request.kind == "assisted" and request.application_id:
        end_help(actor=actor, application_id=request.application_id)
    end(request, State.CANCELLED, at)
    record(request, Kind.CANCELLED, at, actor, **data)


def end(request: ServiceRequest, state: str, at: datetime) -> None:
    """A locked request is over: whoever gave it gives it no longer."""
    request.state, request.ended_at, request.decide_by = state, at, None
    request.save()
    request.people.filter(until=None).update(until=at)
