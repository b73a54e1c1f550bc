"""Budgets adopted from a date: new clocks get them, clocks that have begun keep theirs."""

from datetime import timedelta

import pytest
from django.urls import reverse

from kernel.accounts.models import Role, Zone
from kernel.cases import actions
from kernel.form import flow
from kernel.sla.models import Clock
from portal.supervision.models import AdoptedBudget
from tests import driving, factories
from tests.codes import BANKING, REGISTRATION, SEALS, SOCIAL_SECURITY, TAX
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


def test_an_average_has_no_minute_of_an_appointment_or_a_correction(
    client, supervisor, zone, travel
):
    """What is adopted as a standard rests on what the desks took: an appointment a day ahead leaves no trace in it."""
    officers = driving.staff(zone)
    appointment = NEXT.replace(hour=14, minute=30)
    draft = factories.draft(zone=zone)
    actions.save_section(
        actor=draft.applicant,
        application_id=draft.pk,
        section="bank",
        values={**draft.answers["bank"], "appointment": f"{appointment:%Y-%m-%dT%H:%M}"},
    )
    case = factories.submit(actor=draft.applicant, application_id=draft.pk)
    for minutes, department in ((20, REGISTRATION), (30, SEALS), (40, TAX), (41, SOCIAL_SECURITY)):
        travel(MORNING + timedelta(minutes=minutes))
        case = driving.work(department, officers[department], case)
    travel(appointment)
    stage = driving.take(BANKING, officers[BANKING], case)
    travel(appointment + timedelta(minutes=5))
    actions.begin_awaiting(
        actor=officers[BANKING], stage_id=stage.pk, kind="call", reason="The line broke off."
    )
    travel(appointment + timedelta(minutes=15))
    actions.end_awaiting(actor=officers[BANKING], stage_id=stage.pk)
    travel(appointment + timedelta(minutes=30))
    driving.close(BANKING, officers[BANKING], case, stage)
    travel(appointment + timedelta(days=1))
    page = client.get(reverse("supervision:budgets"))
    means = {row["times"].clock: row["times"].mean for row in page.context["rows"]}
    assert means["bank"] == 20 and means["settling"] == 20
    assert means["total"] == 50  # licence and seals 30, the bank 20
    proposed = {row["times"].clock: row["proposed"] for row in page.context["rows"]}
    day = (appointment + timedelta(days=2)).date()
    given = {"clock": "bank", "minutes": proposed["bank"], "effective_from": day}
    assert adopt(client, **given).status_code == 302
    adopted = AdoptedBudget.objects.get()
    assert (adopted.minutes, adopted.sample["n"], adopted.sample["mean"]) == (20, 1, 20.0)
    assert flow.budget("bank", Zone.objects.get(pk=zone.pk).settings, day) == 20
