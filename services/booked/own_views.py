"""The pages of one's own requests. Everything works without scripts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from kernel.bookings import reading
from kernel.bookings.models import Way
from kernel.cases.appointments import Place
from kernel.core import requested
from kernel.core.errors import NotAllowed, Refused
from kernel.core.moment import now
from kernel.core.ui import links
from kernel.core.ui.form_errors import form_errors
from services.booked import actions, kinds, passwords
from services.booked.calendar_file import calendar_file
from services.booked.forms import MoveForm, aware
from services.booked.models import OPEN, ServiceFile, ServiceRequest, State
from services.booked.sentences import cancelled
from services.booked.steps import steps
from services.booked.too_late import refusal, with_instead

PAGE = 30


@login_required
@never_cache
@require_GET
def own_list(request):
    """All of one's own, the latest first."""
    if request.user.is_staff_member:
        return redirect("services-day")
    rows = ServiceRequest.objects.filter(applicant=request.user).order_by("-pk")
    context = {
        "page": requested.page(request, rows, PAGE),
        "services_url": links.link("services"),
    }
    return render(request, "booked/list.html", context)


@login_required
@never_cache
@require_GET
def own_request(request, number):
    """One's own, with what to prepare, its steps, and what can still be changed."""
    mine = _own(request, number)
    zone, kind, booking = mine.zone, mine.of, _booking(mine)
    today = localdate(now())
    team = list(mine.people.filter(until=None).select_related("person__staff_card"))
    is_visit = kind.needs_address and mine.state in (State.CONFIRMED, State.UNDER_WAY)
    is_today = bool(mine.begins_at) and localdate(mine.begins_at) == today
    context = {
        "mine": mine,
        "kind": kind,
        "steps": steps(mine),
        "team": team if kind.people else [],
        "password": passwords.of_day(mine, today) if is_visit and is_today else None,
        "is_visit": is_visit,
        "length": booking.slot if booking else None,
        "ground": kinds.ground_label(mine.ground),
        "outcome": kinds.OUTCOMES.get(mine.outcome, ""),
        "may_come_late": Way.VISIT in kind.ways,
        "may_move": kind.has_places and mine.state in actions.MOVABLE,
        "may_cancel": mine.state in OPEN,
        "is_over": mine.state in (State.DONE, State.REFUSED),
        "zone_phone": zone.phone,
        "hall": zone.hall,
        "services_url": links.link("services"),
        "review_url": links.link("review_service"),
        "files": list(mine.files.all()),
    }
    return render(request, "booked/request.html", context)


@login_required
@never_cache
def move(request, number):
    """Another time for one's own; the old one stays where the new one can't be had."""
    mine = _own(request, number)
    if not mine.of.has_places or mine.state not in actions.MOVABLE:
        messages.error(request, _("This can't be moved any more."))
        return redirect("service-request", number=number)
    sent = with_instead(request.POST)
    form = MoveForm(mine, now(), sent or None)
    errors: list[dict] = []
    offers: list[Place] = []
    status = 200
    if form.is_bound and form.is_valid():
        begins_at = aware(mine.zone, form.cleaned_data["when"])
        try:
            if begins_at is None:
                raise Refused(_("Choose one of the times that are offered."))
            moved = actions.move_service(
                actor=request.user, request_id=mine.pk, begins_at=begins_at
            )
            when = date_format(localtime(moved.begins_at), "DATETIME_FORMAT")
            messages.success(request, _("Moved to %(when)s.") % {"when": when})
            return redirect("service-request", number=number)
        except Refused as refused:
            form, status = MoveForm(mine, now(), sent), 409
            errors, offers = refusal(refused)
    elif form.is_bound:
        status = 422
        errors = form_errors(form)
    context = {
        "mine": mine,
        "form": form,
        "errors": errors,
        "offers": offers,
        "services_url": links.link("services"),
    }
    return render(request, "booked/move.html", context, status=status)


@login_required
@never_cache
@require_POST
def cancel(request, number):
    mine = _own(request, number)
    try:
        actions.cancel_service(actor=request.user, request_id=mine.pk)
        messages.success(request, cancelled(mine))
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("service-request", number=number)


@login_required
@never_cache
@require_GET
def calendar(request, number):
    """The appointment for one's own calendar. Raises Http404 where none lies ahead."""
    mine = _own(request, number)
    booking = _booking(mine)
    if booking is None or mine.state not in (State.CONFIRMED, State.ASKED):
        raise Http404
    where = "" if mine.of.needs_address else mine.zone.hall
    url = request.build_absolute_uri()
    content = calendar_file(mine, booking.ends_at, where, url.removesuffix("calendar.ics"))
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{mine.number}.ics"'
    return answer


@login_required
@never_cache
@require_GET
def proof(request, number, uid):
    """A proof: of one's own, or, for the staff of the zone, with an event."""
    mine = get_object_or_404(ServiceRequest.objects.for_user(request.user), number=number)
    file = get_object_or_404(ServiceFile, request=mine, uid=uid)
    if mine.applicant_id != request.user.pk:
        try:
            actions.look(actor=request.user, request_id=mine.pk, what=str(file.uid))
        except NotAllowed as error:
            raise Http404 from error
    answer = FileResponse(
        file.file.open("rb"),
        as_attachment=True,
        filename=file.filename,
        content_type=file.content_type,
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _own(request, number: str) -> ServiceRequest:
    rows = ServiceRequest.objects.select_related("zone", "application", "session")
    return get_object_or_404(rows, number=number.replace("\0", ""), applicant=request.user.pk)


def _booking(mine: ServiceRequest):
    return reading.live_booking(mine.uid, mine.kind, now())
