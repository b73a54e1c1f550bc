"""The service is given: who has come, who didn't, and what came of it."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from kernel.bookings import attending, reading
from kernel.bookings.models import Diary
from kernel.bookings.models import State as Booked
from kernel.cases.actions import end_help
from kernel.core.certain import certain
from kernel.core.errors import Incomplete, Refused
from kernel.core.moment import now
from services.booked import kinds, places, rights
from services.booked.actions.asking import LONGEST
from services.booked.actions.changing import end
from services.booked.locked import Kind, locked_request, record, serves
from services.booked.models import ServiceRequest, State


def arrive(*, actor, request_id: int) -> ServiceRequest:
    """The person has come, at the time booked or later that day; who missed another day is taken in between, without a
    place. Raises NotAllowed, Stale."""
    with locked_request(request_id, State.CONFIRMED, State.NO_SHOW) as request:
        rights.require_giving(actor, request)
        if request.decided_at is None and request.of.is_decided:
            raise Refused(_("This is not decided yet."))
        at = now()
        if request.of.has_places:
            _come(request, actor)
        request.state, request.begun_at = State.UNDER_WAY, at
        request.save(update_fields=["state", "begun_at"])
        serves(request, actor, at)
        record(request, Kind.ARRIVED, at, actor)
    return request


def _come(request: ServiceRequest, actor) -> None:
    """Into the diary. Who has no booking of today is a walk-in; a call that fell due needs none."""
    at = now()
    held = reading.live_booking(request.uid, request.kind, at) or places.missed(request)
    if held and localdate(held.begins_at) == localdate(at):
        attending.arrive(uid=held.uid, by=actor)
    elif held and held.state == Booked.NO_SHOW:
        attending.walk_in(
            diary=Diary.objects.get(pk=held.diary_id),
            owner=request.uid,
            way=held.way,
            by=actor,
            reference=request.number,
        )
    elif held:
        raise Refused(_("This appointment is not today's. Move it to today first."))


def miss(*, actor, request_id: int) -> ServiceRequest:
    """Nobody came. Raises Refused until some minutes after the beginning, NotAllowed, Stale."""
    with locked_request(request_id, State.CONFIRMED) as request:
        rights.require_giving(actor, request)
        at = now()
        held = reading.live_booking(request.uid, request.kind, at)
        if held is None:
            raise Refused(_("No time was booked that could be missed."))
        attending.miss(uid=held.uid, by=actor)
        request.state = State.NO_SHOW
        request.save(update_fields=["state"])
        record(request, Kind.NO_SHOW, at, actor)
    return request


def finish(
    *,
    actor,
    request_id: int,
    outcome: str,
    note: str = "",
    results: Mapping[str, str] | None = None,
) -> ServiceRequest:
    """It was given, and what came of it. A helper who worked on a draft opens it no longer. Raises Incomplete for no
    outcome, NotAllowed, Stale for what didn't begin."""
    with locked_request(request_id, State.CONFIRMED, State.UNDER_WAY) as request:
        rights.require_giving(actor, request)
        results = dict(results or {})
        _require_outcome(request, outcome, note, results)
        at = now()
        if request.state == State.CONFIRMED and not _needs_no_arrival(request):
            raise Refused(_("Record first that the person has come."))
        _leave(request, actor)
        if request.kind == "assisted" and request.application_id:
            end_help(actor=actor, application_id=request.application_id)
        serves(request, actor, at)
        complete(request, actor, at, outcome, note, results)
    return request


def complete(request, actor, at, outcome: str, note: str = "", results=None) -> None:
    """A locked request ends as given."""
    request.outcome, request.note, request.results = outcome, note.strip(), results or {}
    if request.begun_at and localdate(request.begun_at) == localdate(at):
        request.minutes = -(-(at - request.begun_at) // timedelta(minutes=1))
    end(request, State.DONE, at)
    record(request, Kind.DONE, at, actor, outcome=outcome)


def _needs_no_arrival(request: ServiceRequest) -> bool:
    """What is done on the telephone or on a draft, without anybody's coming."""
    return request.kind in ("assisted", "follow_up")


def _leave(request: ServiceRequest, actor) -> None:
    """Out of the diary: the booking took place."""
    held = reading.live_booking(request.uid, request.kind, now())
    if held is None:
        return
    if held.state == Booked.FIRM:
        with suppress(Refused):
            held = attending.arrive(uid=held.uid, by=actor)
    if held.state == Booked.ARRIVED:
        attending.finish(uid=held.uid, by=actor)


def _require_outcome(request, outcome: str, note: str, results: dict[str, str]) -> None:
    if outcome not in kinds.CHOSEN:
        raise Incomplete(_("Choose what came of it."))
    if len(note) > LONGEST:
        raise Incomplete(_("At most %(most)s characters, please.") % {"most": LONGEST})
    if request.kind == "follow_up":
        answered = {name: certain(results.get(name, "")) for name in kinds.ASKED}
        if not all(answer in kinds.ANSWERS for answer in answered.values()):
            raise Incomplete(_("Record what was said of the first return and the first employees."))
