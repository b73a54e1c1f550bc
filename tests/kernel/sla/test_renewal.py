"""A calendar changes while clocks run: what was counted stays, the deadlines move, the trail says so, once."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.accounts.models import Role
from kernel.cases import actions, trail
from kernel.cases.models import Event
from kernel.cases.rights import pinnable
from kernel.sla import clocks, recalculation
from kernel.sla.calendar_versions import keep_present, publish
from kernel.sla.models import Calendar, CalendarVersion, Clock, ClosedDay
from kernel.sla.tasks import sweep
from kernel.sla.workdays import EVER, Versions, WorkCalendar
from kernel.sla.worktime import deadline, elapsed
from kernel.standards import publishing
from tests import driving, factories
from tests.codes import REGISTRATION
from tests.factories import MORNING, SHANGHAI

pytestmark = pytest.mark.django_db
Kind = ClosedDay.Kind


def at(hour, minute=0, day=18):
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture
def administrator(zone):
    return factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone)


@pytest.fixture
def change(zone, administrator, django_capture_on_commit_callbacks):
    """`change(round_the_clock=True)`, `change((kind, day, hours))`: the calendar is changed as the form changes it."""

    def change(*days, **fields):
        calendar = Calendar.objects.get(code=zone.calendar_code)
        with django_capture_on_commit_callbacks(execute=True):
            keep_present(calendar.pk)
            Calendar.objects.filter(pk=calendar.pk).update(**fields)
            for kind, day, hours in days:
                calendar.exceptions.create(kind=kind, date=day, hours=hours)
            return publish(calendar_id=calendar.pk, by=administrator)

    return change


def dues(case) -> dict:
    rows = Clock.objects.filter(owner=case.uid, state=Clock.State.RUNNING)
    return dict(rows.values_list("name", "due_at"))


def reckoned(case) -> list[Event]:
    return list(case.events.filter(kind=Event.Kind.RECKONED))


def filed(zone, travel, moment=None):
    travel(moment or at(11))
    return factories.filed(zone=zone)


def test_an_afternoon_that_is_closed_moves_the_deadlines_and_the_trail_says_so(
    zone, change, administrator, travel
):
    case = filed(zone, travel)
    assert dues(case) == {"licence_and_seals": at(11, 45), "total": at(14, 30)}
    version = change((Kind.HALF, MORNING.date(), [["09:00", "12:00"]]))
    assert version.in_force_from == at(11, 1)
    assert recalculation.renew() == 2
    assert dues(case) == {"licence_and_seals": at(11, 45), "total": at(10, day=19)}
    (event,) = reckoned(case)
    assert event.actor == administrator and event.data["calendar_version"] == version.number == 2
    (moved,) = event.data["deadlines"]
    assert moved["clock"] == "total"
    assert [datetime.fromisoformat(moved[name]) for name in ("before", "after")] == [
        at(14, 30),
        at(10, day=19),
    ]
    case.refresh_from_db()
    assert trail.faults(case) == []
    assert recalculation.renew() == 0 and len(reckoned(case)) == 1


def test_minutes_used_until_then_stay_as_they_were_counted(zone, change, travel):
    case = filed(zone, travel, at(16, 50))
    change(round_the_clock=True)  # from 16:51 on
    sweep()
    clock = Clock.objects.get(owner=case.uid, name="licence_and_seals")
    assert clock.due_at == at(17, 35)
    assert clocks.spent(clock, at(17, 20)) == timedelta(minutes=30)
    travel(at(17, 20))
    change(
        round_the_clock=False
    )  # from 17:21 on: what the night's minutes counted until then is kept
    sweep()
    clock.refresh_from_db()
    assert clocks.spent(clock, at(8, day=19)) == timedelta(minutes=31)
    assert clock.due_at == at(9, 14, day=19)


def test_an_evening_brings_deadlines_forward(zone, change, travel):
    case = filed(zone, travel, at(16, 30))
    assert dues(case) == {"licence_and_seals": at(9, 15, day=19), "total": at(10, 30, day=19)}
    change((Kind.EVENING, MORNING.date(), [["18:00", "20:00"]]))
    sweep()
    assert dues(case) == {"licence_and_seals": at(18, 15), "total": at(19, 30)}
    assert [len(event.data["deadlines"]) for event in reckoned(case)] == [2]


def test_a_clock_that_is_paused_is_reckoned_when_it_resumes(zone, change, travel):
    case = filed(zone, travel)
    officers = driving.staff(zone)
    stage = actions.take_next(actor=officers[REGISTRATION])
    standards = publishing.named(case.standards_versions)
    grounds = [
        {
            "standard": standards.of(REGISTRATION)[0].id,
            "fields": [pinnable(REGISTRATION)[-1]],
            "how_to_fix": "Again.",
        }
    ]
    travel(at(11, 10))
    actions.return_stage(actor=officers[REGISTRATION], stage_id=stage.pk, round=1, grounds=grounds)
    change((Kind.HALF, MORNING.date(), [["09:00", "12:00"]]))
    sweep()
    assert not reckoned(case)
    travel(at(11, 30))
    factories.resubmit(actor=case.applicant, application_id=case.pk, department=REGISTRATION)
    assert dues(case) == {"licence_and_seals": at(9, 5, day=19), "total": at(10, 20, day=19)}
    assert recalculation.renew() == 0


def test_a_case_in_hand_goes_back_to_the_line_by_the_new_hours(zone, change, travel):
    """Taken at 11:50 and left untouched, it would go back at 13:50; the afternoon is closed by then."""
    case = filed(zone, travel, at(11, 50))
    actions.take_next(actor=driving.staff(zone)[REGISTRATION])
    change((Kind.HALF, MORNING.date(), [["09:00", "12:00"]]))
    for moment, given_back in ((at(13, 50), 0), (at(9, 19, day=19), 0), (at(9, 20, day=19), 1)):
        travel(moment)
        assert actions.give_back_idle() == given_back
    assert case.events.filter(kind=Event.Kind.GIVEN_BACK).count() == 1


def test_a_case_that_another_worker_holds_comes_next_time(zone, change, travel, monkeypatch):
    case = filed(zone, travel)
    change(windows=[["09:00", "12:00"]])
    with monkeypatch.context() as patch:
        patch.setattr(clocks, "_guards", [lambda owners: set()])
        assert recalculation.renew() == 0
    assert not reckoned(case)
    assert recalculation.renew() == 2 and len(reckoned(case)) == 1


def test_a_case_that_it_fails_for_is_left_whole_and_holds_up_nobody(
    zone, change, travel, monkeypatch, caplog
):
    """Neither the other cases, also those behind by another version, nor the alarms of the sweep."""
    late, poor, other = filed(zone, travel, at(9, 45)), filed(zone, travel), filed(zone, travel)
    change(windows=[["09:00", "12:00"]])
    Clock.objects.filter(owner=other.uid).update(calendar_version=2)
    change(windows=[["09:00", "11:30"]])
    before, append = dues(poor), trail.append

    def fail(case, *said, **data):
        if case.pk == poor.pk:
            raise TypeError("no")
        return append(case, *said, **data)

    with monkeypatch.context() as patch:
        patch.setattr("kernel.cases.trail.append", fail)
        assert sweep() == 4, "three of the late desk, one of its whole case"
    assert dues(poor) == before and not reckoned(poor)
    assert {(record.levelname, record.owner) for record in caplog.records} == {
        ("ERROR", str(poor.uid))
    }
    assert [len(reckoned(case)) for case in (late, other)] == [1, 1]
    assert recalculation.renew() == 2 and len(reckoned(poor)) == 1 and recalculation.renew() == 0


def test_many_cases_are_reckoned_in_batches(zone, change, travel, monkeypatch):
    monkeypatch.setattr(recalculation, "BATCH", 2)
    cases = [filed(zone, travel) for _ in range(5)]
    change(windows=[["09:00", "12:00"]])
    counts = []
    while done := recalculation.renew():
        counts.append(done)
    assert counts == [4, 4, 2]
    assert all(len(reckoned(case)) == 1 for case in cases)


def test_a_process_that_knows_only_the_old_version_is_put_right(zone, change, travel):
    """It filed a case by what it had read before the change: the clock says so, and is reckoned anew."""
    change(windows=[["09:00", "12:00"]])
    case = filed(zone, travel)
    Clock.objects.filter(owner=case.uid).update(calendar_version=1, due_at=at(14, 30))
    assert recalculation.renew() == 2
    assert dues(case)["total"] == at(10, day=19)


def test_a_change_that_changes_nothing_makes_no_version(zone, change):
    assert change() is None
    assert change(windows=[["08:30", "12:00"]]).number == 2
    assert change() is None
    assert CalendarVersion.objects.count() == 2


def test_a_calendar_without_any_working_time_is_refused(zone, change):
    with pytest.raises(ValueError):
        change(*[(Kind.CLOSED, MORNING.date() + timedelta(days=n), []) for n in range(400)])


@given(
    st.lists(
        st.tuples(st.integers(1, 900), st.booleans(), st.sampled_from([7, 8, 9])),
        min_size=1,
        max_size=4,
    )
)
@settings(max_examples=25, deadline=None)
def test_reckoning_by_all_versions_is_exact(changes):
    """A deadline that had come stays; any other is due when the budget has been worked, by each version in its turn."""
    parts, moment = [(EVER, WorkCalendar())], MORNING.astimezone(UTC)
    due = deadline(MORNING, 120, Versions(tuple(parts)))
    for minutes, around, opens in changes:
        moment += timedelta(minutes=minutes)
        parts.append(
            (moment, WorkCalendar(windows=((time(opens), time(12)),), round_the_clock=around))
        )
        again = deadline(MORNING, 120, Versions(tuple(parts)))
        assert again == due if due <= moment else again > moment
        assert elapsed(MORNING, again, Versions(tuple(parts))) == timedelta(minutes=120)
        due = again
