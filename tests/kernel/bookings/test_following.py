"""What workers do: holds end, people are reminded, and what no longer fits is moved and said."""

from datetime import UTC, timedelta

import pytest
from django.urls import reverse

from kernel.accounts.models import Role
from kernel.bookings import following
from kernel.bookings.models import Booking, Diary, State
from kernel.bookings.tasks import sweep
from kernel.sla import calendars
from kernel.sla.calendar_versions import keep_present, publish
from kernel.sla.calendars import plain, rules_of
from kernel.sla.models import Calendar, ClosedDay
from tests import factories
from tests.kernel.bookings import diaries
from tests.kernel.bookings.diaries import SERVICE, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def diary(zone):
    return diaries.diary(zone)


def close(diary, day, django_capture_on_commit_callbacks):
    """The zone's calendar closes a day."""
    row = Calendar.objects.get(code=diary.zone.calendar_code)
    with django_capture_on_commit_callbacks(execute=True):
        keep_present(row.pk)
        row.exceptions.create(kind=ClosedDay.Kind.CLOSED, date=day)
        publish(calendar_id=row.pk, by=None)


def change(diary, **fields):
    """As the administration saves a diary."""
    Diary.objects.filter(pk=diary.pk).update(version=diary.version + 1, **fields)


def test_holds_end_by_themselves_once(diary, travel):
    held, firm = diaries.hold(diary, at(10)), diaries.book(diary, at(11))
    assert sweep() == 0
    travel(at(9, 27))
    assert sweep() == 1 and sweep() == 0
    held.refresh_from_db(), firm.refresh_from_db()
    assert (held.state, firm.state) == (State.RELEASED, State.FIRM)


def test_one_is_reminded_the_evening_before_and_an_hour_before_each_once(diary, travel):
    booking = diaries.book(diary, at(14, day=19))
    assert sweep() == 0
    for moment, when in ((at(18), "evening"), (at(13, day=19), "hour")):
        travel(moment)
        assert sweep() == 1 and sweep() == 0
        assert booking.events.last().data == {"when": when}


def test_who_books_late_is_not_reminded_of_what_is_past(diary, travel):
    travel(at(19))
    booking = diaries.book(diary, at(9, 30, day=19))
    assert sweep() == 0
    travel(at(8, 30, day=19))
    assert sweep() == 1
    assert booking.events.last().data == {"when": "hour"}


def test_a_day_that_closes_later_moves_who_booked_it_to_the_next_free_place(
    diary, django_capture_on_commit_callbacks
):
    other = diaries.book(diary, at(9, day=20))
    booking = diaries.book(diary, at(10, day=19))
    close(diary, at(0, day=19).date(), django_capture_on_commit_callbacks)
    assert sweep() == 2 and sweep() == 0
    booking.refresh_from_db(), other.refresh_from_db()
    assert (booking.state, other.state) == (State.MOVED, State.FIRM)
    new = booking.followed_by.get()
    assert new.state == State.FIRM and new.begins_at == at(9, 30, day=20)
    assert booking.events.last().data == {
        "to": new.begins_at.astimezone(UTC).isoformat(),
        "why": "closed",
    }


def test_a_unit_that_closes_a_day_or_changes_its_hours_moves_its_bookings(diary):
    first, second = diaries.book(diary, at(10, day=19)), diaries.book(diary, at(16, day=20))
    diary.closures.create(date=at(0, day=19).date())
    change(diary, windows=[["09:00", "12:00"]])
    assert sweep() == 2
    assert first.followed_by.get().begins_at == at(9, day=20)
    assert second.followed_by.get().begins_at == at(9, day=23)


def test_where_nothing_is_left_the_booking_is_cancelled_and_says_why(diary):
    booking = diaries.book(diary, at(10, day=19))
    change(diary, windows=[["03:00", "04:00"]])
    assert sweep() == 1
    booking.refresh_from_db()
    assert booking.state == State.CANCELLED
    assert booking.events.last().data == {"why": "closed"}


def test_what_still_fits_is_looked_at_once(diary):
    booking = diaries.book(diary, at(10, day=19))
    change(diary, places=3)
    assert following.behind() == [booking.pk]
    assert sweep() == 1 and following.behind() == []
    booking.refresh_from_db()
    assert booking.state == State.FIRM


def test_an_owner_whom_somebody_is_moving_is_left_for_the_next_sweep(diary, travel, monkeypatch):
    booking = diaries.hold(diary, at(10))
    travel(at(9, 30))
    monkeypatch.setitem(following._guards, SERVICE, lambda owners: set())
    assert sweep() == 0
    monkeypatch.setitem(following._guards, SERVICE, set)
    assert sweep() == 1
    booking.refresh_from_db()
    assert booking.state == State.RELEASED


def test_one_that_fails_holds_up_nobody(diary, travel, monkeypatch):
    one, two = diaries.hold(diary, at(10)), diaries.hold(diary, at(11))

    def guard(owners):
        if one.owner in owners:
            raise RuntimeError("no")
        return owners

    travel(at(9, 30))
    monkeypatch.setitem(following._guards, SERVICE, guard)
    sweep()
    assert set(Booking.objects.values_list("pk", "state")) == {
        (one.pk, State.HELD),
        (two.pk, State.RELEASED),
    }


def test_who_would_have_to_move_is_known_before_the_calendar_is_changed(diary):
    booking = diaries.book(diary, at(10, day=19))
    diaries.book(diary, at(10, day=20))
    row = Calendar.objects.get(code=diary.zone.calendar_code)
    day = ClosedDay(calendar=row, kind=ClosedDay.Kind.CLOSED, date=at(0, day=19).date())
    closed = plain(row.timezone, rules_of(row, [day]))
    assert following.misfits(row.code, closed) == [booking]
    assert following.misfits(row.code, calendars.work_calendar(row.pk)) == []
    assert following.misfits("another", closed) == []


def test_a_booking_of_a_day_beyond_what_is_offered_now_still_moves(diary, travel):
    booking = diaries.book(diary, at(10) + timedelta(days=14))
    change(diary, days_ahead=3, windows=[["09:00", "10:00"]])
    assert sweep() == 1
    assert booking.followed_by.get().begins_at == at(9, 30)


def test_the_administration_keeps_diaries_and_a_change_moves_who_no_longer_fits(
    diary, client, zone
):
    booking = diaries.book(diary, at(16, day=19))
    client.force_login(factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone))
    client.cookies["language"] = "en"
    body = {
        "windows": "09:00-12:00",
        "slot_minutes": 30,
        "places": 1,
        "ways": ["visit"],
        "days_ahead": 14,
        "is_open": "on",
        "closures-TOTAL_FORMS": 1,
        "closures-INITIAL_FORMS": 0,
        "closures-0-date": "2026-03-20",
        "closures-0-until": "2026-03-19",
    }
    page = reverse("admin:bookings_diary_change", args=[diary.pk])
    assert "after the first one" in client.post(page, body).content.decode()
    assert client.post(page, body | {"closures-0-until": "2026-03-20"}).status_code == 302
    assert sweep() == 1
    assert booking.followed_by.get().begins_at == at(9, day=23)
    added = reverse("admin:bookings_diary_add")
    wrong = body | {"service": "help", "unit": "hall", "windows": "", "after_hours": "on"}
    assert (
        "outside the office"
        in client.post(added, wrong | {"closures-TOTAL_FORMS": 0}).content.decode()
    )
    right = wrong | {"windows": "18:00-20:00", "closures-TOTAL_FORMS": 0}
    assert client.post(added, right).status_code == 302
    assert Diary.objects.get(service="help").zone == zone
