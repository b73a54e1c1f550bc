"""The supervisor decides: agrees, says why not, assigns people, opens an evening. Nobody decides on their own."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from kernel.accounts.models import Role, User
from kernel.bookings import actions as bookings
from kernel.bookings import reading
from kernel.bookings.models import Diary, Way
from kernel.cases.actions import let_helper_in, prioritise
from kernel.core.certain import certain
from kernel.core.errors import Incomplete, NotAllowed, Refused, Stale
from kernel.core.moment import now
from kernel.form import flow
from services.booked import rights
from services.booked.actions.asking import LONGEST
from services.booked.actions.changing import cancel, end
from services.booked.locked import Kind, locked_request, record, serves
from services.booked.models import (
    ServicePerson,
    ServiceRequest,
    Session,
    StaffCard,
    State,
    gives,
)


def agree(*, actor, request_id: int, people: Sequence[User] = ()) -> ServiceRequest:
    """Grant what was asked for; with the people who give it, as many as its kind needs. A case that is filed goes first
    at once, a draft once it is filed. Raises NotAllowed, Stale for what is decided, Incomplete for too few people."""
    with locked_request(request_id, State.ASKED) as request:
        rights.require_deciding(actor, request)
        at = now()
        request.state, request.decided_at, request.decided_by = State.CONFIRMED, at, actor
        request.decide_by = None
        request.save()
        _assign(request, people, actor, at)
        record(request, Kind.AGREED, at, actor)
        if request.kind == "green":
            prioritised(request, actor, at)
    return request


def refuse(*, actor, request_id: int, reason: str) -> ServiceRequest:
    """It isn't granted, and why: the applicant reads it. Raises Incomplete without a reason, NotAllowed, Stale."""
    if not reason.strip() or len(reason) > LONGEST:
        raise Incomplete(_("Write why not, in at most %(most)s characters.") % {"most": LONGEST})
    with locked_request(request_id, State.ASKED) as request:
        rights.require_deciding(actor, request)
        at = now()
        bookings.let_go(owner=request.uid, service=request.kind, by=actor)
        request.decided_at, request.decided_by, request.answer = at, actor, reason.strip()
        end(request, State.REFUSED, at)
        record(request, Kind.REFUSED, at, actor)
    return request


def assign(*, actor, request_id: int, people: Sequence[User]) -> ServiceRequest:
    """Other people give it. Raises as `agree`."""
    with locked_request(request_id, State.CONFIRMED) as request:
        rights.require_deciding(actor, request)
        if request.kind == "assisted":
            raise Refused(_("A helper who works on a draft stays; cancel the service instead."))
        _assign(request, people, actor, now())
    return request


def _assign(request: ServiceRequest, people: Sequence[User], actor, at: datetime) -> None:
    kind = request.of
    if len({person.pk for person in people}) < kind.people:
        sentence = _("Choose %(n)s different people who give it.")
        raise Incomplete(sentence % {"n": kind.people})
    for person in people:
        if not gives(person) or person.zone_id != request.zone_id or not person.is_active:
            raise NotAllowed
        if kind.needs_address and not StaffCard.objects.filter(person=person).exists():
            sentence = _("%(who)s has no work card yet: an administrator enters its number first.")
            raise Refused(sentence % {"who": person})
    if not people:
        return
    request.people.exclude(person__in=people).filter(until=None).update(until=at)
    for person in people:
        serves(request, person, at)
    request.people.filter(person__in=people).update(until=None)
    if request.kind == "assisted":
        _let_in(request, people[0], actor)
    record(request, Kind.ASSIGNED, at, actor, people=[person.pk for person in people])


def _let_in(request: ServiceRequest, helper: User, actor) -> None:
    busy = ServicePerson.objects.filter(
        person=helper, until=None, request__kind="assisted", request__state=State.CONFIRMED
    ).exclude(request=request)
    if busy.count() >= request.zone.setting("helper_most"):
        raise Refused(
            _("%(who)s works on as many drafts as one may. Choose somebody else.") % {"who": helper}
        )
    if not helper.holds(Role.HELPER):
        raise Incomplete(_("Only a helper works on somebody's draft. Choose one."))
    let_helper_in(
        actor=actor,
        application_id=certain(request.application_id),
        helper=helper,
        consented_at=request.asked_at,
    )


def prioritised(request: ServiceRequest, actor, at: datetime) -> None:
    """Of a locked request that was agreed to: its case goes first, if it is filed by now."""
    case = request.application
    if case is None or case.state not in flow.RUNNING_STATES:
        return
    if not case.priority:
        prioritise(actor=actor, application_id=case.pk, ground=request.ground)
    request.outcome = "prioritised"
    serves(request, actor, at)
    end(request, State.DONE, at)
    record(request, Kind.DONE, at, None, outcome="prioritised")


@transaction.atomic
def open_session(*, actor, session_id: int) -> Session:
    """Open an evening: its diary has places, and everybody who wished for it is given the next free one, in the order
    of the wishes. Raises NotAllowed, Stale once it is decided on or its day has come."""
    session = _locked_session(actor, session_id)
    at = now()
    session.diary = Diary.objects.create(
        zone=session.zone,
        service="extended",
        unit=f"{session.date:%Y%m%d}-{session.opens:%H%M}",
        windows=[[f"{session.opens:%H:%M}", f"{session.closes:%H:%M}"]],
        after_hours=True,
        only_on=session.date,
        slot_minutes=session.slot_minutes,
        places=session.places,
        ways=[Way.VISIT],
        days_ahead=90,
    )
    _decide(session, Session.State.OPEN, actor, at)
    for pk in _wishes(session):
        with suppress(Stale), locked_request(pk, State.WAITING) as request:
            _place(request, session.diary, actor, at)
    return session


@transaction.atomic
def drop_session(*, actor, session_id: int) -> Session:
    """It isn't opened; whoever wished for it is told. Raises NotAllowed, Stale."""
    session, at = _locked_session(actor, session_id), now()
    _decide(session, Session.State.DROPPED, actor, at)
    for pk in _wishes(session):
        with suppress(Stale), locked_request(pk, State.WAITING) as request:
            cancel(request, None, at, why="dropped")
    return session


def _place(request: ServiceRequest, diary: Diary, actor, at: datetime) -> None:
    free = reading.next_free(diary, at, at, 1)
    if not free:
        cancel(request, None, at, why="full")
        return
    booking = bookings.book(
        diary=diary,
        owner=request.uid,
        begins_at=free[0].begins_at,
        way=Way.VISIT,
        by=actor,
        reference=request.number,
    )
    request.state, request.begins_at = State.CONFIRMED, booking.begins_at
    request.save(update_fields=["state", "begins_at"])
    record(request, Kind.OPENED, at, actor)


def _locked_session(actor, session_id: int) -> Session:
    rows = Session.objects.select_for_update(of=("self",)).select_related("zone")
    session = rows.get(pk=session_id)
    if not actor.holds(Role.SUPERVISOR) or actor.zone_id != session.zone_id:
        raise NotAllowed
    if session.state != Session.State.COUNTED or session.date <= localdate(now()):
        raise Stale
    return session


def _wishes(session: Session) -> list[int]:
    rows = session.requests.filter(state=State.WAITING).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def _decide(session: Session, state: str, actor, at: datetime) -> None:
    session.state, session.decided_at, session.decided_by = state, at, actor
    session.decide_by = None
    session.save()
