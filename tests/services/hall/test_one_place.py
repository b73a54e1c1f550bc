"""One booking, one phone, one account and one page hold one place in the line, whoever presses how often and when."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from kernel.bookings import actions as bookings
from kernel.core.errors import Refused
from services.hall import actions, card_readers, windows
from services.hall.models import Kiosk, State, Ticket
from tests import factories
from tests.codes import REGISTRATION
from tests.factories import MORNING
from tests.faults.together import at_once
from tests.services.hall.places import booking, officer_at, take, window

PHONE = "13800000426"


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def pressed(client: Client, address: str, **typed) -> str:
    """Where a form of a page leads that is pressed once more."""
    return client.post(address, typed | {"csrfmiddlewaretoken": "of this page"}).url


# One after another ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_page_that_is_pressed_twice_gives_one_ticket(zone, client):
    first = pressed(client, "/hall/take/", lane="A")
    client.cookies.clear()  # the answer to the first press was never seen
    assert pressed(client, "/hall/take/", lane="A") == first
    assert Ticket.objects.count() == 1
    actions.cancel(ticket=Ticket.objects.get())
    assert pressed(client, "/hall/take/", lane="S") != first


@pytest.mark.django_db
def test_the_machine_prints_one_ticket_for_two_presses(zone, client):
    _kiosk, link = actions.give_link(actor=factories.supervisor(zone), place="1F")
    client.post(f"/hall/kiosk/set-up/{link}/")
    first = pressed(client, "/hall/kiosk/A/")
    assert pressed(client, "/hall/kiosk/A/", ground="age") == first
    assert Ticket.objects.count() == 1


@pytest.mark.django_db
def test_one_live_ticket_an_account_on_however_many_devices(zone, client):
    user = factories.UserFactory()
    ticket = take(zone, account=user)
    client.force_login(user)
    assert client.get("/hall/take/").url == reverse("hall:ticket", args=[ticket.code])
    assert take(zone, "S", account=user) == ticket
    with pytest.raises(IntegrityError, match="account"), transaction.atomic():
        Ticket.objects.create(
            zone=zone,
            day=ticket.day,
            lane="S",
            number=1,
            code="another",
            way="phone",
            taken_at=MORNING,
            account=user,
        )


@pytest.mark.django_db
def test_who_missed_the_call_and_took_another_ticket_is_not_twice_in_line(zone, travel):
    user, place = officer_at(zone, 1), booking(zone, 3)
    first = [take(zone, phone=PHONE), actions.arrive(booking=place, way="kiosk")]
    for _ticket in first:
        called = actions.call_next(actor=user)
        actions.call_again(actor=user, ticket=called)
        travel(called.called_at + timedelta(minutes=2))
        actions.miss(actor=user, ticket=called)
    second = [take(zone, phone=PHONE), actions.arrive(booking=place, way="kiosk")]
    for missed in first:
        with pytest.raises(Refused, match="another ticket since"):
            actions.come_back(actor=user, ticket=missed)
    actions.cancel(ticket=second[0])
    assert actions.come_back(actor=user, ticket=first[0]).state == State.WAITING


@pytest.mark.django_db
def test_a_booking_that_was_cancelled_while_the_card_was_shown_gets_no_ticket(zone, client):
    place = booking(zone, 8)
    _kiosk, link = actions.give_link(actor=factories.supervisor(zone), place="1F")
    client.post(f"/hall/kiosk/set-up/{link}/")
    client.cookies["language"] = "en"
    shown = _card_of(client, place)
    bookings.cancel(uid=place.uid, by=None)
    answer = client.post("/hall/kiosk/appointment/", {"booking": shown})
    assert "cancelled or moved" in answer.content.decode()
    assert not Ticket.objects.exists()


def _card_of(client: Client, place) -> str:
    """What stands on the key of a booking that the card has found."""
    number = "370303199001011234"
    place.made_by.id_number = number
    place.made_by.save()
    card_readers.lay(str(Kiosk.objects.get().uid), number)
    page = client.post("/hall/kiosk/card/")
    [(_booking, token)] = page.context["bookings"]
    return token


# At one moment --------------------------------------------------------------------------------------------------------


def places(answers) -> set:
    """The tickets that were given; anything else that happened fails."""
    assert all(isinstance(answer, Ticket) for answer in answers), answers
    return {ticket.pk for ticket in answers}


@pytest.mark.engines
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("by", ["booking", "page", "account"])
def test_two_that_ask_at_one_moment_are_given_one_ticket(travel, by):
    travel(MORNING)
    zone, user = factories.ZoneFactory(), factories.UserFactory()
    ask = {
        "booking": partial(actions.arrive, booking=booking(zone, 8), way="kiosk"),
        "page": partial(take, zone, uid=user.uid),
        "account": partial(take, zone, account=user),
    }[by]
    assert len(places(at_once(*[ask] * 4))) == 1
    assert Ticket.objects.count() == 1


@pytest.mark.engines
@pytest.mark.django_db(transaction=True)
def test_one_phone_in_two_lanes_at_one_moment(travel):
    travel(MORNING)
    zone = factories.ZoneFactory()
    answers = at_once(*[partial(take, zone, lane, phone=PHONE) for lane in ("A", "S", "G")])
    assert sum(isinstance(answer, Ticket) for answer in answers) == 1, answers
    assert sum(isinstance(answer, Refused) for answer in answers) == 2, answers


@pytest.mark.engines
@pytest.mark.django_db(transaction=True)
def test_given_up_and_called_at_one_moment(travel):
    travel(MORNING)
    zone = factories.ZoneFactory()
    user, ticket = officer_at(zone, 1), take(zone)
    at_once(partial(actions.cancel, ticket=ticket), partial(actions.call_next, actor=user))
    ticket.refresh_from_db()
    assert ticket.state == State.CANCELLED  # before the call, or after it
    assert windows.in_hand(windows.of_person(user)[0].window) is None


@pytest.mark.engines
@pytest.mark.django_db(transaction=True)
def test_nobody_opens_two_windows_at_one_moment(travel):
    travel(MORNING)
    zone = factories.ZoneFactory()
    user = factories.officer(REGISTRATION, zone)
    at_once(*[partial(actions.open_window, actor=user, window=window(zone, n)) for n in (1, 2, 3)])
    assert len(windows.of_person(user)) == 1


@pytest.mark.django_db(transaction=True)
def test_of_several_of_an_account_from_before_all_keep_their_places(zone):
    person, migrate = factories.UserFactory(), {"interactive": False, "verbosity": 0}
    try:
        call_command("migrate", "hall", "0001", **migrate)
        tickets = [take(zone), take(zone)]
        Ticket.objects.update(account=person)
    finally:
        call_command("migrate", "hall", **migrate)
    rows = list(Ticket.objects.order_by("pk").values_list("pk", "state", "account"))
    assert rows == [
        (tickets[0].pk, State.WAITING, None),
        (tickets[1].pk, State.WAITING, person.pk),
    ]
