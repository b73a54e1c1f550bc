"""For the supervisor: whom officers knew by a look at a card, and its picture. Opening one stands on the account."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache

from kernel.accounts.account_events import AccountEvent, record
from kernel.accounts.models import Presence, Role
from kernel.core import requested

PAGE = 50


def _of_zone(request):
    """Raises PermissionDenied for everybody but supervisors."""
    if not request.user.holds(Role.SUPERVISOR):
        raise PermissionDenied
    return Presence.objects.filter(zone=request.user.zone_id, how=Presence.How.CARD)


@login_required
@never_cache
def listed(request):
    rows = _of_zone(request).select_related("account", "by")
    return render(request, "counter/looks.html", {"page": requested.page(request, rows, PAGE)})


@login_required
@never_cache
def picture(request, uid):
    row = get_object_or_404(_of_zone(request).exclude(picture=""), uid=uid)
    record(row.account, AccountEvent.Kind.PICTURE_OPENED, request.user)
    response = FileResponse(row.picture.open(), content_type=row.content_type)
    response["Content-Disposition"] = "inline"
    return response
