"""The staff's pages: who comes on a day, and one request with what can be recorded of it."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from kernel.accounts.models import Role
from kernel.core import requested
from kernel.core.errors import Refused
from kernel.core.moment import now
from services.booked import actions, places
from services.booked.forms import MoveForm, OutcomeForm, aware
from services.booked.models import State
from services.booked.sentences import cancelled
from services.booked.staff_pages import Row, done, page, require_staff, rows_of, theirs

MOST_AHEAD = timedelta(days=366)  # and back: what is asked for beyond it is today


@login_required
@never_cache
@require_GET
def day(request):
    """Who comes on a day in order, the drafts that helpers work on, and the calls that are due."""
    require_staff(request.user)
    at = now()
    today = localdate(at)
    shown = requested.day(request, "day") or today
    if abs(shown - today) > MOST_AHEAD:
        shown = today
    rows = rows_of(request.user).prefetch_related("people__person")
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


@login_required
@never_cache
@require_GET
def one(request, number):
    return page(request, theirs(request, number))


@login_required
@never_cache
@require_POST
def look(request, number):
    """Name, phone, address and reason in full, on this page alone; that somebody looked is an event."""
    row = theirs(request, number)
    try:
        actions.look(actor=request.user, request_id=row.pk, what="contact")
    except Refused as refused:
        return page(request, row, refused=str(refused), status=409)
    return page(request, row, seen=True)


@login_required
@never_cache
@require_POST
def arrive(request, number):
    return done(
        request,
        number,
        lambda row: actions.arrive(actor=request.user, request_id=row.pk),
        _("Recorded: it has begun."),
    )


@login_required
@never_cache
@require_POST
def miss(request, number):
    return done(
        request,
        number,
        lambda row: actions.miss(actor=request.user, request_id=row.pk),
        _("Recorded: nobody came."),
    )


@login_required
@never_cache
@require_POST
def finish(request, number):
    row = theirs(request, number)
    form = OutcomeForm(row, request.POST)
    if not form.is_valid():
        return page(request, row, outcome=form, status=422)
    try:
        actions.finish(
            actor=request.user,
            request_id=row.pk,
            outcome=form.cleaned_data["outcome"],
            note=form.cleaned_data["note"],
            results=form.results(),
        )
    except Refused as refused:
        again = OutcomeForm(theirs(request, number), request.POST)
        return page(request, row, outcome=again, refused=str(refused), status=409)
    messages.success(request, _("Recorded: it is done."))
    return redirect("services-request", number=number)


@login_required
@never_cache
@require_POST
def move(request, number):
    """Another time for somebody without an account, who called."""
    row = theirs(request, number)
    form = MoveForm(row, now(), request.POST)
    if row.applicant_id:
        raise Http404
    if not form.is_valid():
        return page(request, row, move=form, status=422)
    begins_at = aware(row.zone, form.cleaned_data["when"])
    if begins_at is None:
        return page(
            request, row, refused=_("Choose one of the times that are offered."), status=409
        )
    return done(
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
    before = theirs(request, number)
    if before.applicant_id:
        raise Http404
    return done(
        request,
        number,
        lambda row: actions.cancel_service(actor=request.user, request_id=row.pk),
        cancelled(before),
    )
