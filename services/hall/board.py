"""What the hall shows of itself: the calls, the windows, and how long each lane waits. No names. Read only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.timezone import localdate

from kernel.accounts.models import Window, Zone
from kernel.bookings import reading
from kernel.bookings.models import Diary, Way
from kernel.core.moment import now
from kernel.form import flow
from services.hall import line, rules, windows
from services.hall.lanes import LANES, WALK_IN, Lane, meets
from services.hall.models import IN_HAND, State, Ticket, WindowSession
from services.hall.opening import Opening, opening
from services.hall.reviewing import SERVED

RECENT = 4  # calls that stay on the board below the newest
AHEAD = 3  # tickets that the board names at lunch


@dataclass(frozen=True)
class WindowRow:
    """`state` is serving, called, idle, paused or closed."""

    window: Window
    state: str
    ticket: Ticket | None


@dataclass(frozen=True)
class LaneState:
    """`minutes` until a ticket that is taken now would be called, estimated; None while no window calls the lane."""

    lane: Lane
    waiting: int
    minutes: int | None


class Board:
    """The hall of a zone at this moment."""

    def __init__(self, zone: Zone):
        self.zone, self.at = zone, now()
        self.hall: Opening = opening(zone, self.at)

    @cached_property
    def tickets(self) -> list[Ticket]:
        rows = Ticket.objects.filter(zone=self.zone, day=localdate(self.at))
        return list(rows.select_related("window", "zone"))

    @cached_property
    def sessions(self) -> dict[int, WindowSession]:
        return windows.of_zone(self.zone)

    @cached_property
    def calls(self) -> list[Ticket]:
        """All of today, the newest first."""
        called = [ticket for ticket in self.tickets if ticket.shown_at]
        return sorted(called, key=lambda ticket: (ticket.shown_at, ticket.pk), reverse=True)

    @property
    def call(self) -> Ticket | None:
        """The one that fills the board: the newest, unless the hall is closed and nobody is called just now."""
        newest = next(iter(self.calls), None)
        if newest and (self.hall.is_open or newest.state == State.CALLED):
            return newest
        return None

    @property
    def recent(self) -> list[Ticket]:
        """The last ones before it, for people who look up late."""
        return self.calls[1 : RECENT + 1] if self.call else self.calls[:RECENT]

    @property
    def ahead(self) -> list[Ticket]:
        """Who is called first once calling goes on."""
        return line.ordered(self._waiting(self.tickets), self.calls, self.at)[:AHEAD]

    @cached_property
    def windows(self) -> list[WindowRow]:
        busy = {ticket.window_id: ticket for ticket in self.tickets if ticket.state in IN_HAND}
        return [
            _row(window, self.sessions.get(window.pk), busy.get(window.pk))
            for window in self.zone.windows.order_by("number")
        ]

    @cached_property
    def lanes(self) -> list[LaneState]:
        """Those that are for tickets without an appointment."""
        return [self.lane(LANES[letter]) for letter in WALK_IN]

    def lane(self, lane: Lane, department: str = "") -> LaneState:
        waiting = len(self._waiting(self._of(lane, department)))
        return LaneState(lane, waiting, self.minutes(lane, waiting, department))

    def minutes(self, lane: Lane, before: int, department: str = "") -> int | None:
        """Until somebody is called with so many before them."""
        calling = windows.calling(self.sessions.values(), lane.letter, department)
        numbers = {row.window_id for row in calling}
        busy = sum(
            ticket.window_id in numbers for ticket in self.tickets if ticket.state in IN_HAND
        )
        usual = self.zone.setting("hall_usual_minutes")
        measured = [
            served for ticket in self.tickets if (served := _served(ticket, lane)) is not None
        ]
        each = rules.minutes_each(measured, usual)
        return rules.estimate(before, each, len(calling), busy)

    @property
    def next_place(self) -> datetime | None:
        """When the department that receives by appointment has the next free place today."""
        diaries = Diary.objects.filter(zone=self.zone, service=flow.meeting()).select_related(
            "zone"
        )
        free = [
            slot.begins_at
            for diary in diaries
            if Way.VISIT in diary.ways
            for slot in reading.next_free(diary, self.at, self.at, 1)
            if localdate(slot.begins_at) == localdate(self.at)
        ]
        return min(free, default=None)

    def _of(self, lane: Lane, department: str) -> list[Ticket]:
        return [
            ticket
            for ticket in self.tickets
            if ticket.lane == lane.letter
            and (not lane.booked or meets(ticket.department, department or flow.registrar()))
        ]

    def _waiting(self, tickets: Sequence[Ticket]) -> list[Ticket]:
        return [ticket for ticket in tickets if ticket.state == State.WAITING]


def _row(window: Window, session: WindowSession | None, ticket: Ticket | None) -> WindowRow:
    if ticket:
        return WindowRow(window, "called" if ticket.state == State.CALLED else "serving", ticket)
    said = session.state if session else WindowSession.State.CLOSED
    state = {WindowSession.State.OPEN: "idle", WindowSession.State.PAUSED: "paused"}.get(
        WindowSession.State(said), "closed"
    )
    return WindowRow(window, state, None)


def _served(ticket: Ticket, lane: Lane) -> float | None:
    """The minutes that a ticket of a lane took at its window; None where it wasn't served."""
    if ticket.lane != lane.letter or ticket.how not in SERVED:
        return None
    if ticket.called_at is None or ticket.ended_at is None:
        return None
    return (ticket.ended_at - ticket.called_at).total_seconds() / 60
