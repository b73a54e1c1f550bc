"""Windows, tickets and people of a hall for tests."""

from datetime import timedelta

from kernel.accounts.models import Role, Window, Zone
from kernel.bookings.actions import book
from kernel.bookings.models import Booking, Diary, Way
from kernel.core.moment import now
from services.hall import actions
from services.hall.models import Ticket
from tests import factories
from tests.codes import REGISTRATION

KIOSK = Ticket.Way.KIOSK


def window(zone: Zone, number: int, department: str = REGISTRATION) -> Window:
    return Window.objects.create(zone=zone, number=number, department=department)


def officer_at(zone: Zone, number: int, department: str = REGISTRATION, letters=()):
    """An officer at an open window of the zone."""
    user = factories.officer(department, zone)
    actions.open_window(actor=user, window=window(zone, number, department), letters=letters)
    return user


def helper(zone: Zone):
    return factories.UserFactory(role=Role.HELPER, zone=zone)


def take(zone: Zone, lane: str = "A", **given) -> Ticket:
    return actions.take(zone=zone, lane=lane, way=KIOSK, **given)


def served(user, how: str = "answered") -> Ticket:
    """The next one is called, comes and is done."""
    ticket = actions.call_next(actor=user)
    actions.begin(actor=user, ticket=ticket)
    return actions.end(actor=user, ticket=ticket, how=how)


def booking(zone: Zone, minutes: int, service: str = "window") -> Booking:
    """A place at a window in so many minutes."""
    diary, _made = Diary.objects.get_or_create(
        zone=zone,
        service=service,
        defaults={"slot_minutes": 5, "places": 2, "ways": [Way.VISIT]},
    )
    user = factories.UserFactory()
    begins = now().replace(second=0, microsecond=0) + timedelta(minutes=minutes)
    return book(
        diary=diary,
        owner=user.uid,
        begins_at=begins,
        way=Way.VISIT,
        by=user,
        reference="YY-2026-0318-004",
    )
