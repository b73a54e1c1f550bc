"""A ticket is taken, and given up."""

from collections.abc import Mapping
from datetime import date
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from kernel.accounts.models import Zone
from kernel.bookings.models import Booking
from kernel.cases.numbers import readable_code
from kernel.core.errors import Refused, is_taken
from kernel.core.moment import now
from services.hall import lanes, words
from services.hall.actions.records import locked, over, record
from services.hall.models import LIVE, How, LaneDay, State, Ticket, TicketEvent
from services.hall.opening import gives_tickets, opening

CODE = 12  # readable characters: more than anybody tries
MARKS = ("uid", "booking", "account")  # a ticket is known to be somebody's by these
Kind = TicketEvent.Kind


def take(
    *,
    zone: Zone,
    lane: str,
    way: str,
    ground: str = "",
    phone: str = "",
    account=None,
    actor=None,
    uid: UUID | None = None,
) -> Ticket:
    """A ticket of a lane, with the next number of the day. `uid` is of the page on which it was asked for: whoever
    presses there twice, or has a live ticket with this account, gets that one.

    Raises Refused while the hall gives none, and where a live ticket with that phone is there.
    """
    if lane not in lanes.WALK_IN or ground not in ("", *lanes.GROUNDS):
        raise Refused(_("Choose one of the services that are listed."))
    asked = {"uid": uid} if uid else {}
    return _given(
        zone, lane, phone=phone, ground=ground, way=way, account=account, actor=actor, **asked
    )


def arrive(*, booking: Booking, way: str, phone: str = "", account=None, actor=None) -> Ticket:
    """Somebody who booked is in the hall: they wait from the booked time on. Whoever has a live ticket for the booking
    gets that one. The booking itself is met, or missed, at the desk that it is for."""
    return _given(
        booking.diary.zone,
        lanes.BOOKED,
        department=lanes.receiver(booking.service),
        booking=booking.uid,
        due_at=booking.begins_at,
        phone=phone,
        way=way,
        account=account,
        actor=actor,
    )


@transaction.atomic
def cancel(*, ticket: Ticket, actor=None) -> Ticket:
    """Nobody waits with it any more. Raises Refused once they are at the window, or it is over."""
    ticket = locked(ticket)
    if ticket.state not in (State.WAITING, State.CALLED):
        raise Refused(words.not_any_more(ticket))
    return over(ticket, State.CANCELLED, How.CANCELLED, Kind.CANCELLED, now(), actor)


def _given(zone: Zone, lane: str, *, phone: str, actor, **asked) -> Ticket:
    """The live ticket that the page, the booking or the account has, else a new one. Of two that ask at one moment the
    database lets one have it (the constraints of `Ticket`), and the other is given that same one."""
    at = now()
    day = localdate(at)
    mine = _mine(asked)
    if there := _live(zone, day, mine):
        return there
    hall = opening(zone, at)
    if not gives_tickets(zone, hall):
        raise Refused(words.closed_until(hall))
    if "uid" in asked and Ticket.objects.filter(uid=asked["uid"]).exists():
        del asked["uid"]  # of a page that stayed open: its ticket is over
    made = Ticket(zone=zone, day=day, lane=lane, code=readable_code(CODE), taken_at=at, **asked)
    made.with_phone(phone)
    if phone and _live(zone, day, Q(phone_index=made.phone_index)):
        raise Refused(_waits_already())
    try:
        return _kept(made, actor)
    except IntegrityError as error:
        if is_taken(error, Ticket, "phone_index"):
            raise Refused(_waits_already()) from None
        if is_taken(error, Ticket, *MARKS) and (there := _live(zone, day, mine)):
            return there
        raise


@transaction.atomic
def _kept(ticket: Ticket, actor) -> Ticket:
    ticket.number = _next_number(ticket.zone, ticket.day, ticket.lane)
    ticket.save(force_insert=True)
    record(ticket, Kind.TAKEN, ticket.taken_at, actor, way=ticket.way)
    return ticket


def _mine(asked: Mapping[str, Any]) -> Q:
    """Tickets of whoever asks, by what is known of them; none where nothing is."""
    known = [Q(**{mark: asked[mark]}) for mark in MARKS if asked.get(mark)]
    return reduce(or_, known, Q(pk__in=()))


def _live(zone: Zone, day: date, which: Q) -> Ticket | None:
    return Ticket.objects.filter(which, zone=zone, day=day, state__in=LIVE).first()


def _waits_already() -> str:
    return _(
        "A ticket with this phone is waiting already. It opens on the device on which it was taken, or by the code on "
        "the paper."
    )


def _next_number(zone: Zone, day, lane: str) -> int:
    """Under the lock of its lane until the ticket is there: no two are alike, and one that is undone leaves no gap."""
    LaneDay.objects.get_or_create(zone=zone, day=day, lane=lane)
    count = LaneDay.objects.select_for_update().get(zone=zone, day=day, lane=lane)
    count.last += 1
    count.save(update_fields=["last"])
    return count.last
