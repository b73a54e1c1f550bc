"""Clocks through their commands and the sweep's single step."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from kernel.core import demonstration
from kernel.core.apart import apart
from kernel.core.moment import now, real_now
from kernel.sla import clocks, set_aside, sweeping
from kernel.sla.clock_view import view
from kernel.sla.models import Alarm, Calendar, Clock, Level, Span
from kernel.sla.signals import clock_warned

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 3, 18, 9, 12, tzinfo=SHANGHAI)


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    return START.replace(hour=hour, minute=minute, second=second)


@pytest.fixture
def calendar(db):
    return Calendar.objects.create(code="clocks", windows=[["09:00", "12:00"], ["13:30", "17:00"]])


@pytest.fixture
def no_owners(monkeypatch):
    """Clocks of no case: every owner counts as locked."""
    monkeypatch.setattr(clocks, "_guards", [set])


def started(calendar, minutes=45, begin=START) -> Clock:
    clock = clocks.start(uuid.uuid4(), "licence_and_seals", minutes, calendar.pk, [50, 80], begin)
    clock.save()
    return clock


def test_deadlines_are_stored_when_a_clock_starts(calendar):
    clock = started(calendar, minutes=45)
    assert (clock.due_at, clock.second_warning_at) == (at(9, 57), at(9, 48))
    assert clock.first_warning_at == at(9, 34, 30)
    assert clock.alarm_at == clock.first_warning_at


def test_a_deadline_skips_lunch(calendar):
    assert started(calendar, minutes=120, begin=at(11)).due_at == at(14, 30)


def test_a_paused_clock_has_no_deadline_and_loses_no_time(calendar):
    clock = started(calendar)
    clocks.pause(clock, at(9, 20))
    assert clock.due_at is None and clock.alarm_at is None
    assert clocks.spent(clock, at(11)) == timedelta(minutes=8)
    clocks.resume(clock, at(10))
    assert clock.due_at == at(10, 37)


def test_a_clock_that_stops_late_knows_its_breach_without_any_sweep(calendar):
    clock = started(calendar)
    clocks.stop(clock, at(10, 30))
    assert clock.breached_at == at(9, 57)
    assert view(clock, at(11)).over


def test_a_clock_that_pauses_late_knows_when_it_was_due(calendar):
    clock = started(calendar)
    clocks.pause(clock, at(10, 30))
    assert clock.breached_at == at(9, 57)
    clocks.resume(clock, at(11))
    assert clock.breached_at == at(9, 57)


def test_each_level_is_claimed_once(calendar, no_owners):
    clock = started(calendar)
    moments = [at(9, 30), at(9, 35), at(9, 36), at(9, 48), at(9, 58), at(10)]
    assert [sweeping.claim_due(moment) for moment in moments] == [0, 1, 0, 1, 1, 0]
    clock.refresh_from_db()
    assert (
        clock.alarm_level == Level.BREACH
        and clock.breached_at == at(9, 57)
        and clock.alarm_at is None
    )
    recorded = (
        Alarm.objects.filter(clock=clock)
        .order_by("level")
        .values_list("level", "fell_due_at", "seen_at")
    )
    assert list(recorded) == [
        (1, at(9, 34, 30), at(9, 35)),
        (2, at(9, 48), at(9, 48)),
        (3, at(9, 57), at(9, 58)),
    ]


def test_after_an_outage_every_level_is_recorded_with_the_moment_it_fell_due(calendar, no_owners):
    started(calendar)
    steps = 0
    while sweeping.claim_due(at(11)):
        steps += 1
    assert steps == 3
    assert set(Alarm.objects.values_list("level", "seen_at")) == {
        (1, at(11)),
        (2, at(11)),
        (3, at(11)),
    }


def test_a_breach_comes_after_the_deadline_for_the_sweep_as_for_the_pages(calendar, no_owners):
    clock, instant = started(calendar), timedelta(microseconds=1)
    Clock.objects.filter(pk=clock.pk).update(alarm_level=2, alarm_at=clock.due_at)
    seen = [
        (view(clock, moment).state, sweeping.claim_due(moment))
        for moment in (clock.due_at, clock.due_at + instant)
    ]
    assert seen == [("at_risk", 0), ("breached", 1)]


def test_what_falls_due_just_when_a_clock_pauses_is_recorded_with_its_moment(calendar):
    warned, late = started(calendar), started(calendar)
    assert [alarm.fell_due_at for alarm in clocks.catch_up(warned, at(9, 34, 30))] == [
        at(9, 34, 30)
    ]
    assert [alarm.level for alarm in clocks.catch_up(late, at(9, 57))] == [
        1,
        2,
    ]  # in time: no breach
    clocks.pause(late, at(9, 57))
    clocks.resume(late, at(10, 20))
    assert clocks.catch_up(late, at(10, 20)) == []
    assert [alarm.fell_due_at for alarm in clocks.catch_up(late, at(10, 21))] == [at(10, 20)]


def test_leases_do_not_run_with_the_clock_of_a_demonstration(monkeypatch):
    monkeypatch.setattr(demonstration, "shown", lambda: START)
    assert now() == START
    assert abs(real_now() - timezone.now()) < timedelta(minutes=1)


def test_a_clock_whose_owner_is_being_moved_is_left_for_the_next_sweep(calendar, monkeypatch):
    started(calendar)
    monkeypatch.setattr(clocks, "_guards", [lambda owners: set()])
    assert sweeping.claim_due(at(11)) == 0
    assert not Alarm.objects.exists()


@pytest.fixture
def failing():
    """`failing(*clocks)`: from now on the listener of their warnings fails; gives the clocks to heal."""
    broken = set()

    def listen(alarms, **_kwargs):
        if broken & {alarm.clock_id for alarm in alarms}:
            raise RuntimeError("no")

    clock_warned.connect(listen)
    yield lambda *these: broken.update(clock.pk for clock in these) or broken
    clock_warned.disconnect(listen)


def test_a_listener_that_fails_leaves_nothing_half_done(calendar, no_owners, failing):
    clock = started(calendar)
    broken = failing(clock)
    assert sweeping.claim_due(at(9, 40)) == 0
    clock.refresh_from_db()
    assert clock.alarm_level == Level.NONE and not Alarm.objects.exists()
    assert sweeping.claim_due(at(9, 40)) == 0  # it waits for its next try
    broken.clear()
    assert sweeping.claim_due(at(9, 41)) == 1
    clock.refresh_from_db()
    assert clock.failures == 0
    assert Alarm.objects.get().fell_due_at == at(9, 34, 30)


@pytest.mark.parametrize("cause", [OperationalError, SoftTimeLimitExceeded])
def test_no_clock_is_blamed_for_what_none_of_them_did(cause):
    def step(_chosen):
        raise cause

    with pytest.raises(cause):
        apart([1], step, lambda *_told: pytest.fail("it was blamed"))


def test_the_others_go_on_beside_one_that_fails(calendar, no_owners, failing):
    many = [started(calendar) for _place in range(9)]
    failing(many[4])
    assert sweeping.claim_due(at(9, 40)) == 8
    assert set(Alarm.objects.values_list("clock", flat=True)) == {
        clock.pk for clock in many if clock != many[4]
    }


def test_a_clock_that_keeps_failing_is_set_aside_reported_and_put_back(
    calendar, no_owners, failing, settings, caplog
):
    settings.CLOCK_TRIES = 3
    clock = started(calendar)
    broken = failing(clock)
    moment = at(9, 40)
    for _try in range(3):
        moment = max(moment, Clock.objects.get().alarm_at)
        assert sweeping.claim_due(moment) == 0
    clock.refresh_from_db()
    assert (clock.aside_at, clock.alarm_at, clock.failures) == (moment, None, 3)
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING", "ERROR"]
    broken.clear()
    assert sweeping.claim_due(at(11)) == 0
    assert set_aside.put_back(clock.pk) and not set_aside.put_back(clock.pk)
    assert [sweeping.claim_due(at(11)) for _step in range(4)] == [1, 1, 1, 0]
    assert set(Alarm.objects.values_list("fell_due_at", flat=True)) == {
        at(9, 34, 30),
        at(9, 48),
        at(9, 57),
    }


def test_a_clock_set_aside_keeps_what_fell_due_when_it_stops(calendar, no_owners):
    clock = started(calendar)
    clock.aside_at = at(9, 40)
    assert clocks.catch_up(clock, at(10)) == []
    clocks.stop(clock, at(10))
    clock.save()
    assert set_aside.put_back(clock.pk)
    assert [sweeping.claim_due(at(11)) for _step in range(4)] == [1, 1, 1, 0]


@pytest.mark.parametrize("move", [clocks.pause, clocks.stop])
def test_a_clock_set_aside_that_stops_in_time_never_warns_of_more_nor_breaches(
    calendar, no_owners, move
):
    clock = started(calendar)
    clock.aside_at = at(9, 35)
    move(clock, at(9, 40))
    clock.save()
    assert set_aside.put_back(clock.pk)
    assert [sweeping.claim_due(at(11)) for _step in range(4)] == [1, 0, 0, 0]
    assert Alarm.objects.get().fell_due_at == at(9, 34, 30)
    clock.refresh_from_db()
    assert clock.breached_at is None


def test_who_moves_a_clock_records_what_no_sweep_has_seen(calendar, no_owners):
    clock = started(calendar)
    assert sweeping.claim_due(at(9, 40)) == 1
    clock.refresh_from_db()
    alarms = clocks.catch_up(clock, at(9, 58))
    assert [(alarm.level, alarm.fell_due_at, alarm.seen_at) for alarm in alarms] == [
        (2, at(9, 48), at(9, 58)),
        (3, at(9, 57), at(9, 58)),
    ]
    assert clocks.catch_up(clock, at(9, 58)) == []
    clocks.pause(clock, at(9, 58))
    clocks.resume(clock, at(10))
    assert clock.alarm_at is None


@pytest.mark.parametrize(("warnings", "levels"), [([], [3]), ([80], [2, 3]), ([50, 80], [1, 2, 3])])
def test_a_clock_may_have_fewer_warnings(calendar, no_owners, warnings, levels):
    clock = clocks.start(uuid.uuid4(), "draft", 45, calendar.pk, warnings, START)
    clock.save()
    while sweeping.claim_due(at(11)):
        pass
    assert list(Alarm.objects.order_by("level").values_list("level", flat=True)) == levels


def test_spans_tile_the_life_of_a_clock(calendar):
    clock = started(calendar)
    clocks.hold([Span(clock=clock, holder="queue", started_at=at(9, 12))], [], at(9, 12))
    clocks.hold(
        [Span(clock=clock, holder="registration", started_at=at(9, 17))], [clock.pk], at(9, 17)
    )
    clocks.hold([], [clock.pk], at(9, 40))
    spans = list(
        Span.objects.order_by("started_at").values_list("holder", "started_at", "ended_at")
    )
    assert spans == [("queue", at(9, 12), at(9, 17)), ("registration", at(9, 17), at(9, 40))]


def test_a_running_clock_reads_right_with_no_worker(calendar):
    clock = started(calendar)
    states = [view(clock, moment).state for moment in (at(9, 20), at(9, 40), at(9, 50), at(10))]
    assert states == ["running", "half", "at_risk", "breached"]
    assert view(clock, at(10)).left == -3


@given(st.lists(st.integers(min_value=0, max_value=3 * 86400), min_size=2, max_size=12))
def test_pausing_and_resuming_never_adds_time(seconds):
    """Whatever the pauses, time spent is the working time of the running stretches, and never more than in one run."""
    from unittest import mock

    from kernel.sla.workdays import WorkCalendar
    from kernel.sla.worktime import elapsed

    plain = WorkCalendar()
    moments = sorted(START + timedelta(seconds=value) for value in seconds)
    with mock.patch("kernel.sla.clocks.work_calendar", return_value=plain):
        clock = clocks.start(uuid.uuid4(), "total", 120, 1, [50, 80], moments[0])
        for index, moment in enumerate(moments[1:]):
            (clocks.pause if index % 2 == 0 else clocks.resume)(clock, moment)
        ran = sum(
            (elapsed(a, b, plain) for a, b in zip(moments[::2], moments[1::2], strict=False)),
            timedelta(),
        )
        assert clocks.spent(clock, moments[-1]) == ran <= elapsed(moments[0], moments[-1], plain)
