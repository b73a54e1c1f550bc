"""No wait is endless: who is waited for is reminded, and the supervisor sees it after some days of the calendar."""

from datetime import timedelta

import pytest
from django.urls import reverse

from kernel.cases import actions
from kernel.cases.models import Event
from kernel.cases.tasks import keep_waits
from portal.notices.models import Notice
from tests import driving, factories
from tests.codes import REGISTRATION
from tests.factories import MORNING
from tests.officers import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone():
    return factories.ZoneFactory()


@pytest.fixture
def officers(zone):
    return driving.staff(zone)


def waiting(zone, officers, how: str):
    """A case that has waited for its applicant since the morning, returned or awaiting a signature."""
    case = factories.filed(zone=zone)
    stage = driving.take(REGISTRATION, officers[REGISTRATION], case)
    given = {"actor": officers[REGISTRATION], "stage_id": stage.pk}
    if how == "returned":
        ground = {"standard": "S-01", "fields": ["name.trade_name"], "how_to_fix": driving.SENTENCE}
        actions.return_stage(**given, round=1, grounds=[ground])
    else:
        actions.begin_awaiting(**given, kind="signature", reason="The chair has not signed.")
    return case


@pytest.mark.parametrize("how", ["returned", "awaiting"])
def test_the_applicant_is_reminded_after_two_days_and_again(zone, officers, travel, how):
    travel(MORNING)
    case = waiting(zone, officers, how)
    told = Notice.objects.filter(recipient=case.applicant, kind="still_waiting")
    for days, times in ((1.99, 0), (2, 1), (3.9, 1), (4, 2)):
        travel(MORNING + timedelta(days=days))
        keep_waits()
        keep_waits()
        assert told.count() == times, days
    text = browser(case.applicant).get(reverse("messages:inbox")).content.decode()
    assert "has waited for" in text and "4 days" in text


def test_whoever_has_answered_is_not_reminded(zone, officers, travel):
    travel(MORNING)
    case = waiting(zone, officers, "awaiting")
    actions.end_awaiting(
        actor=officers[REGISTRATION], stage_id=factories.stage(case, REGISTRATION).pk
    )
    travel(MORNING + timedelta(days=9))
    keep_waits()
    assert not case.events.filter(kind=Event.Kind.REMINDED).exists()


def test_an_appointment_ahead_is_no_long_wait(zone, officers, travel):
    travel(MORNING)
    case = factories.filed(zone=zone)
    stage = driving.take(REGISTRATION, officers[REGISTRATION], case)
    actions.begin_awaiting(
        actor=officers[REGISTRATION],
        stage_id=stage.pk,
        kind="appointment",
        reason="At noon next week.",
        until=MORNING + timedelta(days=8),
    )
    travel(MORNING + timedelta(days=7))
    keep_waits()
    assert not case.events.filter(kind=Event.Kind.REMINDED).exists()


@pytest.mark.parametrize("how", ["returned", "awaiting"])
def test_the_supervisor_sees_it_after_the_days_of_the_zone(zone, officers, travel, how):
    travel(MORNING)
    case = waiting(zone, officers, how)
    boss = browser(factories.supervisor(zone))
    for days, is_seen in ((4.9, False), (5, True)):
        travel(MORNING + timedelta(days=days))
        listed = boss.get(reverse("supervision:list", args=["long_waits"])).content.decode()
        assert (case.filing_number in listed) is is_seen
        tile = (
            "With the applicant for days" in boss.get(reverse("supervision:live")).content.decode()
        )
        assert tile is is_seen
