"""Services that can be booked or asked for, one's own first; below them what else there is, and on which page."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from kernel.bookings import reading
from kernel.cases import deferrals
from kernel.core.moment import now
from kernel.form import choices, flow
from kernel.sla.calendars import calendar_id, work_calendar
from kernel.sla.wording import write_hours
from kernel.sla.workdays import AnyCalendar
from kernel.sla.worktime import windows_of
from kernel.standards import publishing
from portal.figures import published
from portal.pages.context import portal
from services.booked import cards

DAYS = 30  # how far ahead days with other hours are told
WEEKEND = (5, 6)


@require_safe
def services(request):
    zone, today = portal(request)["zone"], localdate(now())
    context = {"days": DAYS, "days_ahead": 0, "may_follow": _may_follow(today)}
    context["own_services"] = cards.own(request.user)
    if zone:
        calendar = work_calendar(calendar_id(zone.calendar_code))
        context |= {
            "days_ahead": reading.days_ahead(zone, flow.meeting()),
            "other_days": list(_other_days(calendar, today)),
            "branches": [name for _code, name in choices.offered("bank.branch", zone)],
            "follow_days": zone.setting("deferral_working_days"),
            "service_cards": cards.cards(zone),
            "recent": published.recent(zone),
        }
    return render(request, "pages/services.html", context)


def _other_days(calendar: AnyCalendar, today: date) -> Iterator[dict]:
    """The days ahead that are open at other hours than usual, on a weekend, or not at all on a weekday."""
    if calendar.round_the_clock:
        return
    for ahead in range(DAYS):
        day = today + timedelta(days=ahead)
        hours = tuple((opens.time(), closes.time()) for opens, closes in windows_of(day, calendar))
        if hours != (() if day.weekday() in WEEKEND else calendar.windows):
            yield {
                "day": day,
                "hours": write_hours(
                    (f"{opens:%H:%M}", f"{closes:%H:%M}") for opens, closes in hours
                ),
            }


def _may_follow(today: date) -> list[str]:
    """The materials that may be promised for later under the standards in force."""
    try:
        standards = publishing.current(today).standards
    except publishing.NotPublished:
        return []
    return [
        deferrals.label(deferrals.kind_of(standard))
        for standard in standards
        if standard.deferrable
    ]
