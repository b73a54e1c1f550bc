"""The end of a day: what is left of it ends, and phones are emptied. For the sweep."""

from django.db import transaction
from django.utils.timezone import localdate

from kernel.accounts.models import Zone
from kernel.core.moment import now
from services.hall.actions.arrivals import follow_bookings
from services.hall.actions.records import over
from services.hall.models import LIVE, How, State, Ticket, TicketEvent

BATCH = 200
Kind = TicketEvent.Kind
# How each ends that the day has left; who is at the window was served, though nobody said with what.
LEFT_OVER = {
    State.WAITING: (State.ENDED, How.DAY, Kind.ENDED),
    State.CALLED: (State.NO_SHOW, How.NO_SHOW, Kind.NO_SHOW),
    State.SERVING: (State.ENDED, How.DAY, Kind.ENDED),
}


def follow_all() -> int:
    """The lines follow the bookings of every zone; returns how many tickets were touched."""
    return sum(map(_followed, Zone.objects.order_by("pk")))


@transaction.atomic
def _followed(zone: Zone) -> int:
    return follow_bookings(zone)


@transaction.atomic
def end_days() -> int:
    """The tickets of days that are over end with them; returns how many."""
    at = now()
    old = Ticket.objects.filter(day__lt=localdate(at), state__in=LIVE)
    rows = old.order_by("pk").select_for_update(of=("self",), skip_locked=True)[:BATCH]
    ended = [over(ticket, *LEFT_OVER[State(ticket.state)], at, None) for ticket in rows]
    return len(ended)


def empty_phones() -> int:
    """A phone that was left for a text is kept no longer than its day; returns how many were emptied."""
    old = Ticket.objects.filter(day__lt=localdate(now())).exclude(phone_index="")
    return old.exclude(state__in=LIVE).update(phone="", phone_index="")
