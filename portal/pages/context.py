"""What every page needs around it: demo line, care mode, zone, navigation; what costs a query is lazy."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from kernel.accounts.models import Zone
from kernel.core import demonstration, requested, retention
from kernel.core.moment import now
from kernel.core.text_messages.carriers import Sandbox, carrier
from kernel.sla.models import Calendar
from kernel.sla.wording import write_hours
from portal.pages import navigation


def _halls():
    """Every zone with the working hours of its calendar: "09:00–12:00, 13:30–17:00"."""
    zones = list(Zone.objects.order_by("pk"))
    codes = [zone.calendar_code for zone in zones]
    calendars = {calendar.code: calendar for calendar in Calendar.objects.filter(code__in=codes)}
    return [{"zone": zone, "hours": _hours(calendars.get(zone.calendar_code))} for zone in zones]


def _hours(calendar):
    if calendar is None:
        return ""
    return _("day and night") if calendar.round_the_clock else write_hours(calendar.windows)


NO_HALL = {"zone": None, "hours": ""}


def _hall(request, halls):
    """Of the zone that the address asks for (`?zone=`), else of the first."""
    code = requested.text(request, "zone")
    return next(
        (hall for hall in halls if hall["zone"].code == code), halls[0] if halls else NO_HALL
    )


def _demonstration_clock():
    """What the demonstration clock shows and how fast it goes; None where none is going."""
    shown, clock = demonstration.shown(), demonstration.running()
    return {"shown": shown, "speed": clock.speed} if shown else None


def portal(request):
    halls = SimpleLazyObject(_halls)
    hall = SimpleLazyObject(lambda: _hall(request, halls))
    return {
        "demo": getattr(settings, "DEMO", False),
        "sandbox_on": isinstance(carrier(), Sandbox),
        "csrf_cookie": settings.CSRF_COOKIE_NAME,  # scripts read the token of the moment
        "person_cookie": settings.PERSON_COOKIE_NAME,  # and whether the page is still its person's
        "unsent_days": retention.days("unsent"),
        "demo_clock": _demonstration_clock(),
        "large": request.COOKIES.get(settings.SIZE_COOKIE_NAME) == "large",
        "halls": halls,
        "zone": SimpleLazyObject(lambda: hall["zone"]),
        "hours": SimpleLazyObject(lambda: hall["hours"]),
        "nav_public": SimpleLazyObject(lambda: navigation.public(request)),
        "nav_staff": SimpleLazyObject(lambda: navigation.staff(request)),
        "nav_desks": SimpleLazyObject(lambda: navigation.desks(request)),
        "nav_role": SimpleLazyObject(lambda: navigation.role(request)),
        "nav_personal": SimpleLazyObject(lambda: navigation.personal(request)),
        "current_time": SimpleLazyObject(now),
    }
