"""The hall's pages, through the doors that people, machines and officers use."""

from datetime import timedelta

import pytest
from django.urls import reverse

from kernel.cases import reviewable
from services.hall import actions
from services.hall.models import State, Ticket, WindowSession
from tests import factories, phones
from tests.codes import REGISTRATION
from tests.factories import MORNING
from tests.services.hall.places import officer_at, served, take, window

pytestmark = pytest.mark.django_db


def later(minutes: float):
    return MORNING + timedelta(minutes=minutes)


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


# The board ------------------------------------------------------------------------------------------------------------


def test_the_board_shows_the_newest_call_the_last_ones_and_every_window(zone, client, travel):
    client.cookies["language"] = "en"
    assert "Nobody is being called just now" in text(client.get("/hall/"))
    one, two = officer_at(zone, 3), officer_at(zone, 4)
    window(zone, 8)
    for _time in range(3):
        take(zone)
    served(one)
    travel(later(1))
    actions.call_next(actor=two)
    travel(later(2))
    ticket = actions.call_next(actor=one)
    actions.begin(actor=one, ticket=ticket)
    page = text(client.get("/hall/"))
    large, rest = page.split('class="recent"')
    assert "A 003" in large and "A 002" in rest.split("</ol>")[0] and "A 001" in rest
    assert "serving" in rest and "please go" in rest and "not open" in rest
    assert one.real_name not in page and two.real_name not in page
    assert "Ticket A 0 0 3, please come to window 3." in page


def test_at_lunch_and_at_night_the_board_says_so(zone, client, travel):
    client.cookies["language"] = "en"
    take(zone)
    travel(MORNING.replace(hour=12, minute=10))
    page = text(client.get("/hall/now/"))
    assert "Lunch" in page and "13:30" in page and "A 001" in page
    travel(MORNING.replace(hour=18))
    page = text(client.get("/hall/now/"))
    assert "Closed" in page and "09:00" in page


def test_the_board_is_of_the_zone_that_is_asked_for(zone, client):
    other = factories.ZoneFactory(code="other", name_en="Other")
    take(other)
    actions.call_next(actor=officer_at(other, 1))
    assert "A 001" not in text(client.get("/hall/"))
    assert "A 001" in text(client.get("/hall/?zone=other"))


# A phone --------------------------------------------------------------------------------------------------------------


def test_a_ticket_is_taken_looked_at_and_given_up_on_a_phone(zone, client):
    client.cookies["language"] = "en"
    first = take(zone)
    answer = client.post("/hall/take/", {"lane": "A", "phone": "13800000426"})
    ticket = Ticket.objects.exclude(pk=first.pk).get()
    assert answer.url == reverse("hall:ticket", args=[ticket.code])
    page = text(client.get(answer.url))
    assert "A 002" in page and "138****0426" in page and "13800000426" not in page
    assert "no window is open for it yet" in page and "Start the form" in page
    user = officer_at(zone, 3)
    assert "8 <small>minutes" in text(client.get(answer.url))
    assert client.get("/hall/take/").url == answer.url  # one live ticket a browser
    actions.call_next(actor=user)
    assert "You are next" in text(client.get(f"{answer.url}now/"))
    client.post(f"{answer.url}cancel/")
    ticket.refresh_from_db()
    assert ticket.state == State.CANCELLED
    assert "Given up" in text(client.get(answer.url))
    assert client.get("/hall/take/").status_code == 200


def test_who_is_next_is_told_by_one_text(zone, client, django_capture_on_commit_callbacks):
    one, two = officer_at(zone, 3), officer_at(zone, 4)
    take(zone)
    waiting = take(zone, phone="13800000426")
    take(zone)
    with django_capture_on_commit_callbacks(execute=True):
        actions.call_next(actor=one)
    (sentence,) = phones.texts("13800000426")
    assert "A 002" in sentence and f"/hall/t/{waiting.code}/" in sentence
    with django_capture_on_commit_callbacks(execute=True):
        actions.call_next(actor=two)
    assert len(phones.texts("13800000426")) == 1


def test_a_served_ticket_can_be_reviewed_by_its_code(zone):
    ticket, user = take(zone), officer_at(zone, 3)
    assert reviewable.of_code(ticket.printed_code.lower()).given_at is None
    served(user)
    there = reviewable.of_code(ticket.printed_code.lower())
    assert there == reviewable.of_uid("ticket", ticket.uid)
    assert (there.given_at, there.served_by) == (MORNING, {user.pk})
    assert reviewable.of_code("nothing of the kind") is None


def test_what_is_wrong_with_a_phone_is_said_and_nothing_is_lost(zone, client):
    client.cookies["language"] = "en"
    page = text(client.post("/hall/take/", {"lane": "S", "phone": "123"}))
    assert "11 digits" in page and 'value="123"' in page and not Ticket.objects.exists()


def test_outside_the_hours_the_page_says_when_it_opens(zone, client, travel):
    client.cookies["language"] = "en"
    travel(MORNING.replace(hour=19))
    page = text(client.get("/hall/take/"))
    assert "It opens" in page and "09:00" in page
    client.post("/hall/take/", {"lane": "A"})
    assert not Ticket.objects.exists()


def test_no_page_says_that_a_ticket_is_kept_past_its_day(zone, client, travel):
    client.cookies["language"] = "en"
    first, second = take(zone, phone="13800000426"), take(zone, phone="13800000427")
    mine, next_one = (reverse("hall:ticket", args=[ticket.code]) for ticket in (second, first))
    assert "gets a text when the one before you" in text(client.get(mine))
    assert "You are next: please come" in text(client.get(next_one))  # nobody is called before them
    travel(MORNING.replace(hour=12, minute=30))
    assert "your place is kept" in text(client.get(mine))
    assert "A 001" in text(client.get("/hall/"))
    travel(MORNING.replace(hour=19))
    page = text(client.get(mine))
    assert "this ticket ends with the day" in page and "your place is kept" not in page
    assert "please come" not in page and "gets a text" not in page
    assert "A 001" not in text(client.get("/hall/"))


def test_a_zone_may_give_tickets_at_the_machine_alone(zone, client):
    zone.settings["hall_by_phone"] = False
    zone.save()
    client.post("/hall/take/", {"lane": "A"})
    assert not Ticket.objects.exists()


def test_a_stranger_who_guesses_codes_learns_nothing_and_is_stopped(zone, client, one_minute):
    take(zone)
    answers = [client.get(f"/hall/t/GUESS{n:07d}/").status_code for n in range(121)]
    assert set(answers[:120]) == {404} and answers[120] == 429


def test_a_code_is_found_however_it_is_typed(zone, client):
    ticket = take(zone)
    assert client.get(f"/hall/t/{ticket.printed_code.lower()}/").status_code == 200


# At the window --------------------------------------------------------------------------------------------------------


def test_an_officer_calls_through_the_page(zone, client, travel):
    user = factories.officer(REGISTRATION, zone)
    row = window(zone, 3)
    ticket = take(zone, ground="child")
    client.force_login(user)
    client.cookies["language"] = "en"
    assert "At which window are you?" in text(client.get("/hall/calls/"))
    client.post("/hall/calls/window/", {"window": "3", "lanes": ["A", "B"], "step": "open"})
    page = text(client.get("/hall/calls/"))
    assert "Window 3" in page and "A 001" in page and 'data-key="J"' in page
    client.post("/hall/calls/next/")
    page = text(client.get("/hall/calls/"))
    assert "Called to window 3" in page and "Pregnant" in page and row.number == 3
    step = f"/hall/calls/{ticket.uid}"
    assert "second time" in text(client.post(f"{step}/missed/", follow=True))
    client.post(f"{step}/begin/")
    client.post(f"{step}/end/", {"how": "left"})
    ticket.refresh_from_db()
    assert (ticket.state, ticket.how) == (State.ENDED, "left")
    assert "Nobody is waiting for this window" in text(
        client.post("/hall/calls/next/", follow=True)
    )
    client.post("/hall/calls/window/", {"window": "3", "step": "pause"})
    assert "The window is paused" in text(client.get("/hall/calls/"))
    client.post("/hall/calls/window/", {"window": "3", "step": "close"})
    assert "At which window are you?" in text(client.get("/hall/calls/"))
    assert client.post(f"{step}/nothing/").status_code == 404


def test_the_other_zone_the_public_and_supervisors_dont_call(zone, client):
    ticket = take(zone)
    elsewhere = factories.officer(REGISTRATION, factories.ZoneFactory(code="elsewhere"))
    client.force_login(elsewhere)
    assert client.post(f"/hall/calls/{ticket.uid}/begin/").status_code == 404
    window(zone, 3)
    client.post("/hall/calls/window/", {"window": "3", "step": "open"})
    assert not WindowSession.objects.exists()
    for user in (factories.supervisor(zone), factories.UserFactory()):
        client.force_login(user)
        assert client.get("/hall/calls/").status_code == 403
    client.logout()
    assert client.get("/hall/calls/").status_code == 302
    assert client.get("/hall/calls/line/").status_code == 204


def test_who_missed_the_call_is_served_first_from_the_page(zone, client, travel):
    user, ticket = officer_at(zone, 3), take(zone)
    client.force_login(user)
    client.cookies["language"] = "en"
    client.post("/hall/calls/next/")
    client.post(f"/hall/calls/{ticket.uid}/again/")
    travel(later(2))
    client.post(f"/hall/calls/{ticket.uid}/missed/")
    assert "still served first" in text(client.get("/hall/calls/"))
    assert "still served first" in text(client.get(f"/hall/t/{ticket.code}/"))
    client.post(f"/hall/calls/{ticket.uid}/back/")
    ticket.refresh_from_db()
    assert ticket.state == State.WAITING
