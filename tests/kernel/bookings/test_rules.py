"""Which slots a day has and what is free in them, whatever hours, lengths and days one thinks of."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.bookings.rules import (
    Plan,
    Slot,
    Taken,
    free_places,
    is_offered,
    next_free,
    reminders_due,
    slots_from,
    slots_of,
)
from kernel.sla.workdays import WorkCalendar
from kernel.sla.worktime import windows_of
from tests.factories import SHANGHAI

WEDNESDAY, SATURDAY = date(2026, 3, 18), date(2026, 3, 21)
OFFICE = WorkCalendar()
MORNING_ONLY = ((time(9), time(12)),)


def at(hour, minute=0, day=18):
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


def begins(day, plan, calendar=OFFICE):
    return [f"{slot.begins_at:%H:%M}" for slot in slots_of(day, plan, calendar)]


def test_slots_follow_each_other_from_the_opening_and_none_reaches_beyond_the_close():
    assert begins(WEDNESDAY, Plan(50, 1)) == [
        "09:00",
        "09:50",
        "10:40",
        "13:30",
        "14:20",
        "15:10",
        "16:00",
    ]


def test_a_units_own_hours_count_within_those_of_the_office():
    plan = Plan(60, 1, windows=((time(8), time(10)), (time(11), time(14))))
    assert begins(WEDNESDAY, plan) == ["09:00", "11:00"]
    free = Plan(60, 1, windows=plan.windows, after_hours=True)
    assert begins(WEDNESDAY, free) == ["08:00", "09:00", "11:00", "12:00", "13:00"]


def test_nobody_is_received_on_a_day_off_nor_on_the_units_own_closed_day():
    evening = Plan(60, 1, windows=((time(18), time(20)),), after_hours=True)
    assert begins(WEDNESDAY, evening) == ["18:00", "19:00"]
    assert begins(SATURDAY, evening) == []
    assert begins(WEDNESDAY, Plan(60, 1, closed=frozenset({WEDNESDAY}))) == []
    assert begins(SATURDAY, Plan(60, 1), WorkCalendar(makeup=frozenset({SATURDAY})))


def test_a_half_day_has_the_slots_of_its_hours():
    half = WorkCalendar(hours={WEDNESDAY: MORNING_ONLY})
    assert begins(WEDNESDAY, Plan(60, 1), half) == ["09:00", "10:00", "11:00"]
    plan = Plan(60, 1, windows=((time(10), time(16)),))
    assert begins(WEDNESDAY, plan, half) == ["10:00", "11:00"]


def test_the_first_slot_at_or_after_a_moment():
    plan = Plan(30, 1)
    assert next(slots_from(at(9, 30), plan, OFFICE, 1)).begins_at == at(9, 30)
    assert next(slots_from(at(9, 31), plan, OFFICE, 1)).begins_at == at(10)
    assert next(slots_from(at(16, 45), plan, OFFICE, 2)).begins_at == at(9, day=19)
    assert list(slots_from(at(16, 45), plan, OFFICE, 1)) == []
    assert next(slots_from(at(16, 45, day=20), plan, OFFICE, 4)).begins_at == at(9, day=23)


def test_a_place_of_another_length_still_takes_its_time():
    plan = Plan(30, 2)
    old = [Taken(1, at(9), at(10))]  # from when an appointment took an hour
    assert free_places(Slot(at(9, 30), at(10)), plan, old) == [2]
    assert free_places(Slot(at(10), at(10, 30)), plan, old) == [1, 2]


@pytest.mark.parametrize(
    "wrong",
    [
        {"slot_minutes": 0, "places": 1},
        {"slot_minutes": 30, "places": 0},
        {"slot_minutes": 30, "places": 1, "windows": ((time(12), time(9)),)},
    ],
)
def test_a_plan_that_receives_nobody_is_refused(wrong):
    with pytest.raises(ValueError):
        Plan(**wrong)


@pytest.mark.parametrize(
    "moment, due",
    [(at(17, 59, day=17), 0), (at(18, day=17), 1), (at(9, 59), 1), (at(10), 2), (at(12), 2)],
)
def test_one_is_reminded_the_evening_before_and_an_hour_before(moment, due):
    assert reminders_due(at(11).astimezone(UTC), moment, SHANGHAI) == due


def test_a_change_of_the_clocks_neither_stretches_nor_doubles_a_slot():
    paris = WorkCalendar(timezone="Europe/Paris", round_the_clock=True)
    for day, hours in ((date(2026, 3, 29), 23), (date(2026, 10, 25), 25)):
        slots = slots_of(day, Plan(60, 1), paris)
        assert len(slots) == hours
        assert all(
            b.begins_at.astimezone(UTC) == a.ends_at.astimezone(UTC)
            for a, b in zip(slots, slots[1:], strict=False)
        )


# Whatever one thinks of ------------------------------------------------------------

minutes = st.integers(0, 24 * 60 - 1)


@st.composite
def windows(draw):
    edges = sorted(draw(st.sets(minutes, min_size=2, max_size=6)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return tuple((time(*divmod(a, 60)), time(*divmod(b, 60))) for a, b in pairs)


plans = st.builds(
    Plan,
    slot_minutes=st.integers(5, 200),
    places=st.integers(1, 4),
    windows=st.one_of(st.just(()), windows()),
    closed=st.frozensets(st.dates(date(2026, 2, 10), date(2026, 3, 10)), max_size=4),
    after_hours=st.booleans(),
)
calendars = st.builds(WorkCalendar, windows=windows(), evenings=st.just({}))
days = st.dates(date(2026, 2, 10), date(2026, 3, 10))


@settings(deadline=None)
@given(plans, calendars, days)
def test_slots_are_whole_in_order_apart_and_within_the_hours(plan, calendar, day):
    slots = slots_of(day, plan, calendar)
    assert all(slot.ends_at - slot.begins_at == plan.length for slot in slots)
    assert all(a.ends_at <= b.begins_at for a, b in zip(slots, slots[1:], strict=False))
    office = windows_of(day, calendar)
    if day in plan.closed or not office:
        assert slots == ()
    for slot in slots:
        assert is_offered(slot, plan, calendar)
        local = slot.begins_at.time(), slot.ends_at.time()
        if plan.windows:
            assert any(a <= local[0] and local[1] <= b for a, b in plan.windows)
        if not plan.after_hours or not plan.windows:
            assert any(a <= slot.begins_at and slot.ends_at <= b for a, b in office)


@settings(deadline=None)
@given(plans, calendars, days, minutes)
def test_the_first_slot_from_a_moment_has_none_before_it(plan, calendar, day, minute):
    moment = datetime.combine(day, time(*divmod(minute, 60)), tzinfo=SHANGHAI)
    found = list(slots_from(moment, plan, calendar, 3))
    every = [
        slot
        for number in range(3)
        for slot in slots_of(day + timedelta(days=number), plan, calendar)
    ]
    assert found == [slot for slot in every if slot.begins_at >= moment]


@settings(deadline=None)
@given(plans, days, st.lists(st.integers(0, 30), max_size=40), st.integers(1, 4))
def test_as_many_get_a_slot_as_it_has_places_whoever_comes(plan, day, wishes, count):
    slots, taken = slots_of(day, plan, OFFICE), []
    for wish in wishes if slots else ():
        slot = slots[wish % len(slots)]
        before = free_places(slot, plan, taken)
        if before:
            taken.append(Taken(before[0], *slot))
            assert len(free_places(slot, plan, taken)) == len(before) - 1
    for slot in slots:
        used = [one for one in taken if one.begins_at == slot.begins_at]
        assert len(used) + len(free_places(slot, plan, taken)) == plan.places
        assert len({one.place for one in used}) == len(used)
    free = next_free(slots, plan, taken, count)
    assert free == [slot for slot in slots if free_places(slot, plan, taken)][:count]
