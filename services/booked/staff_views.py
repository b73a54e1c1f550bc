"""The staff's pages: who comes today, one request with what can be recorded, and what waits for the supervisor."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from kernel.accounts.models import Role
from kernel.bookings import attending
from kernel.core import requested
from kernel.core.errors import Refused
from kernel.core.moment import now
from kernel.sla.calendars import calendar_id, work_calendar
from kernel.sla.worktime import elapsed
from services.booked import actions, kinds, passwords, places, rights
from services.booked.forms import DecisionForm, MoveForm, OutcomeForm, aware
from services.booked.models import (
    OPEN,
    ServiceRequest,
    ServiceRequestQuerySet,
    Session,
    State,
    gives,
)
from services.booked.steps import steps

MOST_AHEAD = timedelta(days=366)  # and back: what is asked for beyond it is today


def _require_staff(user) -> None:
    """Raises Http404 for whoever gives no services."""
    if not user.is_staff_member or not gives(user) or user.zone is None:
        raise Http404


def _rows(user) -> ServiceRequestQuerySet:
    return ServiceRequest.objects.for_user(user).select_related("zone", "application", "session")


@login_required
@never_cache
@require_GET
def day(request):
    """Who comes on a day in order, the drafts that helpers work on, and the calls that are due."""
    _require_staff(request.user)
    at = now()
    today = localdate(at)
    shown = requested.day(request, "day") or today
    if abs(shown - today) > MOST_AHEAD:
        shown = today
    rows = _rows(request.user).prefetch_related("people__person")
    coming = rows.filter(begins_at__date=shown).exclude(
        state__in=(State.CANCELLED, State.REFUSED, State.WAITING)
    )
    ahead = rows.filter(state__in=(State.CONFIRMED, State.UNDER_WAY))
    context = {
        "day": shown,
        "before": shown - timedelta(days=1),
        "after": shown + timedelta(days=1),
        "is_today": shown == today,
        "rows": [Row(row, at) for row in coming.order_by("begins_at", "pk")],
        "drafts": list(ahead.filter(kind="assisted")),
        "calls": list(ahead.filter(Q(begins_at=None), kind="follow_up").order_by("due_on", "pk")),
        "kinds": places.offered(request.user.zone),
        "decides": request.user.holds(Role.SUPERVISOR),
        "waiting": rows.filter(state=State.ASKED).count(),
    }
    return render(request, "booked/day.html", context)


@dataclass(frozen=True)
class Row:
    """One of the day, with what can be recorded of it now."""

    request: ServiceRequest
    at: datetime

    @property
    def may_come(self) -> bool:
        is_today = self.request.begins_at and localdate(self.request.begins_at) == localdate(
            self.at
        )
        return bool(is_today) and self.request.state in (State.CONFIRMED, State.NO_SHOW)

    @property
    def may_be_missed(self) -> bool:
        begins = self.request.begins_at
        is_past = begins is not None and self.at >= begins + attending.GRACE
        return is_past and self.request.state == State.CONFIRMED

    @property
    def may_end(self) -> bool:
        return self.request.state == State.UNDER_WAY

    @property
    def team(self) -> list[str]:
        return [str(row.person) for row in self.request.people.all() if row.until is None]


@login_required
@never_cache
@require_GET
def decisions(request):
    """What waits for the supervisor, the most urgent first, each with the time that is left."""
    if not request.user.holds(Role.SUPERVISOR) or request.user.zone is None:
        raise Http404
    at, zone = now(), request.user.zone
    asked = _rows(request.user).filter(state=State.ASKED).order_by("decide_by", "pk")
    sessions = Session.objects.filter(
        zone=zone, state=Session.State.COUNTED, date__gt=localdate(at)
    )
    context = {
        "rows": [
            Waiting(zone, at, row.decide_by, zone.setting(row.of.minutes), row) for row in asked
        ],
        "sessions": [
            Waiting(zone, at, row.decide_by, zone.setting("service_decision_minutes"), session=row)
            for row in sessions
        ],
        "enough": zone.setting("extended_enough"),
    }
    return render(request, "booked/decisions.html", context)


@dataclass(frozen=True)
class Waiting:
    """What the supervisor should decide, by when, and how much of the working minutes is used."""

    zone: object
    at: datetime
    decide_by: datetime | None
    minutes: int
    request: ServiceRequest | None = None
    session: Session | None = None

    @property
    def left(self) -> int:
        """Working minutes; below zero once it is late."""
        if self.decide_by is None:
            return self.minutes
        calendar = work_calendar(calendar_id(self.zone.calendar_code))  # type: ignore[attr-defined]  # a Zone
        if self.at >= self.decide_by:
            return -int(elapsed(self.decide_by, self.at, calendar) / timedelta(minutes=1))
        return -(-elapsed(self.at, self.decide_by, calendar) // timedelta(minutes=1))

    @property
    def used(self) -> int:
        return self.minutes - self.left

    @property
    def is_late(self) -> bool:
        return self.decide_by is not None and self.at >= self.decide_by

    @property
    def late_by(self) -> int:
        return -self.left

    @property
    def wishes(self) -> int:
        return self.session.requests.filter(state=State.WAITING).count() if self.session else 0


@login_required
@never_cache
@require_GET
def one(request, number):
    return _page(request, _theirs(request, number))


def _theirs(request, number: str) -> ServiceRequest:
    _require_staff(request.user)
    return get_object_or_404(_rows(request.user), number=number.replace("\0", ""))


def _page(
    request,
    row: ServiceRequest,
    *,
    outcome=None,
    decision=None,
    move=None,
    refused="",
    status=200,
    seen=False,
):
    today = localdate(now())
    is_visit = row.of.needs_address and row.state in (State.CONFIRMED, State.UNDER_WAY)
    is_today = bool(row.begins_at) and localdate(row.begins_at) == today
    may_give = rights.is_of_zone(request.user, row) and request.user.pk != row.applicant_id
    movable = row.of.has_places and row.state in actions.MOVABLE and not row.applicant_id
    errors = [{"target": "", "text": refused}] if refused else []
    for form in (outcome, decision, move):
        if form is not None and form.is_bound:
            errors += [
                {"target": form[name].auto_id if name in form.fields else "", "text": text}
                for name, texts in form.errors.items()
                for text in texts
            ]
    context = {
        "row": row,
        "acts": Row(row, now()),
        "seen": seen,
        "ground": kinds.ground_label(row.ground),
        "outcome_label": kinds.OUTCOMES.get(row.outcome, ""),
        "answers": [
            (kinds.ASKED[name], kinds.ANSWERS.get(answer, answer))
            for name, answer in row.results.items()
            if name in kinds.ASKED
        ],
        "steps": steps(row),
        "looks": row.events.filter(kind="looked").select_related("actor"),
        "team": list(row.people.filter(until=None).select_related("person__staff_card")),
        "password": passwords.of_day(row, today) if is_visit and is_today else None,
        "files": list(row.files.all()),
        "may_decide": row.state == State.ASKED and rights.may_decide(request.user, row),
        "is_own": rights.is_own(request.user, row),
        "may_assign": row.state == State.CONFIRMED
        and row.of.people > 1
        and rights.may_decide(request.user, row),
        "may_end": may_give
        and (
            row.state == State.UNDER_WAY
            or (row.state == State.CONFIRMED and row.kind in ("assisted", "follow_up"))
        ),
        "may_move": movable,
        "may_cancel": not row.applicant_id and row.state in OPEN,
        "may_open_draft": row.kind == "assisted"
        and row.state in (State.CONFIRMED, State.UNDER_WAY)
        and row.people.filter(person=request.user, until=None).exists(),
        "decision": decision or DecisionForm(row),
        "outcome": outcome or OutcomeForm(row),
        "move": move or (MoveForm(row, now()) if movable else None),
        "errors": errors,
        "has_errors": bool(errors),
    }
    return render(request, "booked/one.html", context, status=status)


def _do(request, number: str, act: Callable[[ServiceRequest], object], sentence: str):
    """An action and back to the request; what can't be done is said there."""
    row = _theirs(request, number)
    try:
        act(row)
    except Refused as refused:
        return _page(request, _theirs(request, number), refused=str(refused), status=409)
    messages.success(request, sentence)
    return redirect("services-request", number=number)


@login_required
@never_cache
@require_POST
def look(request, number):
    """Name, phone, address and reason in full, on this page alone; that somebody looked is an event."""
    row = _theirs(request, number)
    try:
        actions.look(actor=request.user, request_id=row.pk, what="contact")
    except Refused as refused:
        return _page(request, row, refused=str(refused), status=409)
    return _page(request, row, seen=True)


@login_required
@never_cache
@require_POST
def arrive(request, number):
    return _do(
        request,
        number,
        lambda row: actions.arrive(actor=request.user, request_id=row.pk),
        _("Recorded: it has begun."),
    )


@login_required
@never_cache
@require_POST
def miss(request, number):
    return _do(
        request,
        number,
        lambda row: actions.miss(actor=request.user, request_id=row.pk),
        _("Recorded: nobody came."),
    )


@login_required
@never_cache
@require_POST
def finish(request, number):
    row = _theirs(request, number)
    form = OutcomeForm(row, request.POST)
    if not form.is_valid():
        return _page(request, row, outcome=form, status=422)
    try:
        actions.finish(
            actor=request.user,
            request_id=row.pk,
            outcome=form.cleaned_data["outcome"],
            note=form.cleaned_data["note"],
            results=form.results(),
        )
    except Refused as refused:
        again = OutcomeForm(_theirs(request, number), request.POST)
        return _page(request, row, outcome=again, refused=str(refused), status=409)
    messages.success(request, _("Recorded: it is done."))
    return redirect("services-request", number=number)


@login_required
@never_cache
@require_POST
def decide(request, number):
    """Agree, with people; assign others; or say why not (`how`)."""
    row = _theirs(request, number)
    form = DecisionForm(row, request.POST)
    people = list(form.cleaned_data.get("people", ())) if form.is_valid() else []
    how = request.POST.get("how", "")
    given = {"actor": request.user, "request_id": row.pk}
    acts = {
        "agree": lambda: actions.agree(**given, people=people),
        "assign": lambda: actions.assign(**given, people=people),
        "refuse": lambda: actions.refuse(**given, reason=request.POST.get("reason", "")),
    }
    try:
        acts.get(how, _nothing)()
    except Refused as refused:
        fresh = _theirs(request, number)
        fresh.answer = request.POST.get("reason", "")  # shown again, not saved
        return _page(request, fresh, decision=form, refused=str(refused), status=409)
    messages.success(request, _("Decided, and on its trail."))
    return redirect("services-request", number=number)


def _nothing() -> None:
    raise Refused(_("Choose what you decide."))


@login_required
@never_cache
@require_POST
def move(request, number):
    """Another time for somebody without an account, who called."""
    row = _theirs(request, number)
    form = MoveForm(row, now(), request.POST)
    if row.applicant_id:
        raise Http404
    if not form.is_valid():
        return _page(request, row, move=form, status=422)
    begins_at = aware(row.zone, form.cleaned_data["when"])
    if begins_at is None:
        return _page(
            request, row, refused=_("Choose one of the times that are offered."), status=409
        )
    return _do(
        request,
        number,
        lambda row: actions.move_service(
            actor=request.user, request_id=row.pk, begins_at=begins_at
        ),
        _("Moved."),
    )


@login_required
@never_cache
@require_POST
def cancel(request, number):
    if _theirs(request, number).applicant_id:
        raise Http404
    return _do(
        request,
        number,
        lambda row: actions.cancel_service(actor=request.user, request_id=row.pk),
        _("Cancelled. The place is free for somebody else."),
    )


@login_required
@never_cache
@require_POST
def session(request, pk):
    """Open an evening, or drop it (`how`)."""
    if not request.user.holds(Role.SUPERVISOR):
        raise Http404
    evening = get_object_or_404(Session, pk=pk, zone=request.user.zone_id)
    act = actions.drop_session if request.POST.get("how") == "drop" else actions.open_session
    try:
        act(actor=request.user, session_id=evening.pk)
        messages.success(request, _("Decided. Whoever wished for it is told."))
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("services-decisions")
