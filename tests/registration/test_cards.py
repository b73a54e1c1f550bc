"""The window compares the people of a case with their identity cards on its own page."""

import re

import pytest

from kernel.cases import trail
from kernel.cases.models import Application, Event
from kernel.core.privacy import mask_id
from kernel.form.id_copies import StoredFile
from registration.cards import COMPARED
from tests import factories, officers
from tests.applicant import status
from tests.codes import REGISTRATION

pytestmark = pytest.mark.django_db
WINDOW = REGISTRATION


@pytest.fixture
def client(staff):
    client = officers.browser(staff[WINDOW])
    client.cookies["language"] = "en"
    return client


def revealed(case) -> list:
    return list(Event.objects.filter(application=case, kind="revealed"))


def compared(client, case):
    return client.post(officers.address(WINDOW, "reveal", case.number))


def pictures(answer) -> list[str]:
    return re.findall(r'<img src="(/[^"]*/materials/[^"]*)"', answer.content.decode())


def test_name_number_validity_and_pictures_stand_beside_each_other_and_the_trail_says_so(
    client, zone
):
    case = factories.filed(zone=zone)
    number = officers.taken(client, WINDOW)
    before = client.get(officers.address(WINDOW, "case", number))
    people = [person for person in before.context["page"].filing.people if not person.is_legal]
    assert all(person.id_number not in before.content.decode() for person in people)
    assert pictures(before) == [] and revealed(case) == []
    shown = compared(client, case)
    chief, supervisor, contact = people
    text = shown.content.decode()
    assert chief.id_number in text and supervisor.id_number in text
    assert contact.id_number not in text and mask_id(contact.id_number) in text
    assert "long-term" in text and "no-store" in shown["Cache-Control"]
    assert len(pictures(shown)) == 4
    assert {status(client, picture) for picture in pictures(shown)} == {200}
    event = revealed(case)[0]
    assert event.data == {"fields": sorted(COMPARED)} and event.department == WINDOW
    again = client.get(officers.address(WINDOW, "case", number)).content.decode()
    assert chief.id_number not in again and "Compare with the identity cards" in again
    assert trail.faults(Application.objects.get(pk=case.pk)) == []


def test_who_has_not_taken_the_case_compares_nothing(client, zone):
    case = factories.filed(zone=zone)
    refused = compared(client, case)
    assert pictures(refused) == [] and revealed(case) == []


def test_a_picture_given_twice_is_said_at_once(client, zone):
    draft = factories.draft(zone=zone)
    first, second = draft.materials.filter(kind="id_copies", side="front").order_by("pk")
    second.sha256 = first.sha256
    second.save()
    case = factories.submit(actor=draft.applicant, application_id=draft.pk)
    officers.taken(client, WINDOW)
    shown = client.get(officers.address(WINDOW, "case", case.number)).content.decode()
    assert "The same picture is given for two people" in shown


def test_copies_of_before_are_shown_page_by_page(client, zone):
    """A case that was filed with one file for all."""
    case = factories.filed(zone=zone)
    case.materials.filter(kind="id_copies").delete()
    factories.upload(case, {"id_copies": [StoredFile("heap.pdf", 3, "0" * 64)]})
    officers.taken(client, WINDOW)
    shown = compared(client, case)
    assert "Copies in no place" in shown.content.decode()
    assert len(pictures(shown)) == 3 and shown.content.decode().count("Not uploaded") == 4
