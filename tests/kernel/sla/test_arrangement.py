"""The official arrangement of a year: what can be one, what it does to a calendar, and that nothing warns after it."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from django.utils import translation

from kernel.accounts.models import Role
from kernel.sla import calendar_versions, calendars, checks, recalculation, workdays
from kernel.sla.arrangement import (
    CLOSED,
    MAKEUP,
    Arrangement,
    Unreadable,
    faults,
    read,
    row,
    wanted_years,
    written,
)
from kernel.sla.calendars import plain, rules_of
from kernel.sla.models import Calendar, Clock, ClosedDay
from kernel.sla.workdays import unsettled_years
from kernel.sla.worktime import is_workday
from tests import factories
from tests.factories import SHANGHAI

OF_2026 = (Path(__file__).parents[2] / "data/arrangement-2026.json").read_text(encoding="utf-8")
DAYS = (
    ("元旦", "2027-01-01", "2027-01-03", ()),
    ("春节", "2027-02-05", "2027-02-11", ("2027-02-13", "2027-02-20")),
    ("清明节", "2027-04-03", "2027-04-05", ()),
    ("劳动节", "2027-05-01", "2027-05-05", ("2027-05-08",)),
    ("端午节", "2027-06-09", "2027-06-09", ()),
    ("中秋节", "2027-09-15", "2027-09-15", ()),
    ("国庆节", "2027-10-01", "2027-10-07", ("2027-09-26", "2027-10-09")),
)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def of_2027(days=DAYS, source="a notice") -> Arrangement:
    rows = []
    for name, first, last, worked in days:
        rows.append(row(CLOSED, date.fromisoformat(first), date.fromisoformat(last), name))
        rows += [row(MAKEUP, date.fromisoformat(day), None, name) for day in worked]
    return Arrangement(2027, source, tuple(rows))


def with_line(number, first, last, *worked):
    name = DAYS[number][0]
    return of_2027((*DAYS[:number], (name, first, last, worked), *DAYS[number + 1 :]))


# What an arrangement is


def test_the_file_of_2026_makes_every_day_what_the_package_says(monkeypatch):
    found = read(OF_2026, 2026)
    assert faults(found) == [] and found.source.startswith("国务院办公厅关于2026年")
    monkeypatch.setattr(workdays, "is_known_year", lambda year: False)
    rules = {
        "windows": [["09:00", "17:00"]],
        "round_the_clock": False,
        "use_public_holidays": True,
        "arranged": [2026],
        "exceptions": list(found.exceptions),
    }
    calendar = plain("Asia/Shanghai", rules)
    year = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    assert all(is_workday(day, calendar) == chinese_calendar.is_workday(day) for day in year)


def test_an_arrangement_is_read_as_it_is_written():
    assert read(written(of_2027()), 2027) == of_2027()
    assert faults(of_2027()) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"source": "x", "exceptions": [{"date": "2027-02-30", "kind": "closed"}]}',
        '{"source": "x", "exceptions": [1]}',
        '{"source": "x", "exceptions": [{"date": "2027-01-01", "kind": "closed", "hours": "09:00-10:00"}]}',
    ],
)
def test_what_is_no_arrangement_is_not_read(text):
    with pytest.raises(Unreadable):
        read(text, 2027)


@pytest.mark.parametrize(
    "wrong, why",
    [
        (of_2027(source=""), "which notice"),
        (of_2027(DAYS[1:]), "2027-01-01"),
        (with_line(2, "2027-04-03", "2027-04-04"), "missing: 2027-04-05"),
        (with_line(0, "2027-01-01", "2027-01-03", "2027-01-08"), "Saturdays or Sundays"),
        (with_line(0, "2027-01-01", "2027-01-03", "2027-01-02"), "off and worked at once"),
        (with_line(0, "2027-01-01", "2027-01-03", "2028-01-08"), "aren't of 2027"),
        (with_line(5, "2027-09-15", "2027-10-01"), "written twice: 2027-10-01"),
        (with_line(3, "2027-05-01", "2027-05-20"), "no longer than 16 days"),
        (with_line(0, "2027-01-03", "2027-01-01"), "end before they begin"),
        (
            Arrangement(
                2027, "x", (*of_2027().exceptions, row("half", date(2027, 3, 1), None, ""))
            ),
            "Unknown kind",
        ),
    ],
)
def test_what_can_not_be_an_arrangement_is_said(wrong, why):
    found = faults(wrong)
    assert any(why in sentence for sentence in found), found


def test_new_years_holiday_may_begin_in_the_december_before():
    assert faults(with_line(0, "2026-12-30", "2027-01-01", "2026-12-26")) == []


@pytest.mark.parametrize(
    "today, years",
    [(date(2026, 10, 31), (2026,)), (date(2026, 11, 1), (2026, 2027)), (date(2027, 1, 1), (2027,))],
)
def test_the_next_year_is_asked_for_from_november_on(today, years):
    assert wanted_years(today) == years


# What it does to a calendar


@pytest.fixture
def calendar(zone, travel):
    travel(datetime(2026, 11, 29, 10, tzinfo=SHANGHAI))
    return Calendar.objects.get(code=zone.calendar_code)


@pytest.fixture
def arrange(calendar, zone, django_capture_on_commit_callbacks):
    by = factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone)

    def arrange(arrangement=None):
        with django_capture_on_commit_callbacks(execute=True):
            return calendar_versions.arrange(
                calendar_id=calendar.pk, arrangement=arrangement or of_2027(), by=by
            )

    return arrange


def worked(calendar, *days) -> list[bool]:
    return [
        is_workday(date.fromisoformat(day), calendars.work_calendar(calendar.pk)) for day in days
    ]


def test_its_days_count_and_the_year_is_settled(calendar, arrange):
    days = ("2027-02-10", "2027-02-13", "2027-05-04", "2027-10-05")
    assert worked(calendar, *days) == [True, False, True, True]
    assert unsettled_years((2026, 2027), calendars.work_calendar(calendar.pk)) == (2027,)
    version = arrange()
    assert worked(calendar, *days) == [False, True, False, False]
    assert unsettled_years((2026, 2027), calendars.work_calendar(calendar.pk)) == ()
    assert version.rules["arranged"] == [2027]
    entered = calendar.arrangements.get()
    assert (entered.year, entered.source) == (2027, "a notice")
    assert arrange() is None  # nothing differs


def test_a_correction_takes_out_what_it_no_longer_has_and_leaves_the_offices_own_days(
    calendar, arrange
):
    calendar.exceptions.create(kind=ClosedDay.Kind.CLOSED, date=date(2027, 3, 8), note="moving")
    arrange()
    arrange(with_line(1, "2027-02-05", "2027-02-10", "2027-02-13"))
    days = ("2027-02-11", "2027-02-20", "2027-02-13", "2027-03-08")
    assert worked(calendar, *days) == [True, False, True, False]
    assert calendar.arrangements.count() == 1


def test_one_that_can_not_be_changes_nothing(calendar, arrange):
    with pytest.raises(ValueError):
        arrange(of_2027(DAYS[1:]))
    assert not calendar.exceptions.exists() and not calendar.arrangements.exists()


def test_what_is_shown_before_is_what_is_entered(calendar, arrange):
    calendar.exceptions.create(kind=ClosedDay.Kind.CLOSED, date=date(2027, 2, 8), note="by hand")
    shown = calendar_versions.arranged(calendar, of_2027())
    assert arrange().rules == shown
    corrected = with_line(1, "2027-02-05", "2027-02-10")
    shown = calendar_versions.arranged(calendar, corrected)
    assert arrange(corrected).rules == shown


def test_another_calendar_takes_the_arrangement_over(calendar, arrange):
    arrange()
    other = factories.CalendarFactory(code="other")
    calendar_versions.take_over(other, calendar)
    assert rules_of(other, other.exceptions.all()) == rules_of(calendar, calendar.exceptions.all())
    assert other.arrangements.get().year == 2027


def test_the_clocks_that_would_move_are_known_before(calendar, arrange, travel, zone):
    travel(datetime(2026, 12, 31, 16, 40, tzinfo=SHANGHAI))
    case = factories.filed(zone=zone)
    running = Clock.objects.filter(owner=case.uid, state=Clock.State.RUNNING)
    before = dict(running.values_list("name", "due_at"))
    assert before["licence_and_seals"].astimezone(SHANGHAI) == datetime(
        2027, 1, 4, 9, 25, tzinfo=SHANGHAI
    )
    closed = with_line(0, "2027-01-01", "2027-01-04")
    at = datetime(2026, 12, 31, 16, 41, tzinfo=SHANGHAI)
    then = calendars.followed_by(calendar.pk, calendar_versions.arranged(calendar, closed), at)
    shown = {
        moved.clock.name: moved.clock.due_at
        for moved in recalculation.would_move(calendar.pk, then)
    }
    assert set(shown) == {"licence_and_seals", "total"}
    assert before == dict(running.values_list("name", "due_at"))
    arrange(closed)
    assert recalculation.renew_for(5) == (2, False)
    assert shown == dict(running.values_list("name", "due_at"))
    unmoved = calendars.followed_by(calendar.pk, calendar_versions.arranged(calendar, closed), at)
    assert recalculation.would_move(calendar.pk, unmoved) == []


def test_the_system_check_names_each_calendar_until_the_year_is_entered(calendar, arrange, travel):
    def found():
        return [(one.id, one.level) for one in checks.holidays_are_known(None, ["default"])]

    assert found() == [("sla.W001", 20)]
    assert checks.holidays_are_known(None, None) == []
    arrange()
    assert found() == []
    travel(datetime(2028, 1, 3, 10, tzinfo=SHANGHAI))
    assert found() == [("sla.W001", 30)]


def test_the_file_says_what_it_is_in_json():
    assert set(json.loads(written(of_2027()))) == {"source", "exceptions"}
