"""Working time: known days by hand, and laws that must hold for every moment, budget and calendar."""

import csv
import time as stopwatch
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.sla import statutory
from kernel.sla.workdays import (
    EVER,
    Versions,
    WorkCalendar,
    is_known_year,
    parse_windows,
    unsettled_years,
)
from kernel.sla.worktime import (
    NoWorkingTime,
    current_window,
    deadline,
    elapsed,
    is_workday,
    windows_of,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
USUAL = WorkCalendar()
AROUND = WorkCalendar(round_the_clock=True)
HALF_DAYS = WorkCalendar(
    closed=frozenset({date(2025, 3, 12)}),
    makeup={
        date(2025, 3, 15): ((time(9), time(12)),),
        date(2025, 3, 14): ((time(9), time(11, 30)),),
    },
)
EVENING = WorkCalendar(
    windows=((time(8), time(12)), (time(12), time(0))), makeup=frozenset({date(2025, 3, 16)})
)
LONDON = WorkCalendar(
    timezone="Europe/London", windows=((time(0), time(0)),), use_public_holidays=False
)
LONG_EVENINGS = WorkCalendar(
    hours={date(2025, 3, 13): ((time(9), time(12)),), date(2025, 3, 15): ((time(9), time(12)),)},
    evenings={
        date(2025, 3, day): ((time(17), time(19)), (time(19, 30), time(20, 30)))
        for day in range(3, 29)
    },
    makeup=frozenset({date(2025, 3, 16)}),
)
CHANGED = Versions(
    (
        (EVER, USUAL),
        (datetime(2025, 2, 17, 2, 31, tzinfo=UTC), AROUND),
        (datetime(2025, 3, 3, 2, 32, tzinfo=UTC), HALF_DAYS),
        (datetime(2025, 3, 11, 1, 2, tzinfo=UTC), LONG_EVENINGS),
        (datetime(2025, 3, 24, 9, 0, tzinfo=UTC), AROUND),
    )
)
CALENDARS = [USUAL, AROUND, HALF_DAYS, EVENING, LONDON, LONG_EVENINGS, CHANGED]

calendars = st.sampled_from(CALENDARS)
moments = st.datetimes(datetime(2003, 6, 1), datetime(2032, 1, 1), timezones=st.just(UTC))
near_moments = st.datetimes(
    datetime(2025, 1, 20), datetime(2025, 4, 10), timezones=st.just(SHANGHAI)
)
budgets = st.timedeltas(timedelta(0), timedelta(hours=60))
gaps = st.timedeltas(timedelta(0), timedelta(days=40))


def at(day, clock="00:00", zone=SHANGHAI):
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), tzinfo=zone)


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        (at("2025-03-10", "09:00"), 45, at("2025-03-10", "09:45")),
        (
            at("2025-03-10", "11:30"),
            30,
            at("2025-03-10", "12:00"),
        ),  # the end of the window, not the next opening
        (at("2025-03-10", "11:30"), 31, at("2025-03-10", "13:31")),  # over lunch
        (at("2025-03-10", "12:20"), 15, at("2025-03-10", "13:45")),  # filed at lunch
        (at("2025-03-10", "17:00"), 15, at("2025-03-11", "09:15")),
        (at("2025-03-14", "16:00"), 120, at("2025-03-17", "10:00")),  # over a weekend
        (
            at("2025-01-27", "16:30"),
            60,
            at("2025-02-05", "09:30"),
        ),  # over the Spring Festival of 2025
        (
            at("2025-01-25", "16:00"),
            90,
            at("2025-01-26", "10:30"),
        ),  # no work on the Saturday; a make-up Sunday
        (
            at("2031-03-07", "16:30"),
            60,
            at("2031-03-10", "09:30"),
        ),  # beyond the known years: Monday to Friday
        (
            at("2027-12-31", "16:40"),
            45,
            at("2028-01-03", "09:25"),
        ),  # but for the days that the law itself closes
        (
            at("2028-01-24", "16:30"),
            60,
            at("2028-01-31", "09:30"),
        ),  # Spring Festival of 2028: 25 to 28 January
        (at("2040-12-31", "16:30"), 60, at("2041-01-01", "09:30")),  # beyond the table
        (at("2025-03-10", "12:20"), 0, at("2025-03-10", "12:20")),
    ],
)
def test_deadlines_worked_out_by_hand(start, minutes, end):
    assert deadline(start, minutes, USUAL) == end


def test_half_days_closed_days_and_makeup_days():
    assert deadline(at("2025-03-11", "16:30"), 60, HALF_DAYS) == at("2025-03-13", "09:30")
    assert deadline(at("2025-03-14", "11:00"), 60, HALF_DAYS) == at("2025-03-15", "09:30")
    assert elapsed(at("2025-03-15"), at("2025-03-16"), HALF_DAYS) == timedelta(hours=3)
    assert is_workday(date(2025, 3, 16), EVENING)
    assert not is_workday(date(2025, 3, 16), USUAL)


def test_a_closed_day_wins_over_a_makeup_day():
    both = WorkCalendar(
        closed=frozenset({date(2025, 3, 15)}), makeup=frozenset({date(2025, 3, 15)})
    )
    assert windows_of(date(2025, 3, 15), both) == ()


def test_extended_evenings_and_half_days():
    days = [
        (windows[0][0], windows[-1][1])
        for day in (12, 13, 15, 16)
        if (windows := windows_of(date(2025, 3, day), LONG_EVENINGS))
    ]
    assert [(opens.day, f"{opens:%H:%M}", f"{closes:%H:%M}") for opens, closes in days] == [
        (12, "09:00", "20:30"),
        (13, "09:00", "20:30"),
        (16, "09:00", "20:30"),  # the 15th is no working day
    ]
    assert deadline(at("2025-03-12", "16:30"), 160, LONG_EVENINGS) == at("2025-03-12", "19:40")
    assert elapsed(at("2025-03-13"), at("2025-03-14"), LONG_EVENINGS) == timedelta(hours=6)


def test_an_evening_that_overlaps_the_day_counts_once():
    late = WorkCalendar(evenings={date(2025, 3, 10): ((time(16), time(18)),)})
    assert elapsed(at("2025-03-10"), at("2025-03-11"), late) == timedelta(hours=7.5)


def test_each_version_counts_its_own_time():
    closed = WorkCalendar(closed=frozenset({date(2025, 3, 10)}))
    versions = Versions(((EVER, USUAL), (at("2025-03-10", "10:00").astimezone(UTC), closed)))
    assert elapsed(at("2025-03-10"), at("2025-03-11"), versions) == timedelta(hours=1)
    assert deadline(at("2025-03-10", "09:30"), 45, versions) == at("2025-03-11", "09:15")
    assert deadline(at("2025-03-10", "09:30"), 30, versions) == at("2025-03-10", "10:00")
    assert current_window(at("2025-03-10", "09:30"), versions).closes_at == at(
        "2025-03-10", "10:00"
    )


@given(near_moments, near_moments)
@settings(deadline=None)
def test_a_new_version_changes_nothing_before_its_moment(start, cut):
    versions = Versions(((EVER, USUAL), (cut.astimezone(UTC), LONG_EVENINGS)))
    early, late = min(start, cut), max(start, cut)
    assert elapsed(early, cut, versions) == elapsed(early, cut, USUAL)
    assert elapsed(cut, late, versions) == elapsed(cut, late, LONG_EVENINGS)
    due = deadline(start, 45, USUAL)
    assert due > cut or deadline(start, 45, versions) == due


@pytest.mark.parametrize(
    "parts", [(), ((datetime(2025, 3, 3, tzinfo=UTC), USUAL),), ((EVER, USUAL), (EVER, LONDON))]
)
def test_versions_that_make_no_sense_are_refused(parts):
    with pytest.raises(ValueError):
        Versions(parts)


def test_round_the_clock_counts_every_minute():
    assert deadline(at("2025-01-28", "23:50"), 120, AROUND) == at("2025-01-29", "01:50")
    assert elapsed(at("2025-01-28"), at("2025-01-30"), AROUND) == timedelta(days=2)


def test_a_change_of_the_clocks_is_counted_as_it_passes():
    spring = datetime(2025, 3, 28, 12, tzinfo=ZoneInfo("Europe/London"))
    weekdays = WorkCalendar(
        timezone="Europe/London",
        windows=((time(0), time(0)),),
        makeup=frozenset({date(2025, 3, 30)}),
        use_public_holidays=False,
    )
    assert elapsed(spring, spring + timedelta(days=3), weekdays) == timedelta(hours=12 + 23 + 12)


@given(moments, budgets, calendars)
@settings(deadline=None)
def test_elapsed_undoes_deadline_to_the_microsecond(start, budget, calendar):
    end = deadline(start, budget, calendar)
    assert end >= start
    assert elapsed(start, end, calendar) == budget


@given(near_moments, st.integers(0, 3000), calendars)
@settings(deadline=None)
def test_the_deadline_is_the_first_such_moment(start, minutes, calendar):
    end = deadline(start, minutes, calendar)
    if minutes:
        just_before = end.astimezone(UTC) - timedelta(microseconds=1)
        assert elapsed(start, just_before, calendar) < timedelta(minutes=minutes)


@given(near_moments, budgets, budgets, calendars)
@settings(deadline=None)
def test_more_minutes_never_end_sooner(start, one, other, calendar):
    less, more = sorted((one, other))
    assert deadline(start, less, calendar) <= deadline(start, more, calendar)


@given(near_moments, near_moments, budgets, calendars)
@settings(deadline=None)
def test_a_later_start_never_ends_sooner(one, other, budget, calendar):
    earlier, later = sorted((one, other))
    assert deadline(earlier, budget, calendar) <= deadline(later, budget, calendar)


@given(moments, gaps, gaps, calendars)
@settings(deadline=None, max_examples=60)
def test_parts_add_up_wherever_they_are_cut(first, gap, another, calendar):
    middle = first + gap
    last = middle + another
    parts = elapsed(first, middle, calendar) + elapsed(middle, last, calendar)
    assert parts == elapsed(first, last, calendar)
    assert parts <= last - first


@given(near_moments, budgets, budgets, calendars)
@settings(deadline=None)
def test_budgets_add_up_wherever_they_are_cut(start, one, other, calendar):
    halfway = deadline(start, one, calendar)
    assert deadline(halfway, other, calendar) == deadline(start, one + other, calendar)


@given(near_moments, budgets, budgets, st.timedeltas(timedelta(0), timedelta(days=9)), calendars)
@settings(deadline=None)
def test_a_pause_neither_adds_nor_loses_working_time(start, budget, spent, away, calendar):
    spent = min(spent, budget)
    paused_at = deadline(start, spent, calendar)
    resumed_at = paused_at + away
    left = budget - elapsed(start, paused_at, calendar)
    due = deadline(resumed_at, left, calendar)
    assert elapsed(start, paused_at, calendar) + elapsed(resumed_at, due, calendar) == budget
    assert due >= deadline(start, budget, calendar)


@given(near_moments, calendars)
@settings(deadline=None)
def test_the_current_window_agrees_with_elapsed_time(moment, calendar):
    now = current_window(moment, calendar)
    if calendar.always_open_from and moment >= calendar.always_open_from:
        assert now == (True, None, None)
        return
    tick = elapsed(moment, moment.astimezone(UTC) + timedelta(microseconds=1), calendar)
    assert now.is_open == bool(tick) == (now.closes_at is not None)
    assert now.opens_at > moment
    if now.is_open:
        assert elapsed(moment, now.closes_at, calendar) == now.closes_at - moment.astimezone(UTC)
    else:
        assert elapsed(moment, now.opens_at, calendar) == timedelta(0)


def test_windows_of_a_day_are_local_and_ordered():
    assert windows_of(date(2025, 3, 10), USUAL) == (
        (at("2025-03-10", "09:00"), at("2025-03-10", "12:00")),
        (at("2025-03-10", "13:30"), at("2025-03-10", "17:00")),
    )
    assert windows_of(date(2025, 10, 1), USUAL) == ()


def test_public_holidays_agree_with_their_source_in_every_known_year():
    day, plain = date(2004, 1, 1), WorkCalendar()
    while is_known_year(day.year):
        assert is_workday(day, plain) == chinese_calendar.is_workday(day), day
        day += timedelta(days=7 if 60 < day.timetuple().tm_yday < 85 else 1)


LAW = {"元旦": 1, "春节": 4, "清明节": 1, "劳动节": 2, "端午节": 1, "中秋节": 1, "国庆节": 3}


def test_the_table_has_the_thirteen_days_of_the_law_in_every_year():
    with statutory.SOURCE.open(encoding="utf-8", newline="") as rows:
        listed = [(date.fromisoformat(row["date"]), row["holiday"]) for row in csv.DictReader(rows)]
    years = range(listed[0][0].year, statutory.LAST_STATUTORY_YEAR + 1)
    for year in years:
        named = Counter(name for day, name in listed if day.year == year)
        assert named == LAW, year
        days = {day for day in statutory.STATUTORY_DAYS if day.year == year}
        fixed = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
        assert days >= {date(year, month, day) for month, day in fixed}
    assert years.stop - 1 >= 2040


def test_the_table_agrees_with_the_holiday_package_where_both_know():
    """In known years every day of the law is a day off there, too, whatever the State Council arranged around it."""
    both = [day for day in statutory.STATUTORY_DAYS if is_known_year(day.year)]
    assert len(both) >= 26
    assert all(chinese_calendar.is_holiday(day) for day in both)


def test_the_law_closes_its_days_in_years_whose_arrangement_is_not_known():
    unknown = [day for day in statutory.STATUTORY_DAYS if not is_known_year(day.year)]
    assert not any(is_workday(day, USUAL) for day in unknown)
    not_followed = WorkCalendar(use_public_holidays=False)
    assert all(is_workday(day, not_followed) for day in unknown if day.weekday() < 5)
    worked = WorkCalendar(makeup=frozenset(unknown))  # what an administrator enters wins
    assert all(is_workday(day, worked) for day in unknown)


def test_the_years_without_known_holidays_are_named():
    assert is_known_year(2026)
    assert not is_known_year(2003)
    assert unsettled_years(range(2025, 2029), USUAL)[-1] == 2028
    assert unsettled_years(range(2005, 2026), USUAL) == ()
    assert unsettled_years((2028,), WorkCalendar(arranged=frozenset({2028}))) == ()
    assert unsettled_years((2028,), WorkCalendar(use_public_holidays=False)) == ()
    assert unsettled_years((2028,), WorkCalendar(round_the_clock=True)) == ()


@pytest.mark.parametrize(
    "windows",
    [
        (),
        ((time(12), time(9)),),
        ((time(9), time(9)),),
        ((time(9), time(12)), (time(11), time(17))),
        ((time(13), time(17)), (time(9), time(12))),
        ((time(9), time(0)), (time(13), time(17))),
    ],
)
def test_windows_that_make_no_sense_are_refused(windows):
    with pytest.raises(ValueError):
        WorkCalendar(windows=windows)


def test_stored_windows_are_read():
    assert parse_windows([["09:00", "12:00"], ["13:30", "24:00"]]) == (
        (time(9), time(12)),
        (time(13, 30), time(0)),
    )
    with pytest.raises(ValueError):
        parse_windows([["nine", "12:00"]])


def test_wrong_input_is_refused():
    with pytest.raises(ValueError):
        deadline(datetime(2025, 3, 10), 5, USUAL)
    with pytest.raises(ValueError):
        deadline(at("2025-03-10"), -1, USUAL)
    with pytest.raises(ValueError):
        WorkCalendar(timezone="Asia/Nowhere")
    never = WorkCalendar(closed=frozenset(date(2025, 1, 1) + timedelta(days=n) for n in range(800)))
    with pytest.raises(NoWorkingTime):
        deadline(at("2025-03-10"), 5, never)


def test_an_end_before_the_start_has_taken_no_time():
    assert elapsed(at("2025-03-11", "10:00"), at("2025-03-10", "10:00"), USUAL) == timedelta(0)


def test_calendars_are_hashable_and_equal_by_value():
    assert hash(HALF_DAYS) == hash(
        WorkCalendar(closed=HALF_DAYS.closed, makeup=dict(HALF_DAYS.makeup))
    )
    assert WorkCalendar() == USUAL


def test_a_deadline_costs_microseconds():
    start = at("2025-03-10", "11:50")
    deadline(start, 45, USUAL)
    began = stopwatch.perf_counter()
    for _ in range(1000):
        deadline(start, 45, USUAL)
    assert (
        stopwatch.perf_counter() - began < 0.25
    )  # 250 µs each: far above what it takes, far below a slow way
