"""Budgets adopted from a date: new clocks get them, clocks that have begun keep theirs."""

from datetime import timedelta

import pytest
from django.urls import reverse

from kernel.accounts.models import Role, Zone
from kernel.form import flow
from kernel.sla.models import Clock
from portal.supervision.models import AdoptedBudget
from tests import factories
from tests.factories import MORNING

pytestmark = pytest.mark.django_db
NEXT = MORNING + timedelta(days=1)


@pytest.fixture
def supervisor(client, zone):
    client.force_login(factories.supervisor(zone))


def adopt(client, **given):
    given = {
        "clock": "tax",
        "minutes": 12,
        "effective_from": NEXT.date(),
        "ground": "sample of March",
        **given,
    }
    return client.post(reverse("supervision:budgets"), given)


def test_new_clocks_get_it_and_old_ones_keep_theirs(client, supervisor, zone, travel):
    case = factories.filed(zone=zone)
    assert adopt(client, clock="licence_and_seals", minutes=40).status_code == 302
    row = AdoptedBudget.objects.get()
    assert (row.before, row.minutes, row.sample["n"]) == (45, 40, 0)
    zone = Zone.objects.get(pk=zone.pk)
    assert flow.budget("licence_and_seals", zone.settings) == 45
    travel(NEXT)
    assert flow.budget("licence_and_seals", zone.settings) == 40
    later = factories.filed(zone=zone)
    budgets = dict(
        Clock.objects.filter(name="licence_and_seals").values_list("owner", "budget_minutes")
    )
    assert (budgets[case.uid], budgets[later.uid]) == (45, 40)


@pytest.mark.parametrize(
    "given",
    [
        {"minutes": 0},
        {"effective_from": MORNING.date()},
        {"ground": " "},
        {"clock": "x"},
        {"minutes": 9999},
    ],
)
def test_what_makes_no_sense_is_refused_and_kept(client, supervisor, given):
    refused = adopt(client, **given)
    assert refused.status_code == 422
    assert not AdoptedBudget.objects.exists()


def test_an_administrator_looks_but_does_not_adopt(client, zone):
    client.force_login(factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone))
    assert adopt(client).status_code == 422


def test_a_plain_budget_becomes_a_dated_one(client, supervisor, zone):
    zone.settings |= {"budgets": {"tax": 20}}
    zone.save()
    adopt(client)
    adopt(client, minutes=11)
    rows = Zone.objects.get(pk=zone.pk).settings["budgets"]["tax"]
    assert rows == [{"from": "2000-01-01", "minutes": 20}, {"from": "2026-03-19", "minutes": 11}]
