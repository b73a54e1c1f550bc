"""The pages of one service and of one's own request. Everything works without scripts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse, Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from kernel.accounts.models import Role, Zone
from kernel.bookings import reading
from kernel.bookings.actions import Taken
from kernel.bookings.models import Way
from kernel.cases.appointments import Place
from kernel.core import requested
from kernel.core.errors import NotAllowed, Refused
from kernel.core.moment import now
from kernel.core.ui import links
from kernel.form.uploads import MOST_TOGETHER, check, takes_files
from services.booked import actions, cards, kinds, passwords, places
from services.booked.calendar_file import calendar_file
from services.booked.forms import MoveForm, ServiceForm, aware
from services.booked.models import OPEN, ServiceFile, ServiceRequest, State, gives
from services.booked.steps import steps

PAGE = 30
INSTEAD = "instead"  # the key of a time that is offered to who came too late


def zone_of(request) -> Zone:
    """Of staff their own zone; else the one that the address names, or the first. Raises Http404 for none."""
    if request.user.is_authenticated and request.user.zone_id:
        return request.user.zone
    code = requested.text(request, "zone") or request.POST.get("zone", "")
    zones = list(Zone.objects.order_by("pk"))
    zone = next((zone for zone in zones if zone.code == code), zones[0] if zones else None)
    if zone is None:
        raise Http404
    return zone


@takes_files(MOST_TOGETHER)
@never_cache
@sensitive_post_parameters()
def service(request, kind):
    """Everybody reads what it is; book it, ask for it, or register the wish when logged in. Nothing typed is lost
    where that can't be done."""
    zone = zone_of(request)
    wanted = kinds.KINDS.get(kind)
    if wanted is None:
        raise Http404
    if wanted not in places.offered(zone):
        return render(request, "booked/service.html", _about(request, zone, wanted))
    if not request.user.is_authenticated:
        return _read(request, zone, wanted)
    if not (request.user.holds(Role.APPLICANT) or gives(request.user)):
        raise Http404
    sent = with_instead(request.POST) if request.method == "POST" else None
    form = ServiceForm(wanted, zone, request.user, now(), sent, request.FILES if sent else None)
    if sent is None or not form.is_valid():
        return _asked(request, zone, wanted, form, status=422 if sent is not None else 200)
    try:
        files = [check(upload) for upload in request.FILES.getlist("proof")]
        asked = actions.ask_service(
            actor=request.user, zone=zone, kind=wanted, wish=form.wish(files)
        )
    except NotAllowed as error:
        raise Http404 from error
    except Refused as refused:
        again = ServiceForm(wanted, zone, request.user, now(), sent, request.FILES)
        return _asked(request, zone, wanted, again, refused=refused, status=409)
    messages.success(request, said(asked))
    page = "service-request" if asked.applicant_id else "services-request"
    return redirect(page, number=asked.number)


def _read(request, zone, kind):
    """Before the log-in: the next place, how many are left, on what grounds; the form comes after it."""
    here = request.get_full_path()
    if request.method not in ("GET", "HEAD"):
        return redirect_to_login(here)
    context = _about(request, zone, kind) | {
        "card": cards.card(zone, kind, now()),
        "grounds": list(kind.grounds(zone).values()),
        "log_in_url": redirect_to_login(here).url,
    }
    return render(request, "booked/service.html", context)


def with_instead(sent: QueryDict) -> QueryDict:
    """What was sent; whoever came too late and pressed one of the times offered instead has chosen that one."""
    if instead := sent.get(INSTEAD):
        sent = sent.copy()
        sent["when"] = instead
    return sent


def refusal(refused: Refused) -> tuple[list[dict], list[Place]]:
    """Why it can't be booked as it was sent, and for who came too late the next free times."""
    if not isinstance(refused, Taken):
        return [{"target": "", "text": str(refused)}], []
    text = refused.why if refused.offers else str(refused)
    offers = [Place(localtime(slot.begins_at), 1) for slot in refused.offers]
    return [{"target": "id_when", "text": text}], offers


def _asked(request, zone, kind, form, refused=None, status=200):
    errors, offers = refusal(refused) if refused else ([], [])
    if form.is_bound and not refused:
        errors = [
            {"target": form[name].auto_id if name in form.fields else "", "text": text}
            for name, texts in form.errors.items()
            for text in texts
        ]
    context = _about(request, zone, kind) | {
        "form": form,
        "errors": errors,
        "offers": offers,
        "has_errors": bool(errors),
        "no_case": kind.needs_case and not form.fields["application"].queryset.exists(),
        "new_url": links.link("my_cases"),
    }
    return render(request, "booked/service.html", context, status=status)


def _about(request, zone, kind) -> dict:
    return {
        "base": _base(request.user),
        "asked_zone": zone,
        "kind": kind,
        "minutes": zone.setting(kind.minutes) if kind.minutes else 0,
        "services_url": links.link("services"),
    }


def cancelled(before: ServiceRequest) -> str:
    """What has become of a request that was as this one says."""
    if before.begins_at:
        return _("Cancelled. The place is free for somebody else.")
    return _("Cancelled.")


def said(asked: ServiceRequest) -> str:
    """What was done with a request, in one sentence."""
    if asked.state == State.WAITING and not asked.applicant_id:
        return _(
            "The wish is registered. You are told what becomes of it, and tell them by telephone."
        )
    if asked.state == State.WAITING:
        return _("Your wish is registered. You are told as soon as it is decided on.")
    if asked.state == State.ASKED:
        when = date_format(localtime(asked.decide_by), "DATETIME_FORMAT")
        return _("It is asked for. The supervisor decides by %(when)s.") % {"when": when}
    when = date_format(localtime(asked.begins_at), "DATETIME_FORMAT")
    return _("Booked: %(when)s.") % {"when": when}


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
    errors, offers, status = [], [], 200
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
        errors = [{"target": "id_when", "text": str(text)} for text in form.errors["when"]]
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


def _base(user) -> str:
    is_staff = user.is_authenticated and user.is_staff_member
    return "base_staff.html" if is_staff else "base.html"
