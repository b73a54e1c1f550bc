"""What tests of the supervisor's figures stand on."""

from datetime import timedelta

import pytest
from django.urls import reverse

from kernel.cases import actions
from kernel.form import flow
from reviews.actions import leave_review
from tests import driving, factories
from tests.codes import SEALS
from tests.factories import MORNING


@pytest.fixture
def page(client, zone):
    """`page(name, …)` opens a page of the supervisor, in English."""
    client.force_login(factories.supervisor(zone))
    client.cookies["language"] = "en"
    return lambda name, *args, **query: client.get(reverse(f"supervision:{name}", args=args), query)


@pytest.fixture
def two_days(zone, travel):
    """Five cases of two types over two days: done, done late and reviewed badly, late and waiting, withdrawn, fresh."""
    officers = driving.staff(zone)
    cases = {"done": factories.filed(zone=zone), "late": factories.filed("1151", zone=zone)}
    cases["waiting"] = factories.filed(zone=zone)
    cases["withdrawn"] = factories.filed(zone=zone)
    cases["neighbour"] = factories.filed(zone=factories.ZoneFactory(code="neighbour"))
    for department in flow.usual():
        driving.work(department, officers[department], cases["done"])
    driving.handed_over(officers[SEALS], cases["done"])
    actions.withdraw(actor=cases["withdrawn"].applicant, application_id=cases["withdrawn"].pk)
    travel(MORNING + timedelta(minutes=50))
    for department in flow.usual():
        driving.work(department, officers[department], cases["late"])
    driving.handed_over(officers[SEALS], cases["late"])
    leave_review(application_id=cases["done"].pk, level=5, actor=cases["done"].applicant)
    leave_review(application_id=cases["late"].pk, level=1, actor=cases["late"].applicant)
    travel(MORNING + timedelta(days=1))
    cases["fresh"] = factories.filed(zone=zone)
    return cases
