"""A ticket under its lock, and the event that each change leaves."""

from datetime import datetime

from services.hall.models import Ticket, TicketEvent


def locked(ticket: Ticket) -> Ticket:
    """As it stands once nobody else changes it."""
    rows = Ticket.objects.select_related("zone", "window").select_for_update(of=("self",))
    return rows.get(pk=ticket.pk)


def record(ticket: Ticket, kind: str, at: datetime, actor, **data) -> None:
    TicketEvent.objects.create(ticket=ticket, kind=kind, at=at, actor=actor, data=data)


def over(ticket: Ticket, state: str, how: str, kind: str, at: datetime, actor, **data) -> Ticket:
    """End a locked ticket."""
    ticket.state, ticket.how, ticket.ended_at = state, how, at
    ticket.save(update_fields=["state", "how", "ended_at"])
    record(ticket, kind, at, actor, how=how, **data)
    return ticket
