"""What a hall has for somebody who shows their identity card, or types the number of an appointment. Read only; nothing
of it is a name, and nothing is kept of who asked."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from kernel.accounts.models import Zone
from kernel.bookings.models import Booking
from kernel.bookings.models import State as Booked
from kernel.cases.models import Application
from kernel.core.moment import now
from kernel.core.privacy import blind_index
from kernel.core.typed import digits
from kernel.form import flow
from services.hall.actions.arrivals import STILL, bookings_of_today

COLLECTS_AFTER = (
    "seals",
)  # departments that hand something over at the window once their stage is closed
LEAST_DIGITS = 6


@dataclass(frozen=True)
class Holdings:
    """`bookings` are those of today, `draft` whether a filing was begun, `collects` whether one of their cases has come
    so far that something may wait at the window."""

    bookings: list[Booking]
    draft: bool
    collects: bool

    def __bool__(self) -> bool:
        return bool(self.bookings or self.draft or self.collects)


def of_card(zone: Zone, number: str) -> Holdings:
    """Of whoever has this ID number, by its blind index."""
    index = blind_index(number)
    cases = Application.objects.filter(
        Q(applicant__id_index=index) | Q(people__number_index=index), zone=zone
    )
    theirs = Q(owner__in=list(cases.values_list("uid", flat=True))) | Q(made_by__id_index=index)
    return Holdings(
        bookings=list(_to_come(zone).filter(theirs).order_by("begins_at")),
        draft=cases.filter(state=flow.DRAFT, applicant__id_index=index).exists(),
        collects=cases.filter(
            stages__department__in=COLLECTS_AFTER, stages__state=flow.DONE
        ).exists(),
    )


def of_number(zone: Zone, typed: str) -> Booking | None:
    """The appointment of today with this number, of which the last six digits will do where only one ends so."""
    asked = digits(typed)
    if len(asked) < LEAST_DIGITS:
        return None
    ending = [
        booking for booking in _to_come(zone) if _digits_of(booking.reference).endswith(asked)
    ]
    return ending[0] if len(ending) == 1 else None


def of_uid(zone: Zone, uid: str) -> Booking | None:
    """The appointment of today that a card has found, as long as nobody has met it."""
    return _to_come(zone).filter(uid=uid).first()


def _to_come(zone: Zone) -> QuerySet[Booking]:
    """Those of today whom nobody has met yet."""
    arrived = Q(state=Booked.ARRIVED) & ~Q(service=flow.meeting())
    return bookings_of_today(zone, now()).filter(Q(state__in=STILL) | arrived)


def _digits_of(reference: str) -> str:
    return "".join(char for char in reference if char.isdecimal())
