"""Who came too late for a place: the next free times stand on the page, and one press takes one of them."""

from django.http import QueryDict
from django.utils.timezone import localtime

from kernel.bookings.actions import Taken
from kernel.cases.appointments import Place
from kernel.core.errors import Refused

INSTEAD = "instead"  # the key of a time that is offered


def with_instead(sent: QueryDict) -> QueryDict:
    """What was sent; whoever came too late and pressed one of the times offered instead has chosen that one."""
    if instead := sent.get(INSTEAD):
        sent = sent.copy()
        sent["when"] = instead
    return sent


def refusal(refused: Refused) -> tuple[list[dict], list[Place]]:
    """Why it can't be booked as it was sent, and for who came too late the next free times."""
    if not isinstance(refused, Taken):
        return [{"target": "", "text": str(refused)}], []
    text = refused.why if refused.offers else str(refused)
    offers = [Place(localtime(slot.begins_at), 1) for slot in refused.offers]
    return [{"target": "id_when", "text": text}], offers
