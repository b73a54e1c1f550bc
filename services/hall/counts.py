"""What a hall did on some days, counted: plain functions of a zone and its days, both included."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from kernel.accounts.models import Zone
from services.hall.models import How, Ticket


@dataclass(frozen=True)
class Waits:
    """Minutes from the ticket, or the booked time, to the first call: half waited at most `p50`, nine of ten `p90`;
    None where nobody was called."""

    called: int
    p50: int | None
    p90: int | None


@dataclass(frozen=True)
class LaneCount:
    lane: str
    tickets: int
    ended: dict[str, int]  # Ticket.How → how many; "" those that aren't over
    waits: Waits

    @property
    def no_shows(self) -> int:
        return self.ended.get(How.NO_SHOW, 0)


def tickets(zone: Zone, first: date, last: date) -> list[Ticket]:
    rows = Ticket.objects.filter(zone=zone, day__range=(first, last))
    return list(rows.select_related("window").order_by("day", "taken_at", "pk"))


def by_day_and_lane(zone: Zone, first: date, last: date) -> dict[tuple[date, str], int]:
    """How many tickets were given."""
    return dict(Counter((ticket.day, ticket.lane) for ticket in tickets(zone, first, last)))


def by_lane(zone: Zone, first: date, last: date) -> list[LaneCount]:
    """For each lane that gave tickets, in the order of its letter."""
    groups: dict[str, list[Ticket]] = {}
    for ticket in tickets(zone, first, last):
        groups.setdefault(ticket.lane, []).append(ticket)
    return [
        LaneCount(lane, len(rows), _ended(rows), waits(rows))
        for lane, rows in sorted(groups.items())
    ]


def by_window(zone: Zone, first: date, last: date) -> dict[int, dict[str, int]]:
    """The number of a window → `Ticket.How` → how many it called."""
    groups: dict[int, list[Ticket]] = {}
    for ticket in tickets(zone, first, last):
        if ticket.window:
            groups.setdefault(ticket.window.number, []).append(ticket)
    return {number: _ended(rows) for number, rows in sorted(groups.items())}


def waits(rows: Iterable[Ticket]) -> Waits:
    minutes = sorted(wait for ticket in rows if (wait := waited(ticket)) is not None)
    return Waits(len(minutes), _share(minutes, 0.5), _share(minutes, 0.9))


def waited(ticket: Ticket) -> int | None:
    """Whole minutes until the first call, rounded up; who booked and was called before their time waited none."""
    if ticket.called_at is None:
        return None
    return max(0, ceil((ticket.called_at - ticket.since).total_seconds() / 60))


def _ended(rows: Iterable[Ticket]) -> dict[str, int]:
    return dict(Counter(ticket.how for ticket in rows))


def _share(minutes: Sequence[int], share: float) -> int | None:
    """The smallest number that this share of them doesn't exceed."""
    return minutes[ceil(len(minutes) * share) - 1] if minutes else None
