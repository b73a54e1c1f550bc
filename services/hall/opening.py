"""Whether the hall is open, by the working calendar of its zone."""

from dataclasses import dataclass
from datetime import datetime

from kernel.accounts.models import Zone
from kernel.core.moment import now
from kernel.sla.calendars import calendar_id, work_calendar
from kernel.sla.worktime import LUNCH, current_window, why_closed


@dataclass(frozen=True)
class Opening:
    """`why` is "" while open, else `kernel.sla.worktime.LUNCH` or `NIGHT`; `opens_at` is when it opens next, None for a
    hall that never closes."""

    why: str
    opens_at: datetime | None
    closes_at: datetime | None

    @property
    def is_open(self) -> bool:
        return not self.why

    @property
    def is_lunch(self) -> bool:
        return self.why == LUNCH


def opening(zone: Zone, at: datetime | None = None) -> Opening:
    at = at or now()
    calendar = work_calendar(calendar_id(zone.calendar_code))
    window = current_window(at, calendar)
    why = "" if window.is_open or not window.opens_at else why_closed(at, window.opens_at, calendar)
    return Opening(why, window.opens_at, window.closes_at)


def gives_tickets(zone: Zone, hall: Opening) -> bool:
    return hall.is_open or (hall.is_lunch and zone.setting("hall_tickets_at_lunch"))
