"""The windows of a hall as they are today: the newest word on each, and who is in hand there. Read only."""

from collections.abc import Iterable

from django.utils.timezone import localdate

from kernel.accounts.models import User, Window, Zone
from kernel.core.moment import now
from services.hall.lanes import LANES, meets
from services.hall.models import IN_HAND, Ticket, WindowSession


def newest(window: Window) -> WindowSession | None:
    """Of today; None where nobody has opened it yet."""
    return window.sessions.filter(day=localdate(now())).last()


def of_zone(zone: Zone) -> dict[int, WindowSession]:
    """The primary key of a window → the newest word on it today."""
    rows = WindowSession.objects.filter(window__zone=zone, day=localdate(now()))
    return {row.window_id: row for row in rows.select_related("window", "by")}


def of_person(user: User) -> list[WindowSession]:
    """The windows at which somebody is: opened or paused by them, and by nobody since."""
    if user.zone is None:
        return []
    return [
        row for row in of_zone(user.zone).values() if row.by_id == user.pk and not is_closed(row)
    ]


def is_closed(row: WindowSession) -> bool:
    return row.state == WindowSession.State.CLOSED


def calling(rows: Iterable[WindowSession], lane: str, department: str = "") -> list[WindowSession]:
    """Those that are open and call a lane; of who booked, those of the department that receives them."""
    return [
        row
        for row in rows
        if row.state == WindowSession.State.OPEN
        and lane in row.lanes
        and (not LANES[lane].booked or meets(department, row.window.department))
    ]


def in_hand(window: Window) -> Ticket | None:
    """Whom the window has called or is serving."""
    return window.tickets.filter(state__in=IN_HAND).select_related("zone", "window").first()
