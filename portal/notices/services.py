"""Who is told what of a service: its applicant, the supervisors who decide, and whoever gives it."""

from collections.abc import Iterable, Iterator

from django.db.models import Q

from kernel.accounts.models import Role
from kernel.core.wake import wake
from portal.notices.models import Notice
from portal.notices.people import of_zone
from portal.notices.sending_out import SEND_OUT
from services.booked.models import ServiceEvent, ServiceRequest, Session, State
from services.booked.signals import service_moved

Kind = ServiceEvent.Kind
# What its applicant is told; of some events by why they happened.
TO_APPLICANT = {
    Kind.BOOKED: "service_booked",
    Kind.DUE: "service_due",
    Kind.AGREED: "service_agreed",
    Kind.REFUSED: "service_refused",
    Kind.OPENED: "service_opened",
    Kind.REMINDED: "service_soon",
    Kind.NO_SHOW: "service_missed",
    Kind.DONE: "service_done",
}
BY_WHY = {
    (Kind.MOVED, "closed"): "service_moved",
    (Kind.MOVED, "no_place"): "service_placeless",
    (Kind.CANCELLED, "dropped"): "service_dropped",
    (Kind.CANCELLED, "full"): "service_full",
    (Kind.CANCELLED, "taken_back"): "service_ended",
}
# What whoever took a request down for somebody without an account tells them by telephone.
TO_TELL = (Kind.AGREED, Kind.REFUSED, Kind.OPENED)
# What those who give it are told, so that nobody goes to a door that is shut.
GIVERS_TOLD = {Kind.MOVED: "service_given_moved", Kind.CANCELLED: "service_given_off"}
OVER = (State.DONE, State.REFUSED, State.CANCELLED)


def tell(sender, request: ServiceRequest, event: ServiceEvent, **_kwargs) -> None:
    told = [
        Notice(
            recipient_id=recipient,
            kind=kind,
            params=_params(request),
            created_at=event.at,
            channels_at=event.at,
            idempotency_key=f"service:{event.pk}:{recipient}",
        )
        for kind, recipient in _told(request, event)
    ]
    _settle(request, event)
    if told:
        Notice.objects.bulk_create(told)
        wake(SEND_OUT)


def _told(request: ServiceRequest, event: ServiceEvent) -> Iterator[tuple[str, int]]:
    """(kind, recipient); nobody is told of what they did themselves but for the confirmation of a booking."""
    what = Kind(event.kind)
    why = BY_WHY.get((what, event.data.get("why", "")))
    kind = why or TO_APPLICANT.get(what)
    if kind and request.applicant_id:
        yield kind, request.applicant_id
    elif why or what in TO_TELL:
        yield from (("service_to_tell", pk) for pk in _tellers(request) if pk != event.actor_id)
    if what in (Kind.ASKED, Kind.OVERDUE):
        told = "service_asked" if what == Kind.ASKED else "service_overdue"
        for supervisor in of_zone(request.zone_id, Role.SUPERVISOR):
            if supervisor not in (event.actor_id, request.taken_down_by_id):
                yield told, supervisor
    if what == Kind.WISHED and _just_enough(request):
        supervisors = of_zone(request.zone_id, Role.SUPERVISOR)
        yield from (("service_asked", supervisor) for supervisor in supervisors)
    if told := GIVERS_TOLD.get(what):
        yield from ((told, pk) for pk in _givers(request, event) if pk != event.actor_id)
    if what == Kind.ASSIGNED:
        yield from (("service_assigned", pk) for pk in event.data["people"] if pk != event.actor_id)


def _givers(request: ServiceRequest, event: ServiceEvent) -> Iterable[int]:
    """Who gives it, or gave it until this event ended it."""
    people = request.people.filter(Q(until=None) | Q(until=event.at))
    return people.values_list("person", flat=True)


def _tellers(request: ServiceRequest) -> Iterable[int]:
    """Who tells somebody without an account: who took it down; the supervisors, once that person is away."""
    person = request.taken_down_by
    if person and person.is_active and person.zone_id == request.zone_id:
        return [person.pk]
    return of_zone(request.zone_id, Role.SUPERVISOR)


def _just_enough(request: ServiceRequest) -> bool:
    """Whether this was the wish that puts the session before the supervisor."""
    session = request.session
    if session is None or session.state != Session.State.COUNTED:
        return False
    wishes = session.requests.filter(state=State.WAITING).count()
    return wishes == request.zone.setting("extended_enough")


def _settle(request: ServiceRequest, event: ServiceEvent) -> None:
    """What the staff can do nothing about any more counts as unread no longer."""
    kinds = []
    if request.state != State.ASKED and request.state != State.WAITING:
        kinds += ["service_asked", "service_overdue"]
    if request.state in OVER:
        kinds.append("service_assigned")
    waiting = Notice.objects.filter(kind__in=kinds, params__request=request.number)
    waiting.filter(read_at=None, settled_at=None).update(settled_at=event.at)


def _params(request: ServiceRequest) -> dict[str, str]:
    params = {"service": request.kind, "request": request.number}
    if request.begins_at:
        params["at"] = request.begins_at.isoformat()
    return params


def connect() -> None:
    service_moved.connect(tell, dispatch_uid="portal.notices.services")
