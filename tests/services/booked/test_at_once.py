"""Many ask for the last place of an evening at one moment: one has it, the others are told and offered the next."""

from functools import partial

import pytest

from kernel.bookings.actions import Taken
from kernel.bookings.models import Booking
from kernel.core.errors import Refused
from services.booked import actions
from services.booked.models import ServiceRequest
from tests import factories
from tests.faults.together import at_once
from tests.services.booked import had
from tests.services.booked.had import at

pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


def test_many_want_the_last_place(zone):
    had.diary(zone, "window", places=2)
    had.ask(zone, "window", factories.UserFactory(), begins_at=at(10))
    people = [factories.UserFactory() for _number in range(8)]
    wanted = [partial(had.ask, zone, "window", person, begins_at=at(10)) for person in people]
    answers = at_once(*wanted)
    assert sum(isinstance(answer, ServiceRequest) for answer in answers) == 1, answers
    lost = [answer for answer in answers if isinstance(answer, Taken)]
    assert len(lost) == len(people) - 1
    assert all(answer.offers[0].begins_at == at(10, 30) for answer in lost)
    assert Booking.objects.filter(begins_at=at(10)).count() == 2
    assert ServiceRequest.objects.count() == 2  # nobody who lost left a request behind


def test_one_person_in_several_tabs_has_one_place(zone):
    had.diary(zone, "window", places=4)
    person = factories.UserFactory()
    answers = at_once(*[partial(had.ask, zone, "window", person, begins_at=at(10))] * 4)
    assert sum(isinstance(answer, ServiceRequest) for answer in answers) == 1, answers
    assert all(isinstance(answer, ServiceRequest | Refused) for answer in answers), answers
    assert Booking.objects.count() == 1


def test_two_supervisors_decide_at_once(zone):
    had.diary(zone, "home")
    request = had.home(zone, factories.UserFactory())
    one, two = factories.supervisor(zone), factories.supervisor(zone)
    refuse = partial(actions.refuse, request_id=request.pk, reason="不符合条件")
    answers = at_once(partial(refuse, actor=one), partial(refuse, actor=two))
    assert sum(isinstance(answer, ServiceRequest) for answer in answers) == 1, answers
    assert request.events.filter(kind="refused").count() == 1
