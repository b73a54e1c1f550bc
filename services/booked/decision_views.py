"""What waits for the supervisor, and what they decide."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from kernel.accounts.models import Role
from kernel.core.errors import Refused
from kernel.core.moment import now
from kernel.sla.calendars import calendar_id, work_calendar
from kernel.sla.worktime import elapsed
from services.booked import actions
from services.booked.forms import DecisionForm
from services.booked.models import ServiceRequest, Session, State
from services.booked.staff_pages import page, rows_of, theirs


@login_required
@never_cache
@require_GET
def decisions(request):
    """What waits for the supervisor, the most urgent first, each with the time that is left."""
    if not request.user.holds(Role.SUPERVISOR) or request.user.zone is None:
        raise Http404
    at, zone = now(), request.user.zone
    asked = rows_of(request.user).filter(state=State.ASKED).order_by("decide_by", "pk")
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
@require_POST
def decide(request, number):
    """Agree, with people; assign others; or say why not (`how`)."""
    row = theirs(request, number)
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
        fresh = theirs(request, number)
        fresh.answer = request.POST.get("reason", "")  # shown again, not saved
        return page(request, fresh, decision=form, refused=str(refused), status=409)
    messages.success(request, _("Decided, and on its trail."))
    return redirect("services-request", number=number)


def _nothing() -> None:
    raise Refused(_("Choose what you decide."))


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
        messages.success(
            request,
            _("Decided. Whoever wished for it is told, or who took the wish down for them."),
        )
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("services-decisions")
