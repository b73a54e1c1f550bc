"""The daily roots of the trail for everybody: to read, and for programs that keep them."""

from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from kernel.accounts.models import Zone
from kernel.cases.models import TrailRoot
from kernel.cases.trail_outside import described
from portal.pages.zones import zone_asked_for

SHOWN, FETCHED = 31, 400  # roots: a month on the page, more than a year for a program


@require_GET
def roots(request):
    zone = zone_asked_for(request)
    context = {
        "zones": Zone.objects.order_by("pk"),
        "shown_zone": zone,
        "roots": _newest(zone)[:SHOWN] if zone else [],
    }
    return render(request, "pages/trail.html", context)


@require_GET
@cache_control(public=True, max_age=60)
def roots_file(request):
    """The newest roots of a zone, each with all that its signature covers; 404 where there is no zone."""
    zone = zone_asked_for(request)
    if zone is None:
        raise Http404
    return JsonResponse(
        {
            "zone": zone.code,
            "certificate": request.build_absolute_uri(reverse("certificate", args=[zone.code])),
            "roots": [described(root) for root in _newest(zone)[:FETCHED]],
        },
        json_dumps_params={"indent": 1},
    )


def _newest(zone: Zone):
    return TrailRoot.objects.filter(zone=zone).select_related("zone").order_by("-number")
