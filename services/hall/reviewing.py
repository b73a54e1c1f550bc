"""A ticket as something that one may review."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kernel.cases.reviewable import Reviewable
from kernel.core.typed import compact
from services.hall.models import How, Ticket

KIND = "ticket"
SERVED = (How.CASE, How.SERVICE, How.ANSWERED, How.LEFT)


def by_code(code: str) -> Reviewable | None:
    return _of(Ticket.objects.filter(code=compact(code)))


def by_uid(uid: UUID) -> Reviewable | None:
    return _of(Ticket.objects.filter(uid=uid))


def given_by(account_id: int) -> QuerySet:
    return Ticket.objects.filter(served_by=account_id).order_by().values("uid")


def _of(rows) -> Reviewable | None:
    ticket = rows.select_related("window").first()
    if ticket is None:
        return None
    return Reviewable(
        kind=KIND,
        uid=ticket.uid,
        zone_id=ticket.zone_id,
        service="hall",
        label=_("Ticket %(number)s") % {"number": ticket.label},
        given_at=ticket.ended_at if ticket.how in SERVED else None,
        department=ticket.window.department if ticket.window else "",
        served_by=frozenset([ticket.served_by_id] if ticket.served_by_id else ()),
        owner_id=ticket.account_id,
    )
