"""A place from the first click to the meeting: held, firm, moved, let go, missed, made again; each with its event."""

import uuid
from datetime import UTC, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from kernel.bookings import actions, attending, reading
from kernel.bookings.models import MOVES, Booking, BookingEvent, State, Way
from kernel.bookings.signals import booking_changed
from kernel.core.errors import Refused
from tests import factories
from tests.kernel.bookings import diaries
from tests.kernel.bookings.diaries import SERVICE, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def diary(zone):
    return diaries.diary(zone)


@pytest.fixture
def told():
    """What listeners hear, as kinds."""
    heard = []

    def listen(booking, event, **_kwargs):
        assert event.booking == booking
        heard.append((booking.pk, str(event.kind)))

    booking_changed.connect(listen, weak=False)
    yield heard
    booking_changed.disconnect(listen)


def kinds(booking) -> list[str]:
    return list(booking.events.values_list("kind", flat=True))


def left(diary, moment) -> int:
    slots = reading.days(diary, moment)[moment.date()]
    return next(offer.left for offer in slots if offer.begins_at == moment + timedelta(minutes=18))


def test_a_place_is_held_then_firm_and_every_step_is_recorded_and_said(diary, told):
    person = factories.UserFactory()
    held = diaries.hold(diary, at(9, 30), by=person, reference="KB-1")
    assert held.state == State.HELD and held.place == 1 and held.ends_at == at(10)
    assert held.held_until == at(9, 27)
    firm = actions.confirm(owner=held.owner, service=SERVICE, by=person)
    assert firm.pk == held.pk and firm.state == State.FIRM and firm.held_until is None
    assert kinds(firm) == ["held", "firm"]
    assert told == [(firm.pk, "held"), (firm.pk, "firm")]
    assert [event.actor for event in firm.events.all()] == [person, person]
    assert actions.confirm(owner=held.owner, service=SERVICE, by=person).pk == firm.pk
    assert kinds(firm) == ["held", "firm"]  # pressed twice, said once


def test_a_held_place_is_nobody_elses_and_the_next_ones_are_offered(diary):
    diaries.hold(diary, at(9, 30))
    diaries.book(diary, at(10))
    with pytest.raises(actions.Taken) as refused:
        diaries.hold(diary, at(9, 30))
    assert [slot.begins_at for slot in refused.value.offers] == [at(10, 30), at(11), at(11, 30)]
    assert "10:30" in str(refused.value)


def test_a_hold_that_ended_is_free_without_any_worker(diary, travel):
    first = diaries.hold(diary, at(10))
    travel(at(9, 27))
    assert reading.days(diary, at(9, 27))[at(10).date()][1].left == 1  # 09:30 has passed the moment
    second = diaries.hold(diary, at(10))
    first.refresh_from_db()
    assert first.state == State.RELEASED and kinds(first) == ["held", "released"]
    assert first.events.last().data == {"expired": True}
    assert second.place == 1


def test_whoever_submits_after_the_hold_still_gets_the_place_if_it_is_free(diary, travel):
    held = diaries.hold(diary, at(11))
    travel(at(10))
    firm = actions.confirm(owner=held.owner, service=SERVICE, by=held.made_by)
    assert firm.pk != held.pk and firm.begins_at == at(11) and firm.state == State.FIRM


def test_whoever_submits_after_the_hold_is_told_that_somebody_else_has_it(diary, travel):
    held = diaries.hold(diary, at(11))
    travel(at(10))
    diaries.book(diary, at(11))
    with pytest.raises(actions.Taken) as refused:
        actions.confirm(owner=held.owner, service=SERVICE, by=held.made_by)
    assert refused.value.offers[0].begins_at == at(11, 30)


def test_nothing_is_made_firm_that_was_let_go_by_will(diary):
    held = diaries.hold(diary, at(11))
    actions.let_go(owner=held.owner, service=SERVICE, by=held.made_by)
    with pytest.raises(Refused, match="No place is held"):
        actions.confirm(owner=held.owner, service=SERVICE, by=held.made_by)


def test_another_choice_lets_go_of_the_first(diary):
    first = diaries.hold(diary, at(10))
    second = diaries.hold(diary, at(11), owner=first.owner)
    first.refresh_from_db()
    assert (first.state, second.state) == (State.RELEASED, State.HELD)
    assert diaries.hold(diary, at(10)).place == 1


def test_a_lost_race_keeps_what_one_had(diary):
    mine = diaries.hold(diary, at(10))
    diaries.hold(diary, at(11))
    with pytest.raises(actions.Taken):
        diaries.hold(diary, at(11), owner=mine.owner)
    mine.refresh_from_db()
    assert mine.state == State.HELD


def test_one_owner_has_one_place(diary):
    firm = diaries.book(diary, at(10))
    with pytest.raises(Refused, match="Move it instead"):
        diaries.hold(diary, at(11), owner=firm.owner)


@pytest.mark.parametrize(
    "moment, way, why",
    [
        (at(9), Way.VISIT, "has passed"),
        (at(12), Way.VISIT, "Nobody is received"),
        (at(9, 45), Way.VISIT, "Nobody is received"),
        (at(10, day=21), Way.VISIT, "Nobody is received"),
        (at(10, day=18) + timedelta(days=16), Way.VISIT, "Nobody is received"),
        (at(10), Way.HOME, "way of meeting"),
    ],
)
def test_what_is_not_offered_cannot_be_had(diary, moment, way, why):
    with pytest.raises(Refused, match=why):
        diaries.hold(diary, moment, way=way)
    assert not Booking.objects.exists()


def test_a_place_before_the_company_exists_is_refused_and_a_later_one_offered(diary):
    with pytest.raises(actions.Taken) as refused:
        diaries.hold(diary, at(9, 30), not_before=at(10, 15))
    assert refused.value.offers[0].begins_at == at(10, 30)


def test_a_closed_diary_takes_nobody_and_offers_nothing(diary):
    diary.is_open = False
    diary.save()
    with pytest.raises(actions.Taken) as refused:
        diaries.hold(diary, at(10))
    assert refused.value.offers == []
    assert reading.diary(diary.zone, SERVICE, diary.unit) is None


def test_a_moved_booking_leaves_its_place_and_is_followed(diary, told):
    old = diaries.book(diary, at(10), reference="KB-1")
    new = actions.move(uid=old.uid, begins_at=at(14), by=old.made_by)
    old.refresh_from_db()
    assert (old.state, new.state, new.follows) == (State.MOVED, State.FIRM, old)
    assert (new.owner, new.reference, new.way) == (old.owner, "KB-1", old.way)
    assert kinds(old) == ["held", "firm", "moved"] and kinds(new) == ["held", "firm"]
    assert old.events.last().data == {"to": new.begins_at.astimezone(UTC).isoformat()}
    assert diaries.book(diary, at(10)).place == 1
    assert reading.live_booking(old.owner, SERVICE, at(9, 12)) == new


def test_a_move_that_fails_leaves_everything_as_it_was(diary):
    old = diaries.book(diary, at(10))
    diaries.book(diary, at(14))
    with pytest.raises(actions.Taken):
        actions.move(uid=old.uid, begins_at=at(14), by=old.made_by)
    old.refresh_from_db()
    assert old.state == State.FIRM and kinds(old) == ["held", "firm"]


def test_one_may_move_to_another_unit_but_not_to_another_service(zone, diary):
    old = diaries.book(diary, at(10))
    there = diaries.diary(zone, unit="branch-2")
    new = actions.move(uid=old.uid, begins_at=at(10), by=old.made_by, diary=there, way=Way.VIDEO)
    assert new.diary == there and new.way == Way.VIDEO
    there.service = "help"
    there.unit = "branch-3"
    there.pk = None
    there.save()
    with pytest.raises(Refused, match="same service"):
        actions.move(uid=new.uid, begins_at=at(11), by=old.made_by, diary=there)


def test_a_withdrawal_lets_go_of_whatever_stands(diary):
    held, firm = diaries.hold(diary, at(10)), diaries.book(diary, at(11))
    for booking, state in ((held, State.RELEASED), (firm, State.CANCELLED)):
        assert actions.let_go(owner=booking.owner, service=SERVICE, by=None).state == state
        assert actions.let_go(owner=booking.owner, service=SERVICE, by=None) is None
    assert reading.next_free(diary, at(9, 55), count=1)[0].begins_at == at(10)


def test_the_meeting_takes_place_after_somebody_arrived(diary, travel):
    officer, booking = factories.supervisor(diary.zone), diaries.book(diary, at(10))
    with pytest.raises(Refused):
        attending.finish(uid=booking.uid, by=officer)
    travel(at(9, 55))
    assert attending.arrive(uid=booking.uid, by=officer).arrived_at == at(9, 55)
    travel(at(10, 20))
    assert attending.finish(uid=booking.uid, by=officer).state == State.DONE
    assert kinds(booking) == ["held", "firm", "arrived", "done"]
    with pytest.raises(Refused, match="can't be moved"):
        actions.move(uid=booking.uid, begins_at=at(14), by=officer)
    with pytest.raises(Refused, match="can't be cancelled"):
        actions.cancel(uid=booking.uid, by=officer)


def test_nobody_is_written_off_early_and_who_comes_late_has_come(diary, travel):
    officer, booking = factories.supervisor(diary.zone), diaries.book(diary, at(10))
    travel(at(10, 9))
    with pytest.raises(Refused, match="10:10"):
        attending.miss(uid=booking.uid, by=officer)
    travel(at(10, 10))
    assert attending.miss(uid=booking.uid, by=officer).state == State.NO_SHOW
    travel(at(10, 25))
    assert attending.arrive(uid=booking.uid, by=officer).state == State.ARRIVED
    assert kinds(booking) == ["held", "firm", "no_show", "arrived"]


def test_a_no_show_is_made_again_and_stays_counted(diary, travel):
    old = diaries.book(diary, at(10))
    travel(at(10, 30))
    attending.miss(uid=old.uid, by=None)
    new = actions.move(uid=old.uid, begins_at=at(15), by=old.made_by)
    old.refresh_from_db()
    assert (old.state, new.state, new.follows) == (State.NO_SHOW, State.FIRM, old)


def test_tomorrows_appointment_cannot_arrive_today(diary):
    booking = diaries.book(diary, at(10, day=19))
    with pytest.raises(Refused, match="not today"):
        attending.arrive(uid=booking.uid, by=None)


def test_a_walk_in_takes_no_place_and_lets_go_of_a_later_appointment(diary):
    mine = diaries.book(diary, at(15))
    others = diaries.book(diary, at(9, 30))
    now_here = attending.walk_in(diary=diary, owner=mine.owner, way=Way.VISIT, by=None)
    mine.refresh_from_db()
    assert (mine.state, now_here.state, now_here.place) == (State.CANCELLED, State.ARRIVED, None)
    assert now_here.events.get().data == {"walk_in": True}
    assert list(reading.of_day(diary, at(9).date())) == [now_here, others]
    with pytest.raises(Refused, match="arrived already"):
        attending.walk_in(diary=diary, owner=mine.owner, way=Way.VISIT, by=None)


def test_days_show_full_slots_too_and_no_day_off(diary):
    diaries.book(diary, at(9, 30))
    found = reading.days(diary, at(9, 12), not_before=at(9, 30))
    assert [str(day) for day in found][:4] == [f"2026-03-{day}" for day in (18, 19, 20, 23)]
    assert [(f"{one.begins_at:%H:%M}", one.left) for one in found[at(9).date()]][:3] == [
        ("09:30", 0),
        ("10:00", 1),
        ("10:30", 1),
    ]
    assert list(found)[-1] == at(9).date() + timedelta(days=14)


def test_reading_the_days_costs_the_same_however_many_there_are(
    diary, django_assert_max_num_queries
):
    reading.days(diary, at(9, 12))
    for hour in (10, 11, 14):
        diaries.book(diary, at(hour))
    with django_assert_max_num_queries(2):
        reading.days(diary, at(9, 12))


def test_kept_missed_and_moved_are_counted_and_a_day_says_how_full_it_is(diary, travel):
    missed, kept = diaries.book(diary, at(9, 30)), diaries.book(diary, at(10))
    moved = diaries.book(diary, at(10, 30))
    actions.move(uid=moved.uid, begins_at=at(11), by=None)
    diaries.hold(diary, at(16))
    assert reading.fullness(diary, at(9).date(), at(9, 12)) == (4, 13)
    travel(at(10, 5))
    attending.miss(uid=missed.uid, by=None)
    attending.arrive(uid=kept.uid, by=None)
    attending.finish(uid=kept.uid, by=None)
    today = reading.counts([diary], at(0), at(0, day=19))
    assert today == {"no_show": 1, "done": 1, "moved": 1, "firm": 1, "held": 1}
    assert reading.counts([diary], at(0, day=19), at(0, day=20)) == {}
    # The hold has ended by now, and who didn't come takes no place any more.
    assert reading.fullness(diary, at(9).date(), at(10, 5)) == (2, 13)
    assert reading.fullness(diary, at(9, day=21).date(), at(10, 5)) == (0, 0)


# What the database refuses ------------------------------------------------------------


def row(diary, begins_at, **fields) -> Booking:
    usual = {
        "state": State.FIRM,
        "place": 1,
        "way": Way.VISIT,
        "made_at": at(9),
        "plan_version": "",
    }
    return Booking.objects.create(
        diary=diary,
        owner=uuid.uuid4(),
        service=SERVICE,
        begins_at=begins_at,
        ends_at=begins_at + timedelta(minutes=30),
        **usual | fields,
    )


def refused(work) -> bool:
    try:
        with transaction.atomic():
            work()
    except IntegrityError:
        return True
    return False


def test_the_database_gives_one_place_to_one(zone, diary):
    row(diary, at(10))
    assert refused(lambda: row(diary, at(10)))
    assert refused(lambda: row(diary, at(10, 15)))
    assert not refused(lambda: row(diary, at(10, 30)))
    assert not refused(lambda: row(diary, at(10), place=2))
    assert not refused(lambda: row(diary, at(10), state=State.CANCELLED))
    assert not refused(lambda: row(diaries.diary(zone, unit="other"), at(10)))
    moved = row(diary, at(14))
    moved.begins_at, moved.ends_at = at(10), at(10, 30)
    assert refused(moved.save)


def test_the_database_knows_the_moves_of_a_booking(diary):
    for number, (old, new) in enumerate((a, b) for a in State for b in State if a != b):
        booking = row(
            diary, at(9) + timedelta(days=number), state=old, held_until=at(9, 30), place=1
        )
        change = Booking.objects.filter(pk=booking.pk).update
        assert refused(lambda: change(state=new)) == ((old, new) not in MOVES), (old, new)  # noqa: B023


def test_the_database_keeps_the_events(diary):
    event = BookingEvent.objects.filter(booking=diaries.book(diary, at(10))).first()
    assert refused(lambda: BookingEvent.objects.filter(pk=event.pk).update(kind="done"))
    if connection.vendor == "postgresql":  # SQLite's ORM asks for the children first
        assert refused(lambda: BookingEvent.objects.filter(pk=event.pk).delete())
