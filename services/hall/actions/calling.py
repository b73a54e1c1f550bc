"""Calling at a window: the next one, again, begun, ended with why; who didn't come, and who came after all.

Two windows that press at one moment never get one ticket: each locks the first that nobody else has in hand
(`SKIP LOCKED`), and the lock outlasts the change.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kernel.accounts.models import User, Window
from kernel.core.certain import certain
from kernel.core.errors import NotAllowed, Refused, refusing_taken
from kernel.core.moment import now
from services.hall import line, windows, words
from services.hall.actions.arrivals import follow_bookings
from services.hall.actions.records import locked, over, record
from services.hall.actions.windows import locked_window, may_call, own_window
from services.hall.models import How, State, Ticket, TicketEvent, WindowSession
from services.hall.signals import turn_is_near

Kind = TicketEvent.Kind
# What an officer may end a ticket with; the others say themselves how they ended.
ENDINGS = (How.CASE, How.SERVICE, How.ANSWERED, How.LEFT)


@transaction.atomic
def call_next(*, actor: User) -> Ticket | None:
    """The next in line is called to the window of the actor; None where nobody waits for it.

    Raises Refused where the window isn't open, or has somebody in hand.
    """
    seat = own_window(actor)
    window = locked_window(seat.window, actor)
    session = windows.newest(window)
    if session is None or session.state != WindowSession.State.OPEN or session.by_id != actor.pk:
        raise Refused(_("%(window)s isn't open: open it first.") % {"window": window})
    if ticket := windows.in_hand(window):
        raise Refused(_("You have %(ticket)s in hand: end that first.") % {"ticket": ticket.label})
    follow_bookings(window.zone)
    at = now()
    order = line.waiting_for(window.zone, session.lanes, window.department, at)
    for place, ticket in enumerate(order):
        if mine := _claimed(ticket):
            _call(mine, window, actor, at, {line.key(waiting) for waiting in order})
            _tell_next(order[:place] + order[place + 1 :])
            return mine
    return None


def _call(ticket: Ticket, window: Window, actor: User, at: datetime, lines: set[str]) -> None:
    ticket.state, ticket.window, ticket.served_by = State.CALLED, window, actor
    ticket.called_at, ticket.shown_at = ticket.called_at or at, at
    ticket.called_for = tuple(sorted(lines))
    ticket.save(
        update_fields=["state", "window", "served_by", "called_at", "shown_at", "called_for"]
    )
    record(ticket, Kind.CALLED, at, actor, window=window.number)


@transaction.atomic
def call_again(*, actor: User, ticket: Ticket) -> Ticket:
    """Called a second time, before anybody says that nobody came."""
    ticket = _in_hand(ticket, actor, State.CALLED)
    ticket.called_again_at = ticket.shown_at = at = now()
    ticket.save(update_fields=["called_again_at", "shown_at"])
    record(ticket, Kind.AGAIN, at, actor, window=certain(ticket.window).number)
    return ticket


@transaction.atomic
def begin(*, actor: User, ticket: Ticket) -> Ticket:
    """The person is at the window."""
    ticket = _in_hand(ticket, actor, State.CALLED)
    ticket.state, ticket.begun_at = State.SERVING, now()
    ticket.save(update_fields=["state", "begun_at"])
    record(ticket, Kind.BEGUN, ticket.begun_at, actor)
    return ticket


@transaction.atomic
def end(*, actor: User, ticket: Ticket, how: str) -> Ticket:
    """The person is done here, and why (ENDINGS)."""
    if how not in ENDINGS:
        raise Refused(_("Say how it ended."))
    ticket = _in_hand(ticket, actor, State.SERVING)
    return over(ticket, State.ENDED, how, Kind.ENDED, now(), actor)


@transaction.atomic
def miss(*, actor: User, ticket: Ticket) -> Ticket:
    """Nobody came to two calls. Raises Refused before the second one, and for some minutes after it."""
    ticket = _in_hand(ticket, actor, State.CALLED)
    if ticket.called_again_at is None:
        raise Refused(_("Call %(ticket)s a second time first.") % {"ticket": ticket.label})
    minutes = ticket.zone.setting("hall_no_show_minutes")
    free_from = ticket.called_again_at + timedelta(minutes=minutes)
    if now() < free_from:
        raise Refused(
            _("Wait until %(time)s before you record that nobody came.")
            % {"time": words.hour(free_from)}
        )
    return over(ticket, State.NO_SHOW, How.NO_SHOW, Kind.NO_SHOW, now(), actor)


@transaction.atomic
def come_back(*, actor: User, ticket: Ticket) -> Ticket:
    """Somebody who missed their call is here within the zone's minutes: they are first in line. Raises Refused later,
    and the second time."""
    ticket = locked(ticket)
    _require_zone(ticket, actor)
    if ticket.state != State.NO_SHOW or ticket.returned_at:
        raise Refused(words.not_any_more(ticket))
    at = now()
    if at > back_until(ticket):
        raise Refused(
            _("%(ticket)s could come back until %(time)s. Let them take a new ticket.")
            % {"ticket": ticket.label, "time": words.hour(back_until(ticket))}
        )
    ticket.state, ticket.how, ticket.ended_at, ticket.returned_at = State.WAITING, "", None, at
    ticket.called_again_at = None
    waits = _("They have taken another ticket since, which waits. Call them with that one.")
    with refusing_taken(Ticket, "booking", "phone_index", "account", sentence=waits):
        ticket.save(update_fields=["state", "how", "ended_at", "returned_at", "called_again_at"])
    record(ticket, Kind.BACK, at, actor)
    return ticket


@transaction.atomic
def became(*, actor: User, ticket: Ticket, kind: str, uid: UUID) -> Ticket:
    """What the ticket in hand became: a case, a service … of this `uid`. It stays in hand until it is ended."""
    ticket = _in_hand(ticket, actor, State.CALLED, State.SERVING)
    ticket.became_kind, ticket.became_uid = kind, uid
    ticket.save(update_fields=["became_kind", "became_uid"])
    record(ticket, Kind.BECAME, now(), actor, became=kind, uid=str(uid))
    return ticket


def back_until(ticket: Ticket) -> datetime:
    """Until when who missed their call is still served first."""
    minutes = ticket.zone.setting("hall_back_minutes")
    return certain(ticket.ended_at) + timedelta(minutes=minutes)


def _claimed(ticket: Ticket) -> Ticket | None:
    """Locked, and still waiting; None where another window has it."""
    rows = Ticket.objects.select_related("zone").select_for_update(of=("self",), skip_locked=True)
    return rows.filter(pk=ticket.pk, state=State.WAITING).first()


def _tell_next(left: list[Ticket]) -> None:
    """The one before them was called: who is first in line now is told, once, if they left a phone."""
    if not left or not left[0].phone_index:
        return
    near = _claimed(left[0])
    if near is None or near.told_at or not near.phone:
        return
    near.told_at = now()
    near.save(update_fields=["told_at"])
    record(near, Kind.TOLD, near.told_at, None)
    turn_is_near.send(sender=Ticket, ticket=near)


def _in_hand(ticket: Ticket, actor: User, *states: str) -> Ticket:
    """The ticket under its lock. Raises NotAllowed for one of another zone, Refused where it isn't in the actor's hands
    or not in one of these states."""
    ticket = locked(ticket)
    _require_zone(ticket, actor)
    if ticket.state not in states:
        raise Refused(words.not_any_more(ticket))
    if ticket.served_by_id != actor.pk:
        raise Refused(
            _("%(ticket)s is in the hands of %(who)s.")
            % {"ticket": ticket.label, "who": certain(ticket.served_by)}
        )
    return ticket


def _require_zone(ticket: Ticket, actor: User) -> None:
    if not may_call(actor) or ticket.zone_id != actor.zone_id:
        raise NotAllowed
