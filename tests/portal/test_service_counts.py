"""The supervisor's page of services, hall and deliveries, its file and the monthly report, against a day by hand."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from kernel.accounts.models import Role
from seals.models import SealOrder
from services.booked import actions
from tests import driving, factories
from tests.factories import MORNING
from tests.officers import browser
from tests.services.booked import had
from tests.services.hall import places

pytestmark = pytest.mark.django_db
PAGE = "supervision:services"


@pytest.fixture
def zone(travel):
    travel(MORNING)
    return factories.ZoneFactory()


@pytest.fixture
def a_day(zone, travel):
    """Three visits asked for: one cancelled, one refused, one ahead; two tickets, of which one is given up; a set of
    seals that was collected."""
    had.diary(zone, "home", places=2)
    people = [factories.UserFactory() for _place in range(3)]
    visits = [
        had.home(zone, person, had.at(9 + place, 30, day=19)) for place, person in enumerate(people)
    ]
    actions.cancel_service(actor=people[0], request_id=visits[0].pk)
    boss = factories.supervisor(zone)
    actions.refuse(actor=boss, request_id=visits[1].pk, reason="不在服务范围")
    officer = places.officer_at(zone, 1)
    places.take(zone)
    places.take(zone)
    travel(MORNING + timedelta(minutes=9))
    places.served(officer)
    case = driving.completed(zone=zone)
    order = SealOrder.objects.get(application=case)
    order.delivery, order.delivered_at, order.subsidy_fen = "window", MORNING, 1
    order.save()
    travel(MORNING + timedelta(days=1, hours=8))
    return boss


def sheet(book, name: str) -> dict:
    rows = list(book[name].iter_rows(min_row=2, values_only=True))
    return {row[0]: row[1:] for row in rows}


def test_every_count_is_that_of_the_day(a_day, zone):
    web = browser(a_day)
    page = " ".join(web.get(reverse(PAGE)).content.decode().split())
    assert "3 asked for, 0 done, 1 cancelled; to 0 nobody came." in page
    assert "2 tickets in the hall." in page and "Window 1: 1 called" in page
    book = load_workbook(io.BytesIO(web.get(reverse(PAGE), {"format": "xlsx"}).getvalue()))
    assert sheet(book, "Services")["Home visit"][:5] == (3, 0, 1, 1, 0)
    by_day = list(book["Services by day"].iter_rows(min_row=2, values_only=True))
    assert ("2026-03-19", "Home visit", 3, 0, 1, 1, 0) in [row[:7] for row in by_day]
    assert sheet(book, "Hall")["A Open a company"][:2] == (2, 1)
    tickets = list(book["Tickets by day"].iter_rows(min_row=2, values_only=True))
    assert tickets == [("2026-03-18", "A Open a company", 2)]
    assert sheet(book, "Deliveries")["Collect at the window"] == (1, 0, 0)


def test_the_monthly_report_carries_them(a_day, zone):
    web = browser(a_day)
    answer = web.get(reverse("supervision:report-file", args=[2026, 3, "xlsx"]))
    book = load_workbook(io.BytesIO(answer.getvalue()))
    assert sheet(book, "Services")["Home visit"][:5] == (3, 0, 1, 1, 0)
    assert sheet(book, "Hall")["A Open a company"][:2] == (2, 1)
    assert web.get(reverse("supervision:report-file", args=[2026, 3, "pdf"])).status_code == 200


def test_a_month_of_places_takes_few_statements(a_day, zone, django_assert_max_num_queries):
    for kind in ("window", "counter", "assisted", "follow_up"):
        had.diary(zone, kind)
    web = browser(a_day)
    with django_assert_max_num_queries(60):
        assert web.get(reverse(PAGE), {"from": "2026-01-01"}).status_code == 200


@pytest.mark.parametrize("role", [Role.APPLICANT, Role.HELPER, Role.AUDITOR])
def test_nobody_else_counts(zone, role):
    web = browser(factories.UserFactory(role=role, zone=zone))
    assert web.get(reverse(PAGE)).status_code in (403, 404)


def test_another_zone_s_supervisor_sees_nothing_of_it(a_day, zone):
    elsewhere = factories.supervisor(factories.ZoneFactory(code="elsewhere"))
    page = browser(elsewhere).get(reverse(PAGE))
    assert "0 asked for" in " ".join(page.content.decode().split())
