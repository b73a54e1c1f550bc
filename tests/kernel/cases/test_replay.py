"""Replaying the trail gives the clocks that are stored, and says where it doesn't."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from kernel.accounts.models import Role
from kernel.cases import actions
from kernel.sla.models import Clock, Span
from kernel.sla.tasks import sweep
from tests import driving, factories
from tests.codes import REGISTRATION, SEALS
from tests.factories import MORNING

pytestmark = pytest.mark.django_db


def replayed(**options) -> tuple[str, int]:
    """What the command prints, and its exit code."""
    out, code = StringIO(), 0
    try:
        call_command("replay_clocks", stdout=out, **options)
    except SystemExit as end:
        code = end.code
    return out.getvalue(), code


@pytest.fixture
def case(travel):
    """A case with a correction, an extension, a breach that a sweep saw and one that only the close found."""
    travel(MORNING)
    zone = factories.ZoneFactory()
    officers, supervisor = driving.staff(zone), factories.supervisor(zone)
    case = factories.filed(zone=zone)
    travel(MORNING + timedelta(minutes=7, seconds=13))
    stage = actions.take_next(actor=officers[REGISTRATION])
    travel(MORNING + timedelta(minutes=50))
    sweep()
    actions.extend(
        actor=supervisor,
        application_id=case.pk,
        clock="licence_and_seals",
        minutes=10,
        ground="The printer failed.",
    )
    travel(MORNING + timedelta(minutes=58))
    driving.close(REGISTRATION, officers[REGISTRATION], case, stage)
    travel(MORNING + timedelta(hours=2, minutes=1))
    driving.close(SEALS, officers[SEALS], case, factories.stage(case, SEALS))
    sweep()
    return case


def test_the_trail_gives_the_clocks_that_are_stored(case):
    assert Clock.objects.filter(owner=case.uid, breached_at__isnull=False).count() >= 2
    assert replayed() == ("1 cases: the events give the same clocks.\n", 0)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"spent": timedelta(minutes=44)}, "spent is 44.0 minutes, the trail gives"),
        ({"stopped_at": MORNING}, "stopped_at is"),
        ({"state": "paused"}, "state is paused, the trail gives stopped"),
        ({"alarm_level": 0}, "alarm_level is 0, the trail gives 3"),
    ],
)
def test_a_clock_that_was_changed_is_found(case, change, said):
    Clock.objects.filter(owner=case.uid, name="licence_and_seals").update(**change)
    told, code = replayed(case=case.filing_number)
    assert code == 1
    assert told.startswith(f"{case.filing_number}: licence_and_seals: ") and said in told


def test_a_clock_that_is_missing_or_held_by_another_is_found(case):
    Span.objects.filter(clock__owner=case.uid, holder=REGISTRATION).update(holder=SEALS)
    assert "who held the clocks is told otherwise" in replayed()[0]
    clock = Clock.objects.get(owner=case.uid, name="settling")
    clock.spans.all().delete()
    clock.delete()
    told, code = replayed()
    assert "the clock settling is missing" in told and code == 1


def test_a_clock_that_is_set_aside_and_stops_is_as_the_trail_says_before_and_after_it_is_put_back(
    travel,
):
    travel(MORNING)
    zone = factories.ZoneFactory()
    officers = driving.staff(zone)
    case = factories.filed(zone=zone)
    aside = Clock.objects.filter(owner=case.uid, name="licence_and_seals")
    aside.update(aside_at=MORNING + timedelta(minutes=23), alarm_at=None)
    travel(MORNING + timedelta(minutes=50))
    for department in (REGISTRATION, SEALS):
        driving.work(department, officers[department], case)
    same = ("1 cases: the events give the same clocks.\n", 0)
    assert replayed() == same
    administrator = factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone)
    actions.put_back(actor=administrator, clock_id=aside.get().pk)
    sweep()
    assert replayed() == same


def test_a_case_that_is_not_there_is_said(case):
    with pytest.raises(CommandError):
        call_command("replay_clocks", case="2026-1")
