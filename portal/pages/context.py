"""What every page needs around it: demo line, care mode, zone, navigation; what costs a query is lazy."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from kernel.accounts.models import Zone
from kernel.core import demonstration
from kernel.core.moment import now
from kernel.sla.models import Calendar
from kernel.sla.wording import write_hours
from portal.pages import navigation

CARE_COOKIE = "size"


def _hours(zone):
    """The zone's working hours, as its calendar has them: "09:00–12:00, 13:30–17:00"."""
    calendar = Calendar.objects.filter(code=zone.calendar_code).first() if zone else None
    if calendar is None:
        return ""
    return _("day and night") if calendar.round_the_clock else write_hours(calendar.windows)


def _demonstration_clock():
    """What the demonstration clock shows and how fast it goes; None where none is going."""
    shown, clock = demonstration.shown(), demonstration.running()
    return {"shown": shown, "speed": clock.speed} if shown else None


def portal(request):
    zone = SimpleLazyObject(lambda: Zone.objects.order_by("pk").first())
    return {
        "demo": getattr(settings, "DEMO", False),
        "csrf_cookie": settings.CSRF_COOKIE_NAME,  # scripts read the token of the moment
        "demo_clock": _demonstration_clock(),
        "large": request.COOKIES.get(CARE_COOKIE) == "large",
        "zone": zone,
        "hours": SimpleLazyObject(lambda: _hours(zone)),
        "nav_public": SimpleLazyObject(lambda: navigation.public(request)),
        "nav_staff": SimpleLazyObject(lambda: navigation.staff(request)),
        "nav_desks": SimpleLazyObject(lambda: navigation.desks(request)),
        "nav_role": SimpleLazyObject(lambda: navigation.role(request)),
        "nav_personal": SimpleLazyObject(lambda: navigation.personal(request)),
        "current_time": SimpleLazyObject(now),
    }
