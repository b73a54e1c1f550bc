"""What every page needs around it: demo line, care mode, zone, navigation; what costs a query is lazy."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from accounts.models import Zone
from portal.pages import navigation
from sla.moment import now

CARE_COOKIE = "size"


def portal(request):
    return {
        "demo": getattr(settings, "DEMO", False),
        "large": request.COOKIES.get(CARE_COOKIE) == "large",
        "zone": SimpleLazyObject(lambda: Zone.objects.order_by("pk").first()),
        "nav_public": SimpleLazyObject(lambda: navigation.public(request)),
        "nav_staff": SimpleLazyObject(lambda: navigation.staff(request)),
        "current_time": SimpleLazyObject(now),
    }
