"""The sweep with two workers, killed workers, and officers at work: each warning and breach exactly once."""

import threading
from collections import Counter
from datetime import timedelta

import pytest

from kernel.cases import actions, trail
from kernel.cases.models import Application, Event
from kernel.form import flow
from kernel.sla import set_aside
from kernel.sla.models import Alarm, Clock
from kernel.sla.signals import clock_warned
from kernel.sla.tasks import sweep
from portal.notices.models import DigestItem, Notice
from tests import driving, factories
from tests.codes import REGISTRATION, SEALS
from tests.factories import MORNING
from tests.faults.together import (
    PATIENCE,
    at_once,
    somebody_waits_for_a_lock,
    stopping_after,
    wait_until,
)

LATE = MORNING + timedelta(
    minutes=50
)  # half, 80 % and all of 45 minutes are over; 120 are not half used
ALARMS = 3  # a case
KILLED = -9
SUPERVISOR = "supervisor"


@pytest.fixture
def officers(officers, zone):
    return {**officers, SUPERVISOR: factories.supervisor(zone)}


def test_two_workers_record_each_alarm_once(zone, officers, victims):
    cases = [factories.filed(zone=zone) for _case in range(12)]
    first, second = victims(), victims()
    for worker in (first, second):
        worker.begin("sweep", LATE)
    assert first.end() + second.end() == ALARMS * len(cases)
    assert_each_alarm_once(cases, officers)


def test_a_worker_killed_after_any_statement_loses_and_doubles_nothing(zone, officers, victims):
    supervisor = officers[SUPERVISOR]
    cases = [factories.filed(zone=zone) for _case in range(2)]
    taken = actions.take(
        actor=officers[REGISTRATION], stage_id=factories.stage(cases[0], REGISTRATION).pk
    )
    worker, last_statement = victims(), 1
    while worker.do("sweep", LATE, last_statement) == KILLED:
        last_statement += 1
        assert_halves_agree(cases)
    assert last_statement > 10
    wait_until(lambda: worker.do("sweep", LATE) == 0, "nothing is due any more")
    assert_each_alarm_once(cases, officers)
    told = Counter(
        Notice.objects.filter(kind__in=("warned", "breached")).values_list("kind", "recipient")
    )
    holder = taken.holder_id
    assert told == {("warned", holder): 2, ("breached", holder): 1}, "of the one in hand"
    assert Counter(DigestItem.objects.values_list("kind", "recipient")) == {
        ("warned", holder): 1,
        ("breached", holder): 1,
        ("warned", supervisor.pk): 2,
        ("breached", supervisor.pk): 2,
    }


def test_a_breach_that_nobody_explains_goes_up_once_whenever_workers_are_killed(
    zone, victims, travel
):
    supervisor = factories.supervisor(zone)
    case = factories.filed(zone=zone)
    travel(LATE)
    assert sweep() == ALARMS
    worker, last_statement, at = victims(), 1, LATE + timedelta(minutes=61)
    while worker.do("sweep", at, last_statement) == KILLED:
        last_statement += 1
        assert trail.faults(Application.objects.get(pk=case.pk)) == []
    assert last_statement > 10
    wait_until(lambda: worker.do("sweep", at) == 0, "nothing is due any more")
    assert case.events.filter(kind=Event.Kind.RAISED).count() == 1
    assert Notice.objects.filter(kind="raised", recipient=supervisor).count() == 1


def test_a_failing_listener_holds_up_its_own_clock_alone_whoever_sweeps(
    zone, officers, travel, settings
):
    settings.CLOCK_TRIES = 2
    cases = [factories.filed(zone=zone) for _case in range(6)]
    broken = str(cases[2].uid)

    def fail(alarms, **_kwargs):
        if broken in {str(alarm.clock.owner) for alarm in alarms}:
            raise RuntimeError("no")

    travel(LATE)
    clock_warned.connect(fail)
    try:
        at_once(sweep, sweep)
        travel(LATE + timedelta(minutes=1))
        wait_until(
            lambda: sweep() == 0 and Clock.objects.filter(aside_at__isnull=False).exists(),
            "it is set aside",
        )
    finally:
        clock_warned.disconnect(fail)
    assert not Alarm.objects.filter(clock__owner=broken).exists()
    assert_each_alarm_once([case for case in cases if str(case.uid) != broken], officers)
    assert set_aside.put_back(Clock.objects.get(aside_at__isnull=False).pk)
    assert sweep() == ALARMS
    assert_each_alarm_once(cases, officers)


def test_a_case_closed_while_beat_was_down_has_its_breach_recorded_once(zone, officers, travel):
    case = factories.filed(zone=zone)
    travel(LATE)
    swept, closed = at_once(sweep, lambda: driving.work(REGISTRATION, officers[REGISTRATION], case))
    assert closed.state == flow.SEALING, closed
    driving.work(SEALS, officers[SEALS], case)
    sweep()
    assert_each_alarm_once([case], officers)
    found = Alarm.objects.filter(clock__name="licence_and_seals").order_by("level")
    assert [alarm.fell_due_at for alarm in found] == [
        MORNING + timedelta(minutes=n) for n in (22.5, 36, 45)
    ]
    assert {alarm.seen_at for alarm in found} == {LATE}


def test_a_sweep_passes_by_a_case_that_an_officer_is_moving(zone, officers, travel):
    case = factories.filed(zone=zone)
    stage = factories.stage(case, REGISTRATION)
    travel(LATE)
    swept = []
    with stopping_after("FOR UPDATE", lambda: swept.extend(at_once(sweep))):
        actions.take(actor=officers[REGISTRATION], stage_id=stage.pk)
    assert swept == [0]
    assert sweep() == ALARMS
    assert_each_alarm_once([case], officers)


def test_an_officer_waits_for_the_sweep_and_then_goes_on(zone, officers, travel):
    case = factories.filed(zone=zone)
    officer, stage = officers[REGISTRATION], factories.stage(case, REGISTRATION)
    travel(LATE)

    claimed = threading.Event()

    def claim_and_linger():
        claimed.set()
        wait_until(somebody_waits_for_a_lock, "the officer waits")

    def sweep_slowly():
        with stopping_after("UPDATE sla_clock", claim_and_linger):
            return sweep()

    def approve():
        assert claimed.wait(PATIENCE)
        return driving.close(REGISTRATION, officer, case, stage)

    swept, approved = at_once(sweep_slowly, approve)
    assert swept in range(1, ALARMS + 1), swept
    assert approved.state == flow.SEALING
    assert swept + sweep() == ALARMS
    assert_each_alarm_once([case], officers)


def assert_halves_agree(cases) -> None:
    """Whatever stands: an alarm has its event, an event its alarm, and every chain is whole."""
    for case in Application.objects.filter(pk__in=[case.pk for case in cases]):
        alarms = Alarm.objects.filter(clock__owner=case.uid).count()
        assert (
            alarms == case.events.filter(kind__in=(Event.Kind.WARNED, Event.Kind.BREACHED)).count()
        )
        assert trail.faults(case) == []


def assert_each_alarm_once(cases, officers) -> None:
    assert_halves_agree(cases)
    for case in cases:
        said = case.events.filter(kind__in=(Event.Kind.WARNED, Event.Kind.BREACHED))
        levels = sorted((event.data["clock"], event.data["level"]) for event in said)
        assert levels == [("licence_and_seals", level) for level in (1, 2, 3)]
        about = {"application": case, "kind": "breached"}
        for reader, times in ((officers[SUPERVISOR], {1}), (officers[REGISTRATION], {0, 1})):
            about["recipient"] = reader  # of the window as long as the case is there
            told = [model.objects.filter(**about).count() for model in (Notice, DigestItem)]
            assert sum(told) in times
