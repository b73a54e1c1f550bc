"""Each side of each person's identity card has a place on the page of uploads."""

import re
from io import BytesIO
from uuid import uuid4

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kernel.applicants.draft import Draft
from kernel.cases import actions
from kernel.cases.models import Material
from kernel.core.errors import Refused
from kernel.form import id_copies, uploads
from kernel.form.filing import CONTACTS
from kernel.standards import publishing
from registration import standards as rules
from tests import factories
from tests.applicant import cards, lease, page, photo, stored, text

pytestmark = pytest.mark.django_db
FRONT, BACK = id_copies.Side.FRONT, id_copies.Side.BACK


@pytest.fixture(autouse=True)
def english(web):
    web.cookies["language"] = "en"


@pytest.fixture
def ref(applicant) -> str:
    """A draft that lacks the copies alone."""
    draft = factories.draft(applicant=applicant)
    draft.materials.filter(kind="id_copies").delete()
    return draft.ref


def named(ref: str, role: str, side: str) -> str:
    person = Draft(stored(ref)).filing.holder_of(role)
    return f"id_copies.{person.uid}.{side}"


def kept(ref: str) -> set[tuple[str, str]]:
    rows = stored(ref).materials.filter(kind="id_copies")
    return {(str(row.person), row.side) for row in rows}


def send(web, ref: str, **files):
    return web.post(page(ref, "materials"), files)


def test_each_person_is_named_with_what_is_missing(web, ref):
    filing = Draft(stored(ref)).filing
    shown = text(web.get(page(ref, "materials")))
    asked = {filing.holder_of(role).name for role in ("legal_representative", "supervisor")}
    assert all(name in shown for name in asked)
    assert filing.holder_of(CONTACTS[0]).name not in shown, "who is only called gives no card"
    assert shown.count("card-of") == 2 and shown.count("Missing") == 4
    failed = web.post(page(ref, "materials"), {"go": "1"})
    assert failed.status_code == 422
    for name in asked:
        missing = "missing: side with the portrait, side with the validity."
        assert f"{name}: {missing}" in text(failed)


def test_a_side_at_a_time_until_nothing_is_missing(web, ref):
    files = cards(ref)
    last = files.popitem()
    assert send(web, ref, **files).status_code == 200
    person = Draft(stored(ref)).filing.by_uid[last[0].split(".")[1]]
    failed = web.post(page(ref, "materials"), {"go": "1"})
    assert f"{person.name}: missing: side with the validity." in text(failed)
    assert send(web, ref, **{last[0]: last[1], "go": "1"}).status_code == 302
    assert len(kept(ref)) == 4


def test_another_file_takes_the_place_of_the_first(web, ref):
    place = named(ref, "supervisor", FRONT)
    send(web, ref, **{place: photo("one", "one.jpg")})
    first = stored(ref).materials.get(kind="id_copies")
    send(web, ref, **{place: photo("two", "two.jpg")})
    second = stored(ref).materials.get(kind="id_copies")
    assert second.filename == "two.jpg" and not Material.objects.filter(pk=first.pk).exists()


def test_one_picture_for_both_sides_is_refused_where_it_was_chosen(web, ref):
    front, back = (named(ref, "supervisor", side) for side in (FRONT, BACK))
    send(web, ref, **{front: photo("same")})
    told = send(web, ref, **{back: photo("same", "again.jpg")})
    assert told.status_code == 422 and len(kept(ref)) == 1
    sentence = "“again.jpg” is the same picture as the other side of the card of"
    assert sentence in text(told) and f'id="id_{back.replace(".", "-")}_error"' in text(told)


def test_the_same_page_in_two_pdfs_is_one_picture(web, ref):
    """Their bytes differ, and what they show doesn't."""
    front, back = (named(ref, "supervisor", side) for side in (FRONT, BACK))
    send(web, ref, **{front: lease("one.pdf")})
    assert send(web, ref, **{back: lease("two.pdf")}).status_code == 422
    assert len(kept(ref)) == 1


def test_one_picture_for_two_people_is_kept_and_said(web, ref):
    places = [named(ref, role, FRONT) for role in ("legal_representative", "supervisor")]
    told = send(web, ref, **{place: photo("same") for place in places})
    assert told.status_code == 200 and len(kept(ref)) == 2
    assert "The same picture is given for two people" in text(told)


def test_a_file_of_several_pages_is_no_side(web, ref):
    target = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.add_blank_page()
        document.save(target)
    both = SimpleUploadedFile("both.pdf", target.getvalue(), "application/pdf")
    told = send(web, ref, **{named(ref, "supervisor", FRONT): both})
    assert told.status_code == 422 and "Save each side as a file of its own" in text(told)
    assert not kept(ref)


def test_copies_of_before_stay_and_are_put_where_they_belong(web, ref):
    """In a draft of before each side had its place."""
    factories.upload(stored(ref), {"id_copies": [id_copies.StoredFile("old.pdf", 1, "0" * 64)]})
    old = stored(ref).materials.get(kind="id_copies")
    shown = text(web.get(page(ref, "materials")))
    assert "old.pdf" in shown and "Whose card is it?" in shown
    place = named(ref, "supervisor", BACK)
    put = web.post(page(ref, "materials"), {f"place-{old.uid}": place})
    assert put.status_code == 200 and "Whose card is it?" not in text(put)
    old.refresh_from_db()
    assert (str(old.person), old.side) == tuple(place.split(".")[1:])


def test_what_was_of_one_side_is_not_put_on_the_other(web, ref):
    send(web, ref, **{named(ref, "supervisor", FRONT): photo("same")})
    digest = stored(ref).materials.get(kind="id_copies").sha256
    factories.upload(stored(ref), {"id_copies": [id_copies.StoredFile("old.jpg", 1, digest)]})
    old = stored(ref).materials.get(filename="old.jpg")
    told = web.post(page(ref, "materials"), {f"place-{old.uid}": named(ref, "supervisor", BACK)})
    assert told.status_code == 422 and "the same picture as the other side" in text(told)
    full = web.post(page(ref, "materials"), {f"place-{old.uid}": named(ref, "supervisor", FRONT)})
    assert full.status_code == 422 and "a file is here already" in text(full)


@pytest.mark.parametrize("place", ["id_copies.nobody.front", "id_copies", "id_copies.a"])
def test_a_place_that_nobody_has_takes_nothing(web, ref, place):
    factories.upload(stored(ref), {"id_copies": [id_copies.StoredFile("old.pdf", 1, "0" * 64)]})
    old = stored(ref).materials.get(kind="id_copies")
    told = web.post(page(ref, "materials"), {f"place-{old.uid}": place})
    assert told.status_code == 422 and "Nobody is asked for this any more" in text(told)


def test_a_file_for_somebody_removed_in_another_tab_is_said_not_to_be_kept(web, ref):
    place = named(ref, "supervisor", FRONT)
    uid = place.split(".")[1]
    for section in ("shareholders", "officers"):
        web.post(reverse("filing:person-remove", args=[ref, uid]) + f"?section={section}")
    told = send(web, ref, **{place: photo("late", "late.jpg")})
    assert told.status_code == 422 and not kept(ref)
    assert "“late.jpg” was not kept: what it was chosen for is not asked for any more." in text(
        told
    )
    photographed = send(web, ref, shareholder_licence_photo=photo("licence", "licence.jpg"))
    assert photographed.status_code == 422 and "“licence.jpg” was not kept" in text(photographed)


def test_a_copy_removed_in_another_tab_is_put_nowhere(web, ref, applicant):
    factories.upload(stored(ref), {"id_copies": [id_copies.StoredFile("old.pdf", 1, "0" * 64)]})
    old = stored(ref).materials.get(kind="id_copies")
    given = {"application_id": old.application_id, "uid": str(old.uid)}
    actions.remove_material(actor=applicant, **given)
    with pytest.raises(Refused) as refused:
        actions.place_id_copy(actor=applicant, **given, place=named(ref, "supervisor", BACK))
    assert "has been removed" in str(refused.value)


def test_whoever_leaves_the_filing_takes_the_copies_along(web, ref):
    send(web, ref, **cards(ref))
    person = Draft(stored(ref)).filing.holder_of("supervisor")
    for _role in range(2):  # a shareholder with an office stays for that at first
        web.post(reverse("filing:person-remove", args=[ref, person.uid]) + "?section=shareholders")
        web.post(reverse("filing:person-remove", args=[ref, person.uid]) + "?section=officers")
    assert person.uid not in {uid for uid, _side in kept(ref)} and len(kept(ref)) == 2


@pytest.fixture
def agent(applicant, ref) -> str:
    """Somebody who was only called files as the agent, and both sides of the card are there; the uid."""
    uid = Draft(stored(ref)).filing.holder_of(CONTACTS[0]).uid
    given = {"actor": applicant, "application_id": stored(ref).pk}
    actions.save_section(**given, section="agent", values={"files_by": "agent", "agent": uid})
    for side in (FRONT, BACK):
        checked = uploads.check(photo(f"agent {side}", f"{side}.jpg"))
        actions.add_id_copy(**given, place=f"agent_id.{uid}.{side}", checked=checked)
    return uid


def of_card(ref: str, uid: str) -> set[tuple[str, str]]:
    return set(stored(ref).materials.filter(person=uid).values_list("kind", "side"))


def test_an_agent_who_founds_the_company_too_keeps_the_copies(web, applicant, ref, agent):
    given = {"actor": applicant, "application_id": stored(ref).pk, "uid": agent}
    actions.make_shareholder(**given)
    assert of_card(ref, agent) == {("id_copies", "front"), ("id_copies", "back")}
    assert "Whose card is it?" not in text(web.get(page(ref, "materials")))
    actions.remove_person(**given, section="shareholders")
    assert of_card(ref, agent) == {("agent_id", "front"), ("agent_id", "back")}


def test_an_agent_who_gets_an_office_keeps_the_copies(applicant, ref, agent):
    given = {"actor": applicant, "application_id": stored(ref).pk, "section": "officers"}
    officers = stored(ref).answers["officers"]
    actions.save_section(**given, values={**officers, "supervisor": agent})
    assert of_card(ref, agent) == {("id_copies", "front"), ("id_copies", "back")}
    new = {"name": "新任", "id_number": "", "phone": ""}
    actions.save_person(**given, uid=str(uuid4()), data=new, role="supervisor")
    assert of_card(ref, agent) == {("agent_id", "front"), ("agent_id", "back")}


def test_the_copies_of_an_entry_that_was_merged_stand_at_the_other(web, applicant, ref, agent):
    """The other has a copy of one side already, as a founder, and keeps it."""
    chief = stored(ref).people.get(uid=Draft(stored(ref)).filing.holder_of("supervisor").uid)
    send(web, ref, **{f"id_copies.{chief.uid}.{FRONT}": photo("chief", "own.jpg")})
    again = stored(ref).people.get(uid=agent)
    again.data = {**again.data, "id_number": chief.data["id_number"]}
    again.save()
    given = {"actor": applicant, "application_id": stored(ref).pk, "uid": agent}
    actions.merge_people(**given, into=str(chief.uid))
    assert of_card(ref, agent) == set()
    assert of_card(ref, str(chief.uid)) == {("id_copies", "front"), ("id_copies", "back")}
    names = stored(ref).materials.filter(person=chief.uid).values_list("filename", flat=True)
    assert set(names) == {"own.jpg", "back.jpg"}


def test_the_copies_of_who_gives_no_card_any_more_say_whose_they_are(web, applicant, ref, agent):
    given = {"actor": applicant, "application_id": stored(ref).pk, "section": "agent"}
    actions.save_section(**given, values={"files_by": "founder", "agent": ""})
    name = Draft(stored(ref)).filing.by_uid[agent].called
    shown = re.sub("<[^>]+>", "", text(web.get(page(ref, "materials"))))
    assert f"{name}, side with the portrait" in shown
    assert of_card(ref, agent) == {("agent_id", "front"), ("agent_id", "back")}


def test_a_case_filed_before_keeps_its_heap_and_its_standard(web, applicant):
    """Its version asks for the copies, not for each person's."""
    draft = factories.draft(applicant=applicant)
    draft.materials.filter(kind="id_copies").delete()
    factories.upload(draft, {"id_copies": [id_copies.StoredFile("heap.pdf", 4, "0" * 64)]})
    filing = Draft(draft).filing
    standards = publishing.named({"common": 3, "registration": 4})
    rule = {row.id: row.rule for row in standards.standards}["R-04"]
    assert getattr(rules, rule)(filing) is None
    assert rules.both_sides_are_uploaded(filing) is not None
    assert id_copies.places(filing) and not any(place.file for place in id_copies.places(filing))
