"""The ticket machine: who may be one, what it gives, and what it finds."""

import threading

import pytest

from kernel.core import external_systems
from services.hall import actions, card_readers
from services.hall.models import Kiosk, Ticket
from tests import driving, factories
from tests.codes import REGISTRATION
from tests.services.hall.places import booking

pytestmark = pytest.mark.django_db


@pytest.fixture
def machine(zone, client):
    """A browser that is a ticket machine."""
    _kiosk, link = actions.give_link(actor=factories.supervisor(zone), place="1F")
    assert client.get(f"/hall/kiosk/set-up/{link}/").status_code == 200
    assert client.post(f"/hall/kiosk/set-up/{link}/").status_code == 302
    client.cookies["language"] = "en"
    return client


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_whoever_is_no_machine_is_refused(zone, client):
    for address in ("/hall/kiosk/", "/hall/kiosk/A/", "/hall/kiosk/appointment/"):
        assert client.get(address).status_code == 403
    assert client.post("/hall/kiosk/card/").status_code == 403
    client.cookies["kiosk"] = "guessed"
    assert client.get("/hall/kiosk/").status_code == 403


def test_a_machine_that_was_taken_away_gives_no_tickets(zone, machine, client):
    actions.take_away(actor=factories.supervisor(zone), kiosk=Kiosk.objects.get())
    assert machine.post("/hall/kiosk/A/").status_code == 403
    assert not Ticket.objects.exists()


def test_the_machine_gives_a_ticket_with_its_code_and_goes_back_by_itself(zone, machine):
    page = machine.get("/hall/kiosk/")
    assert page.headers["Refresh"] == "60;url=/hall/kiosk/?fresh"
    assert "Review this visit" in text(page)
    answer = machine.post("/hall/kiosk/A/", {"ground": "age"}, follow=True)
    ticket = Ticket.objects.get()
    assert (ticket.label, ticket.ground, ticket.way) == ("A 001", "age", "kiosk")
    assert ticket.printed_code in text(answer) and "<svg" in text(answer)
    assert answer.headers["Refresh"] == "20;url=/hall/kiosk/?fresh"


def test_the_next_person_begins_in_the_usual_language(zone, machine):
    assert machine.cookies["language"].value == "en"
    machine.get("/hall/kiosk/?fresh")
    assert machine.cookies["language"].value == ""


def test_a_phone_is_typed_on_the_pad(zone, machine):
    typed = ""
    for digit in "13800000426":
        page = machine.post("/hall/kiosk/S/phone/", {"typed": typed, "key": digit})
        typed += digit
        assert f'value="{typed}"' in text(page)
    wrong = machine.post("/hall/kiosk/S/phone/", {"typed": "12", "key": "done"})
    assert "11 digits" in text(wrong)
    machine.post("/hall/kiosk/S/phone/", {"typed": typed, "key": "done"})
    assert Ticket.objects.get().phone == typed


def test_who_booked_reports_by_the_number(zone, machine):
    booking(zone, 8)
    wrong = machine.post("/hall/kiosk/appointment/", {"typed": "999999", "key": "done"})
    assert "no appointment of today" in text(wrong)
    short = machine.post("/hall/kiosk/appointment/", {"typed": "004", "key": "done"})
    assert "no appointment of today" in text(short)
    answer = machine.post(
        "/hall/kiosk/appointment/", {"typed": "318004", "key": "done"}, follow=True
    )
    assert "B 001" in text(answer) and "09:20" in text(answer)


def test_numbers_are_not_guessed_on_and_on(zone, machine):
    booking(zone, 8)
    for number in range(10):
        machine.post("/hall/kiosk/appointment/", {"typed": f"99999{number}", "key": "done"})
    answer = machine.post("/hall/kiosk/appointment/", {"typed": "318004", "key": "done"})
    assert "Too many numbers" in text(answer) and not Ticket.objects.exists()


def test_a_card_finds_the_appointment_the_draft_and_what_is_to_collect(zone, machine):
    done = driving.completed(zone=zone)
    person = done.applicant
    factories.draft(applicant=person, zone=zone)
    place = booking(zone, 8)
    place.made_by = person
    place.save()
    machine_uid = str(Kiosk.objects.get().uid)
    card_readers.lay(machine_uid, person.id_number)
    page = machine.post("/hall/kiosk/card/")
    said = text(page)
    assert (
        "Your appointment at 09:20" in said and "Your draft" in said and "Licence and seals" in said
    )
    assert person.real_name not in said and person.id_number not in said
    token = said.split('name="booking" value="')[1].split('"')[0]
    answer = machine.post("/hall/kiosk/appointment/", {"booking": token}, follow=True)
    assert "B 001" in text(answer)
    assert machine.post("/hall/kiosk/appointment/", {"booking": token + "x"}).status_code == 404
    card_readers.lay(machine_uid, "370303199003074014")
    assert "Nothing is kept for this card" in text(machine.post("/hall/kiosk/card/"))


class Broken:
    def read(self, machine):
        raise RuntimeError("no reader")


def test_no_card_and_a_reader_that_is_away_are_said(zone, machine):
    card_readers.lay(str(Kiosk.objects.get().uid), "")
    assert "No card lies on the reader" in text(machine.post("/hall/kiosk/card/"))
    card_readers.reader.connect(Broken())
    try:
        assert "answer" in text(machine.post("/hall/kiosk/card/"))
    finally:
        card_readers.reader.connect(None)


def test_supervisors_set_machines_up_and_take_them_away(zone, client):
    client.force_login(factories.supervisor(zone))
    client.cookies["language"] = "en"
    page = text(client.post("/hall/kiosks/", {"place": "Ground floor"}))
    assert "/hall/kiosk/set-up/" in page and "not set up yet" in page
    client.post(f"/hall/kiosks/{Kiosk.objects.get().uid}/end/")
    assert Kiosk.objects.get().ended_at
    client.force_login(factories.officer(REGISTRATION, zone))
    assert client.get("/hall/kiosks/").status_code == 403


class Hanging:
    """Doesn't come back until the test lets it."""

    def __init__(self):
        self.let_go = threading.Event()

    def read(self, machine):
        self.let_go.wait(60)
        return ""


def test_a_reader_that_hangs_is_left(zone, machine, monkeypatch):
    hanging = Hanging()
    monkeypatch.setattr(external_systems, "PATIENCE", 0.1)
    card_readers.reader.connect(hanging)
    try:
        assert "The reader doesn" in text(machine.post("/hall/kiosk/card/"))
    finally:
        hanging.let_go.set()
        card_readers.reader.connect(None)
        external_systems._hanging.pop(card_readers.SYSTEM).join(20)
