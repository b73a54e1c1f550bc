"""Fifty people want the last place at one moment: one gets it, the others are told at once and offered the next."""

import uuid
from functools import partial

import pytest

from kernel.bookings import actions
from kernel.bookings.models import Booking, State
from tests import factories
from tests.faults.together import at_once
from tests.kernel.bookings import diaries
from tests.kernel.bookings.diaries import SERVICE, at

pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
PEOPLE = 50


def test_fifty_want_the_last_place(zone):
    diary, person = diaries.diary(zone, places=3), factories.UserFactory()
    for _number in range(2):
        diaries.book(diary, at(10), by=person)
    wanted = [partial(diaries.hold, diary, at(10), uuid.uuid4(), by=person) for _ in range(PEOPLE)]
    answers = at_once(*wanted)
    got = [answer for answer in answers if isinstance(answer, Booking)]
    told = [answer for answer in answers if isinstance(answer, actions.Taken)]
    assert (len(got), len(told)) == (1, PEOPLE - 1), answers
    assert got[0].place == 3
    assert all([slot.begins_at for slot in one.offers][0] == at(10, 30) for one in told)
    assert Booking.objects.filter(begins_at=at(10)).count() == 3


def test_one_person_who_presses_twice_has_one_place(zone):
    diary, person, owner = diaries.diary(zone, places=9), factories.UserFactory(), uuid.uuid4()
    at_once(*[partial(diaries.hold, diary, at(10), owner, by=person)] * 8)
    assert Booking.objects.filter(state=State.HELD).count() == 1
    answers = at_once(*[partial(actions.confirm, owner=owner, service=SERVICE, by=person)] * 8)
    assert {answer.state for answer in answers} == {State.FIRM}
    firm = Booking.objects.get(state=State.FIRM)
    assert [event.kind for event in firm.events.all()].count("firm") == 1


def test_two_who_swap_their_places_neither_wait_for_ever_nor_share_one(zone):
    here, there = diaries.diary(zone), diaries.diary(zone, unit="branch-2")
    person = factories.UserFactory()
    one, two = diaries.book(here, at(10), by=person), diaries.book(there, at(10), by=person)
    answers = at_once(
        partial(actions.move, uid=one.uid, begins_at=at(10, 30), by=person, diary=there),
        partial(actions.move, uid=two.uid, begins_at=at(10, 30), by=person, diary=here),
    )
    assert all(isinstance(answer, Booking) for answer in answers), answers
    assert Booking.objects.filter(state=State.FIRM, begins_at=at(10, 30)).count() == 2
