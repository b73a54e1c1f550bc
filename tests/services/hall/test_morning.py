"""Two windows at one moment on real servers, and a morning counted by hand."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from services.hall import actions, counts
from services.hall.models import State, Ticket
from tests import factories
from tests.codes import TAX
from tests.factories import MORNING
from tests.services.hall.places import officer_at, served, take

pytestmark = pytest.mark.django_db


def later(minutes: float):
    return MORNING + timedelta(minutes=minutes)


def test_twenty_tickets_and_three_windows_counted_by_hand(zone, travel):
    """Fourteen for registration, four for tax, two for advice; one every minute. Two windows of registration and one of
    tax serve one in turn every two minutes from minute 20 on."""
    one, two, tax = officer_at(zone, 1), officer_at(zone, 2), officer_at(zone, 5, TAX)
    for minute in range(20):
        travel(later(minute))
        take(zone, "S" if minute % 5 == 4 else "G" if minute in (7, 13) else "A")
    minute = 20
    for _turn in range(8):
        travel(later(minute))
        for user in (one, two):
            if actions.call_next(actor=user):
                ticket = Ticket.objects.get(state=State.CALLED, served_by=user)
                actions.begin(actor=user, ticket=ticket)
                actions.end(actor=user, ticket=ticket, how="case" if user == one else "answered")
        minute += 2
    for minute in (20, 24, 28):
        travel(later(minute))
        served(tax, "service")
    travel(later(40))
    missed = actions.call_next(actor=tax)
    actions.call_again(actor=tax, ticket=missed)
    travel(later(43))
    actions.miss(actor=tax, ticket=missed)
    day = MORNING.date()
    assert counts.by_day_and_lane(zone, day, day) == {(day, "A"): 14, (day, "S"): 4, (day, "G"): 2}
    lanes = {row.lane: row for row in counts.by_lane(zone, day, day)}
    assert lanes["S"].ended == {"service": 3, "no_show": 1} and lanes["S"].no_shows == 1
    # Taken at 4, 9, 14, 19, called at 20, 24, 28, 40.
    assert (lanes["S"].waits.called, lanes["S"].waits.p50, lanes["S"].waits.p90) == (4, 15, 21)
    assert lanes["A"].waits.called + lanes["G"].waits.called == 16
    # The oldest first: two are called at 20, 22 … 34. The first of A waited 20 minutes.
    assert counts.by_window(zone, day, day) == {
        1: {"case": 8},
        2: {"answered": 8},
        5: {"service": 3, "no_show": 1},
    }
    assert sum(row.tickets for row in lanes.values()) == 20


@pytest.mark.engines
@pytest.mark.django_db(transaction=True)
def test_two_windows_that_press_at_one_moment_get_two_tickets(travel):
    travel(MORNING)
    zone = factories.ZoneFactory()
    users = [officer_at(zone, number) for number in (1, 2, 3, 4)]
    for _time in range(4):
        take(zone)
    start, called, errors = threading.Barrier(4), [], []

    def press(user):
        try:
            start.wait(20)
            called.append(actions.call_next(actor=user))
        except Exception as error:  # noqa: BLE001 (shown below)
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(user,)) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not errors
    assert len({ticket.pk for ticket in called if ticket}) == len(called) == 4


@pytest.mark.engines
@pytest.mark.django_db(transaction=True)
def test_a_window_that_stalls_in_a_call_holds_up_no_other(travel):
    travel(MORNING)
    zone = factories.ZoneFactory()
    first, second = officer_at(zone, 1), officer_at(zone, 2)
    take(zone)
    last = take(zone)
    holds, done, called = threading.Event(), threading.Event(), []

    def stall():
        with transaction.atomic():
            called.append(actions.call_next(actor=first))
            holds.set()
            done.wait(60)
        connection.close()

    thread = threading.Thread(target=stall)
    thread.start()
    try:
        assert holds.wait(60)
        assert actions.call_next(actor=second) == last
    finally:
        done.set()
        thread.join(60)
    assert called[0] != last
