"""The page of one service. Everything works without scripts."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from kernel.accounts.models import Role, Zone
from kernel.core import requested
from kernel.core.errors import NotAllowed, Refused
from kernel.core.moment import now
from kernel.core.ui import links
from kernel.core.ui.form_errors import form_errors
from kernel.form.uploads import MOST_TOGETHER, check, takes_files
from services.booked import actions, cards, kinds, places
from services.booked.forms import ServiceForm
from services.booked.models import gives
from services.booked.sentences import said
from services.booked.too_late import refusal, with_instead


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
        context = _about(request, zone, wanted) | {"is_offered": False}
        return render(request, "booked/service.html", context)
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


def _asked(request, zone, kind, form, refused=None, status=200):
    errors, offers = refusal(refused) if refused else (form_errors(form), [])
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
    for_staff = request.user.is_authenticated and request.user.is_staff_member
    return {
        "base": "base_staff.html" if for_staff else "base.html",
        "for_staff": for_staff,
        "asked_zone": zone,
        "is_offered": True,
        "kind": kind,
        "minutes": zone.setting(kind.minutes) if kind.minutes else 0,
        "services_url": links.link("services"),
    }
