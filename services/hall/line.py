"""The line as it stands: the rows that the plain rules (`rules`) put in order. Read only."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from kernel.accounts.models import Zone
from kernel.core.certain import certain
from services.hall import lanes, rules
from services.hall.lanes import LANES
from services.hall.models import State, Ticket

BOOKED = [letter for letter, lane in LANES.items() if lane.booked]


def of_day(zone: Zone, at: datetime) -> QuerySet[Ticket]:
    return Ticket.objects.filter(zone=zone, day=localdate(at))


def for_window(letters: Collection[str], department: str) -> Q:
    """The tickets that a window of a department may call when it calls these lanes."""
    booked = Q(lane__in=[letter for letter in letters if letter in BOOKED])
    received = ["", department] if lanes.meets("", department) else [department]
    return Q(lane__in=[letter for letter in letters if letter not in BOOKED]) | (
        booked & Q(department__in=received)
    )


def key(ticket: Ticket) -> str:
    """The line in which it waits: a lane, and of who booked the department that receives them."""
    return f"{ticket.lane}:{ticket.department}" if ticket.department else ticket.lane


def person(ticket: Ticket) -> rules.InLine:
    return rules.InLine(
        key=ticket.pk,
        lane=key(ticket),
        since=ticket.since,
        due_at=ticket.due_at,
        goes_first=bool(ticket.ground),
        returned=ticket.returned_at is not None,
    )


def calls(called: Iterable[Ticket]) -> list[rules.Call]:
    """The calls of a day, the newest first."""
    made = [
        rules.Call(ticket.since, certain(ticket.called_at), frozenset(ticket.called_for))
        for ticket in called
        if ticket.called_at
    ]
    return sorted(made, key=lambda call: call.at, reverse=True)


def ordered(tickets: Sequence[Ticket], called: Iterable[Ticket], at: datetime) -> list[Ticket]:
    """Waiting tickets that the same windows call, in the order in which they would be called."""
    if not tickets:
        return []
    by_key = {ticket.pk: ticket for ticket in tickets}
    waiting = [person(ticket) for ticket in tickets]
    together = frozenset(one.lane for one in waiting)
    most = tickets[0].zone.setting("hall_ahead_in_a_row")
    return [by_key[one.key] for one in rules.in_order(waiting, calls(called), at, most, together)]


def waiting_for(
    zone: Zone, letters: Collection[str], department: str, at: datetime
) -> list[Ticket]:
    """Who waits for a window that calls these lanes, in the order in which it would call them."""
    today = of_day(zone, at).select_related("zone")
    rows = today.filter(for_window(letters, department), state=State.WAITING)
    return ordered(list(rows), today.filter(called_at__isnull=False), at)


def before(ticket: Ticket, at: datetime) -> list[Ticket]:
    """Who would be called before it, of those that wait in its lane, in order."""
    today = of_day(ticket.zone, at).select_related("zone")
    same = today.filter(lane=ticket.lane, department=ticket.department, state=State.WAITING)
    order = ordered(list(same), today.filter(called_at__isnull=False), at)
    place = next((n for n, other in enumerate(order) if other.pk == ticket.pk), len(order))
    return order[:place]
