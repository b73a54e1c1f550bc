"""The one place where the counter tells the hall what became of a ticket."""

from kernel.accounts.models import User
from kernel.cases.models import CounterFiling
from services.hall import actions as hall
from services.hall.models import Ticket

CASE = Ticket.How.CASE


def label_of(code: str, helper: User) -> str:
    """What the ticket with this code is called in the hall of the helper's zone; "" for none."""
    ticket = _ticket(code, helper)
    return ticket.label if ticket else ""


def became_filing(filing: CounterFiling) -> None:
    """The visitor whom `filing.ticket` called is being helped with a filing. Does nothing without a ticket; raises
    Refused where the helper hasn't called it, or it has ended."""
    if ticket := _ticket(filing.ticket, filing.helper):
        hall.became(actor=filing.helper, ticket=ticket, kind=CASE.value, uid=filing.application.uid)


def _ticket(code: str, helper: User) -> Ticket | None:
    rows = Ticket.objects.filter(zone=helper.zone_id, code=code) if code else Ticket.objects.none()
    return rows.first()
