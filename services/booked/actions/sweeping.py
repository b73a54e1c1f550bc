"""What falls due by itself: decisions that are late, calls after a completion, priority of a draft that was filed, the
end of a helper's work, and what was kept long enough. Each may run twice or never at a given try."""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.timezone import localdate

from kernel.accounts.models import Zone
from kernel.bookings import actions as bookings
from kernel.cases.actions import end_help
from kernel.cases.models import Application, Share
from kernel.core.apart import apart
from kernel.core.certain import certain
from kernel.core.errors import NotAllowed, Stale
from kernel.core.moment import now
from kernel.form import flow
from services.booked.actions.changing import cancel
from services.booked.actions.deciding import prioritised
from services.booked.actions.giving import complete
from services.booked.locked import Kind, locked_request, record
from services.booked.models import ServiceEvent, ServiceFile, ServiceRequest, Session, State
from services.booked.numbers import review_code, service_number

BATCH = 100
log = logging.getLogger(__name__)


def tell_late() -> int:
    """Say of each request once that it wasn't decided in time; returns how many."""
    told = ServiceEvent.objects.filter(request=OuterRef("pk"), kind=Kind.OVERDUE)
    late = ServiceRequest.objects.filter(~Exists(told), state=State.ASKED, decide_by__lte=now())
    return _each(late, _tell_late)


def _tell_late(pk: int) -> bool:
    with locked_request(pk, State.ASKED) as request:
        if request.events.filter(kind=Kind.OVERDUE).exists():
            return False
        record(request, Kind.OVERDUE, now(), None)
    return True


def give_priority() -> int:
    """What was agreed to on a draft: its case goes first once it is filed."""
    filed = ServiceRequest.objects.filter(
        kind="green", state=State.CONFIRMED, application__state__in=flow.RUNNING_STATES
    )
    return _each(filed, _give_priority)


def _give_priority(pk: int) -> bool:
    with suppress(NotAllowed), locked_request(pk, State.CONFIRMED) as request:
        prioritised(request, certain(request.decided_by), now())
        return True
    return False  # whoever agreed is supervisor no more: another one decides on the case's page


def end_helping() -> int:
    """A helper's work ends once the draft is filed or given up, or its applicant took the consent back."""
    let_in = Share.objects.filter(
        application=OuterRef("application"), kind=Share.Kind.HELP, state__in=Share.LIVE
    )
    ended = ServiceRequest.objects.filter(
        kind="assisted", state__in=(State.CONFIRMED, State.UNDER_WAY)
    )
    over = ended.exclude(application__state=flow.DRAFT) | ended.filter(~Exists(let_in))
    return _each(over, _end_helping)


def _end_helping(pk: int) -> bool:
    with locked_request(pk, State.CONFIRMED, State.UNDER_WAY) as request:
        at, case = now(), request.application
        if case is not None and case.state not in (flow.DRAFT, *flow.GIVEN_UP):
            end_help(actor=None, application_id=case.pk)
            bookings.let_go(owner=request.uid, service=request.kind, by=None)
            complete(request, None, at, "filed")
        else:
            cancel(request, None, at, why="taken_back")
    return True


def make_follow_ups() -> int:
    """A call falls due so many days after each completion; of a case that has one already none. Returns how many."""
    return sum(_of_zone(zone) for zone in Zone.objects.all())


def _of_zone(zone: Zone) -> int:
    days = zone.setting("follow_up_days")
    if not days or "follow_up" not in zone.setting("services_offered"):
        return 0
    since = now() - timedelta(days=days)
    there = ServiceRequest.objects.filter(application=OuterRef("pk"), kind="follow_up")
    due = Application.objects.filter(
        ~Exists(there),
        zone=zone,
        state=flow.COMPLETED,
        completed_at__lte=since,
        completed_at__gt=since - timedelta(days=days),  # not of before there were calls
    )
    keys = list(due.order_by("completed_at").values_list("pk", flat=True)[:BATCH])
    return apart(keys, lambda some: sum(_make(zone, pk) for pk in some), _unmade)


@transaction.atomic
def _make(zone: Zone, pk: int) -> bool:
    case = Application.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
    if ServiceRequest.objects.filter(application=case, kind="follow_up").exists():
        return False
    at = now()
    day = localdate(at)
    request = ServiceRequest.objects.create(
        number=service_number(zone, day),
        review_code=review_code(),
        zone=zone,
        kind="follow_up",
        state=State.CONFIRMED,
        applicant=case.applicant,
        application=case,
        name=case.applicant.real_name,
        phone=case.applicant.phone,
        phone_index=case.applicant.phone_index or "",
        asked_at=at,
        due_on=day,
    )
    record(request, Kind.DUE, at, None)
    return True


def drop_past() -> int:
    """Evenings that came without a decision: whoever wished for one is told that it isn't opened."""
    past = Session.objects.filter(state=Session.State.COUNTED, date__lte=localdate(now()))
    return apart(list(past.values_list("pk", flat=True)), _drop_past, _unmade)


@transaction.atomic
def _drop_past(keys: list[int]) -> int:
    at, rows = now(), Session.objects.select_for_update(of=("self",))
    for session in rows.filter(pk__in=keys, state=Session.State.COUNTED).order_by("pk"):
        session.state, session.decided_at, session.decide_by = Session.State.DROPPED, at, None
        session.save(update_fields=["state", "decided_at", "decide_by"])
        for pk in session.requests.filter(state=State.WAITING).values_list("pk", flat=True):
            with suppress(Stale), locked_request(pk, State.WAITING) as request:
                cancel(request, None, at, why="dropped")
    return len(keys)


def erase(requests: QuerySet[ServiceRequest]) -> int:
    """Empty what is personal of these, and take out their proofs; figures and events stay."""
    return sum(_erase(pk) for pk in requests.values_list("pk", flat=True))


def _erase(pk: int) -> bool:
    with locked_request(pk) as request:
        for file in request.files.all():
            _remove(file)
        request.name = request.phone = request.address = request.reason = ""
        request.note = request.answer = request.phone_index = ""
        request.results, request.erased_at = {}, now()
        request.save()
        record(request, Kind.ERASED, now(), None)
    return True


def _remove(file: ServiceFile) -> None:
    """Its row now, its bytes once the transaction has committed."""
    storage, name = file.file.storage, certain(file.file.name)
    file.delete()
    transaction.on_commit(lambda: storage.delete(name), robust=True)


def _each(chosen: QuerySet[ServiceRequest], work: Callable[[int], bool]) -> int:
    """One transaction for each, so that one that fails holds up nobody; what has moved on meanwhile is left alone."""

    def done(keys: list[int]) -> int:
        count = 0
        for pk in keys:
            with suppress(Stale):
                count += work(pk)
        return count

    return apart(list(chosen.order_by("pk").values_list("pk", flat=True)[:BATCH]), done, _unmade)


def _unmade(pk: int, failure: Exception) -> None:
    log.error("service not swept", exc_info=failure, extra={"service": pk})
