"""What services and tickets leave in the daily files, and how the public's page tells of them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from kernel.cases import reviewable
from portal.figures import reading
from portal.figures.rows import REVIEW, SERVICE, TICKET, Row
from reviews.actions import leave_review, leave_review_of_thing
from services.booked import actions
from services.hall import actions as hall
from tests import driving, factories
from tests.factories import MORNING
from tests.portal.test_public_figures import shown, told
from tests.services.booked import had
from tests.services.hall import places

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone(travel):
    travel(MORNING)
    return factories.ZoneFactory()


def rows(zone, kind) -> list[Row]:
    day = MORNING.date()
    return [row for row in reading.happened(zone, day, day).values() if row.kind == kind]


def test_a_cancelled_service_ended_without_being_given(zone):
    had.diary(zone, "home")
    person = factories.UserFactory()
    request = had.home(zone, person)
    assert not rows(zone, SERVICE), "it hasn't ended"
    actions.cancel_service(actor=person, request_id=request.pk)
    (row,) = rows(zone, SERVICE)
    assert (row.name, row.done, row.missed) == ("home", 0, 0)


def test_a_ticket_waited_until_its_call(zone, travel):
    officer = places.officer_at(zone, 1)
    places.take(zone)
    travel(MORNING + timedelta(minutes=7))
    places.served(officer)
    (row,) = rows(zone, TICKET)
    assert (row.name, row.minutes, row.done, row.missed) == ("A", 7, 1, 0)


def test_who_gives_up_waited_until_then(zone, travel):
    ticket = places.take(zone)
    travel(MORNING + timedelta(minutes=20))
    hall.cancel(ticket=ticket)
    (row,) = rows(zone, TICKET)
    assert (row.minutes, row.done, row.missed) == (20, 0, 0), "giving up makes no wait shorter"


def test_the_page_tells_of_services_and_lanes(client, zone, monkeypatch, travel):
    visits = [
        {"kind": SERVICE, "name": "home", "done": int(n < 4), "missed": int(n == 4)}
        for n in range(6)
    ]
    tickets = [
        {"kind": TICKET, "name": "A", "minutes": n, "done": 1, "missed": 0}
        for n in (2, 3, 4, 5, 16)
    ]
    told(zone, monkeypatch, travel, {0: visits + tickets})
    page = shown(client)
    row = page[page.index("Home visit") :]
    assert [cell.split("<")[0] for cell in row.split('num">')[1:4]] == ["6", "4", "1"]
    row = page[page.index("Open a company</th>") :]
    assert [cell.split("<")[0] for cell in row.split('num">')[1:6]] == ["5", "5", "0", "4", "16"]
    client.cookies["language"] = "en"
    page = " ".join(client.get(reverse("services")).content.decode().split())
    assert "6 services ended: 4 were given, to 1 nobody came" in page


def test_a_review_of_a_ticket_is_one_but_no_share_of_the_cases(zone, travel):
    officer = places.officer_at(zone, 1)
    ticket = places.take(zone)
    places.served(officer)
    thing = reviewable.of_code(ticket.code)
    leave_review_of_thing(kind=thing.kind, thing_id=thing.uid, level=2)
    case = driving.completed(zone=zone)
    leave_review(application_id=case.pk, level=5, actor=case.applicant)
    told_of = {row.name: (row.level, row.bad, row.first) for row in rows(zone, REVIEW)}
    assert told_of == {"ticket": (2, 1, 0), "whole": (5, 0, 1)}
