"""Tickets and windows of a hall by the actions: who is called when, and what is refused."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from kernel.bookings import actions as bookings
from kernel.bookings import attending
from kernel.core.errors import NotAllowed, Refused
from services.hall import actions, counts, holdings, line
from services.hall.models import MOVES, Kiosk, State, Ticket, TicketEvent, WindowSession
from tests import factories
from tests.codes import BANKING, REGISTRATION, TAX
from tests.factories import MORNING
from tests.services.hall.places import (
    booking,
    helper,
    officer_at,
    take,
    window,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def later(minutes: float):
    return MORNING + timedelta(minutes=minutes)


def test_numbers_are_those_of_the_lane_and_the_day(zone, travel):
    assert [take(zone).label, take(zone).label, take(zone, "S").label] == [
        "A 001",
        "A 002",
        "S 001",
    ]
    travel(later(24 * 60))
    assert take(zone).label == "A 001"


def test_a_number_that_was_undone_is_given_again(zone):
    take(zone)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        take(zone)
        raise ZeroDivisionError
    assert take(zone).label == "A 002"


def test_the_code_is_long_and_another_each_time(zone):
    codes = {take(zone).code for _time in range(5)}
    assert len(codes) == 5 and {len(code) for code in codes} == {12}


def test_outside_the_hours_no_ticket_is_given_and_it_is_said_when(zone, travel):
    travel(MORNING.replace(hour=12, minute=30))
    assert take(zone).label == "A 001"
    zone.settings["hall_tickets_at_lunch"] = False
    zone.save()
    with pytest.raises(Refused, match="13:30"):
        take(zone)
    travel(MORNING.replace(hour=20))
    with pytest.raises(Refused, match="09:00"):
        take(zone)


def test_one_live_ticket_a_phone(zone):
    first = take(zone, phone="13800000426")
    with pytest.raises(Refused):
        take(zone, "S", phone="138 0000 0426".replace(" ", ""))
    actions.cancel(ticket=first)
    assert take(zone, phone="13800000426").label == "A 002"


def test_the_next_is_called_begun_and_ended(zone):
    ticket, user = take(zone), officer_at(zone, 3)
    called = actions.call_next(actor=user)
    assert (called, called.state, called.window.number) == (ticket, State.CALLED, 3)
    with pytest.raises(Refused, match="A 001"):
        actions.call_next(actor=user)
    actions.begin(actor=user, ticket=ticket)
    uid = ticket.uid
    actions.became(actor=user, ticket=ticket, kind="case", uid=uid)
    ended = actions.end(actor=user, ticket=ticket, how="case")
    assert (ended.state, ended.how, ended.became_kind, ended.became_uid) == (
        State.ENDED,
        "case",
        "case",
        uid,
    )
    kinds = ticket.events.values_list("kind", flat=True)
    assert list(kinds) == ["taken", "called", "begun", "became", "ended"]
    assert actions.call_next(actor=user) is None


def test_a_window_calls_its_own_lanes_alone(zone):
    take(zone, "S")
    registrar, tax = officer_at(zone, 1), officer_at(zone, 5, TAX)
    assert actions.call_next(actor=registrar) is None
    assert actions.call_next(actor=tax).label == "S 001"
    take(zone, "G")
    only_a = officer_at(zone, 2, letters=["A"])
    assert actions.call_next(actor=only_a) is None


def test_called_twice_then_a_no_show_and_back_within_ten_minutes_first(zone, travel):
    ticket, user = take(zone), officer_at(zone, 3)
    take(zone)
    actions.call_next(actor=user)
    with pytest.raises(Refused, match="second time"):
        actions.miss(actor=user, ticket=ticket)
    travel(later(1))
    actions.call_again(actor=user, ticket=ticket)
    with pytest.raises(Refused, match="09:15"):
        actions.miss(actor=user, ticket=ticket)
    travel(later(3))
    assert actions.miss(actor=user, ticket=ticket).state == State.NO_SHOW
    travel(later(12))
    actions.come_back(actor=user, ticket=ticket)
    assert actions.call_next(actor=user) == ticket
    travel(later(13))
    actions.call_again(actor=user, ticket=ticket)
    travel(later(15))
    actions.miss(actor=user, ticket=ticket)
    with pytest.raises(Refused):
        actions.come_back(actor=user, ticket=ticket)


def test_too_late_to_be_served_first(zone, travel):
    ticket, user = take(zone), officer_at(zone, 3)
    actions.call_next(actor=user)
    actions.call_again(actor=user, ticket=ticket)
    travel(later(2))
    actions.miss(actor=user, ticket=ticket)
    travel(later(13))
    with pytest.raises(Refused, match="09:24"):
        actions.come_back(actor=user, ticket=ticket)


def test_bookings_and_tickets_are_one_line(zone, travel):
    user = officer_at(zone, 1)
    early = actions.arrive(booking=booking(zone, 8), way="kiosk")
    assert early.label == "B 001"
    walk_in = take(zone)
    assert actions.call_next(actor=user) == walk_in  # the booked time hasn't come
    actions.begin(actor=user, ticket=walk_in)
    actions.end(actor=user, ticket=walk_in, how="answered")
    take(zone)
    travel(later(8))
    assert actions.call_next(actor=user) == early
    assert counts.waited(Ticket.objects.get(pk=early.pk)) == 0


def test_one_ticket_a_booking(zone):
    place = booking(zone, 8)
    assert actions.arrive(booking=place, way="kiosk") == actions.arrive(booking=place, way="kiosk")


def test_who_booked_with_the_bank_is_called_by_the_bank(zone):
    actions.arrive(booking=booking(zone, 3, BANKING), way="kiosk")
    registrar, bank = officer_at(zone, 1), officer_at(zone, 9, BANKING)
    assert actions.call_next(actor=registrar) is None
    assert actions.call_next(actor=bank).label == "B 001"


def test_who_is_met_at_the_desk_leaves_the_line(zone):
    place = booking(zone, 3)
    ticket = actions.arrive(booking=place, way="kiosk")
    attending.arrive(uid=place.uid, by=None)
    attending.finish(uid=place.uid, by=None)
    assert actions.follow_all() == 1
    ticket.refresh_from_db()
    assert (ticket.state, ticket.how) == (State.ENDED, "service")


def test_who_was_missed_and_moved_to_another_day_leaves_the_line(zone, travel):
    place = booking(zone, 3)
    ticket = actions.arrive(booking=place, way="kiosk")
    travel(later(20))
    attending.miss(uid=place.uid, by=None)
    assert actions.follow_all() == 0  # they may still come
    assert holdings.of_uid(zone, str(place.uid)) == place
    bookings.move(uid=place.uid, begins_at=later(24 * 60 + 3), by=None)
    assert actions.follow_all() == 1
    ticket.refresh_from_db()
    assert ticket.state == State.CANCELLED
    assert holdings.of_uid(zone, str(place.uid)) is None


def test_who_a_desk_says_has_arrived_joins_the_line(zone):
    reception, user = factories.officer(REGISTRATION, zone), officer_at(zone, 1)
    attending.arrive(uid=booking(zone, 0 + 3).uid, by=reception)
    attending.arrive(uid=booking(zone, 8).uid, by=user)  # is received at the window already
    assert actions.follow_all() == 1
    assert actions.call_next(actor=user).label == "B 001"


def test_a_colleague_and_a_stranger_are_refused(zone):
    ticket, user = take(zone), officer_at(zone, 1)
    colleague = officer_at(zone, 2)
    elsewhere = factories.officer(REGISTRATION, factories.ZoneFactory(code="elsewhere"))
    actions.call_next(actor=user)
    with pytest.raises(Refused):
        actions.begin(actor=colleague, ticket=ticket)
    for stranger in (elsewhere, factories.UserFactory(), factories.supervisor(zone)):
        with pytest.raises(NotAllowed):
            actions.begin(actor=stranger, ticket=ticket)
        with pytest.raises(NotAllowed):
            actions.open_window(actor=stranger, window=window(zone, 20 + stranger.pk))


def test_windows_open_pause_and_close(zone):
    user, number = officer_at(zone, 1), window(zone, 2)
    take(zone)
    actions.pause_window(actor=user, window=WindowSession.objects.last().window)
    with pytest.raises(Refused, match="open"):
        actions.call_next(actor=user)
    actions.open_window(actor=user, window=number)  # the other one closes by itself
    assert actions.call_next(actor=user).window == number
    with pytest.raises(Refused, match="in hand"):
        actions.close_window(actor=user, window=number)
    with pytest.raises(Refused, match="in hand"):
        actions.open_window(actor=helper(zone), window=number)


def test_a_helper_takes_a_window_over_that_nobody_needs(zone):
    officer_at(zone, 1)
    number, ticket = WindowSession.objects.last().window, take(zone)
    other = helper(zone)
    actions.open_window(actor=other, window=number)
    assert actions.call_next(actor=other) == ticket


def test_what_is_left_ends_with_the_day_and_phones_are_emptied(zone, travel):
    waiting, called = take(zone, phone="13800000426"), take(zone, "S")
    tax = officer_at(zone, 5, TAX)
    actions.call_next(actor=tax)
    assert actions.end_days() == 0 and actions.empty_phones() == 0
    travel(later(24 * 60))
    assert actions.end_days() == 2 and actions.empty_phones() == 1
    waiting.refresh_from_db()
    called.refresh_from_db()
    assert (waiting.how, waiting.phone, called.how) == ("day", "", "no_show")
    with pytest.raises(Refused, match="no window"):
        actions.call_next(actor=tax)


def test_the_database_refuses_other_moves_and_changed_events(zone):
    ticket = take(zone)
    for old in State:
        for new in State:
            if old != new and (old, new) not in MOVES:
                with pytest.raises(IntegrityError), transaction.atomic():
                    Ticket.objects.filter(pk=ticket.pk).update(state=new)
        break
    for change in (
        lambda: TicketEvent.objects.update(data={"x": 1}),
        lambda: TicketEvent.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_how_many_are_before(zone):
    first, second, third = take(zone), take(zone), take(zone, ground="age")
    assert [one.label for one in line.before(second, MORNING)] == [third.label, first.label]


def test_a_link_sets_one_machine_up_once(zone, travel):
    keeper = factories.supervisor(zone)
    with pytest.raises(NotAllowed):
        actions.give_link(actor=factories.officer(REGISTRATION, zone), place="x")
    kiosk, link = actions.give_link(actor=keeper, place="1F")
    made, secret = actions.set_up(link=link)
    assert made == kiosk and secret != link
    with pytest.raises(Refused):
        actions.set_up(link=link)
    _other, old = actions.give_link(actor=keeper, place="2F")
    travel(later(61))
    with pytest.raises(Refused):
        actions.set_up(link=old)
    with pytest.raises(NotAllowed):
        actions.take_away(actor=factories.supervisor(factories.ZoneFactory(code="b")), kiosk=kiosk)
    actions.take_away(actor=keeper, kiosk=kiosk)
    assert Kiosk.objects.get(pk=kiosk.pk).digest == ""
