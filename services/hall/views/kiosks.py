"""The ticket machines of a zone: set up by a link that works once, and taken away."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kernel.accounts.requests import PersonRequest
from kernel.core.certain import certain
from kernel.core.errors import Refused
from kernel.core.rates import at_most
from kernel.papers.documents import qr
from services.hall import actions
from services.hall.actions.kiosks import may_keep
from services.hall.forms import KioskForm
from services.hall.models import Kiosk

YEARS = 5 * 365 * 24 * 60 * 60  # seconds; until somebody takes the machine away


def of_keepers(view: Callable) -> Callable:
    @never_cache
    @login_required
    @wraps(view)
    def guarded(request, **parts):
        if not may_keep(request.user):
            raise PermissionDenied
        return view(request, **parts)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@of_keepers
def kiosks(request: PersonRequest) -> HttpResponse:
    """The machines, a new one, and the code for the door."""
    form, link = KioskForm(request.POST if request.method == "POST" else None), ""
    if request.method == "POST" and form.is_valid():
        _kiosk, secret = actions.give_link(actor=request.user, place=form.cleaned_data["place"])
        link = f"{settings.SITE_ADDRESS}{reverse('hall:kiosk-set-up', args=[secret])}"
        form = KioskForm()
    zone = certain(request.user.zone)
    door = f"{settings.SITE_ADDRESS}{reverse('hall:take')}?zone={zone.code}"
    rows = Kiosk.objects.filter(zone=zone).select_related("made_by", "ended_by")
    context = {"form": form, "link": link, "kiosks": rows, "door": door, "qr": qr(door)}
    return render(request, "hall/kiosks.html", context | {"hall_zone": zone})


@require_POST
@of_keepers
def end(request: PersonRequest, uid) -> HttpResponse:
    kiosk = get_object_or_404(Kiosk, uid=uid, zone=request.user.zone)
    actions.take_away(actor=request.user, kiosk=kiosk)
    messages.success(request, _("%(place)s gives no tickets any more.") % {"place": kiosk.place})
    return redirect("hall:kiosks")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@at_most(10)
def set_up(request: HttpRequest, link: str) -> HttpResponse:
    """On the machine itself: one press makes it the zone's."""
    if request.method != "POST":
        return render(request, "hall/kiosk_set_up.html")
    try:
        _kiosk, secret = actions.set_up(link=link)
    except Refused as refused:
        messages.error(request, str(refused))
        return render(request, "hall/kiosk_set_up.html", status=409)
    response = redirect("hall:kiosk")
    response.set_cookie(
        settings.KIOSK_COOKIE_NAME,
        secret,
        max_age=YEARS,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response
