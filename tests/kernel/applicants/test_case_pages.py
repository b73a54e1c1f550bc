"""A case's own pages through the client: files, rights, corrections, the timeline, the list."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kernel.applicants.draft import Draft
from kernel.applicants.progress import FIX, state_of
from kernel.cases import actions
from kernel.cases.models import Application, Material
from kernel.form import flow
from kernel.form.fields import SECTIONS
from tests import driving, factories
from tests.applicant import begun, body, lease, page, status, stored, text
from tests.codes import BANKING, REGISTRATION, SEALS, TAX
from tests.factories import UserFactory
from tests.filings import TEXTS

pytestmark = pytest.mark.django_db


def test_uploads_survive_leaving_and_are_served_to_their_owner_alone(web, client, applicant):
    ref = begun(web)
    web.post(page(ref, "materials"), {"address_proof": [lease("a.pdf"), lease("b.pdf")]})
    shown = text(web.get(page(ref, "materials")))
    assert "a.pdf" in shown and "b.pdf" in shown
    material = Material.objects.get(filename="a.pdf")
    url = reverse("files:material", args=[ref, material.uid])
    answer = web.get(url)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert body(answer).startswith(b"%PDF")
    web.post(page(ref, "materials"), {"remove": str(material.uid)})
    assert not Material.objects.filter(pk=material.pk).exists()
    assert web.get(url).status_code == 404


def test_a_file_of_the_wrong_type_is_refused_and_the_others_are_kept(web):
    ref = begun(web)
    wrong = SimpleUploadedFile("notes.pdf", b"only text", "application/pdf")
    answer = web.post(page(ref, "materials"), {"address_proof": [wrong, lease("whole.pdf")]})
    assert answer.status_code == 422
    shown = text(answer)
    assert "notes.pdf" in shown and 'id="id_address_proof_error"' in shown
    assert [material.filename for material in stored(ref).materials.all()] == ["whole.pdf"]


def test_somebody_elses_case_does_not_exist(web, applicant):
    other = factories.filed(applicant=UserFactory())
    draft_of_other = factories.draft(applicant=UserFactory())
    material = other.materials.first()
    urls = [
        reverse(f"filing:{name}", args=[other.filing_number])
        for name in ("tasks", "live", "check", "submitted", "withdraw")
    ]
    urls += [reverse("files:documents", args=[other.filing_number])]
    urls += [page(draft_of_other.ref, section.key) for section in SECTIONS]
    urls += [
        reverse("files:material", args=[other.filing_number, material.uid]),
        reverse("filing:person", args=[draft_of_other.ref, draft_of_other.people.first().uid]),
    ]
    assert {web.get(url).status_code for url in urls} == {404}
    posts = [
        *(
            reverse(f"filing:{name}", args=[draft_of_other.ref])
            for name in ("submit", "person-autosave", "name-look")
        ),
        reverse("filing:autosave", args=[draft_of_other.ref, "tax"]),
        reverse("filing:resubmit", args=[other.filing_number, REGISTRATION]),
        page(draft_of_other.ref, "tax"),
    ]
    assert {web.post(url).status_code for url in posts} == {404}


def test_visitors_are_sent_to_the_login(client):
    for url in (
        reverse("my"),
        reverse("filing:new"),
        reverse("filing:tasks", args=["D-2026-00001"]),
    ):
        assert reverse("login") in client.get(url).url


def test_desks_see_only_the_materials_they_use(client, applicant):
    case = factories.filed(applicant=applicant)
    officers = driving.staff(case.zone)
    files = {
        material.kind: reverse("files:material", args=[case.number, material.uid])
        for material in case.materials.all()
    }

    def statuses(department, in_hand=True):
        stage = case.stages.get(department=department)
        if in_hand and stage.holder_id is None:
            actions.take(actor=officers[department], stage_id=stage.pk)
        client.force_login(officers[department])
        return {kind: status(client, url) for kind, url in files.items()}

    assert set(statuses(REGISTRATION).values()) == {200}
    assert set(statuses(TAX, False).values()) == {404}, "the case has not reached the desk"
    driving.work(REGISTRATION, officers[REGISTRATION], case)
    assert set(statuses(SEALS).values()) == {404}, "engravers need no uploads"
    driving.work(SEALS, officers[SEALS], case)
    assert set(statuses(TAX, False).values()) == {404}, "not in hand"
    assert statuses(TAX) == {"address_proof": 200, "id_copies": 404}
    assert set(statuses(BANKING).values()) == {200}


def test_papers_are_served_when_they_are_ready_and_all_at_once(web, applicant):
    case = factories.filed(applicant=applicant)
    paper = case.documents.get(kind="receipt")
    url = reverse("files:document", args=[case.number, paper.uid])
    assert web.get(url).status_code == 404, "not made yet"
    paper.file.save("", ContentFile(b"%PDF-1.7"), save=False)
    paper.state, paper.pages = "ready", 1
    paper.save()
    answer = web.get(url)
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["Content-Type"] == "application/pdf"
    assert body(answer) == b"%PDF-1.7"
    archive = ZipFile(BytesIO(body(web.get(reverse("files:documents", args=[case.number])))))
    assert len(archive.namelist()) == 1
    assert url in text(web.get(reverse("filing:tasks", args=[case.number])))


def test_a_completed_case_shows_its_branches_and_where_to_review(web, applicant):
    case = factories.filed(applicant=applicant)
    officers = driving.staff(case.zone)
    for department in flow.usual():
        driving.work(department, officers[department], case)
    case = stored(case.number)
    shown = text(web.get(reverse("filing:tasks", args=[case.number])))
    assert shown.count('class="card-node done"') == 3
    assert case.review_code in shown and reverse("reviews:leave", args=[case.number]) in shown
    assert case.uscc in shown
    assert "hx-trigger" not in shown, "nothing moves any more"


def returned(case: Application, fix: str) -> Application:
    """Returned by the window for its address."""
    officer = factories.officer(REGISTRATION, case.zone)
    stage = actions.take_next(actor=officer)
    ground = {"standard": "R-03", "fields": ["address.detail"], "how_to_fix": fix}
    actions.return_stage(actor=officer, stage_id=stage.pk, round=stage.round, grounds=[ground])
    return stored(case.number)


def test_corrections_are_pinned_to_their_fields_and_sent_back(web, applicant):
    case = returned(factories.filed(applicant=applicant), "Write the room number too.")
    home = text(web.get(reverse("filing:tasks", args=[case.number])))
    assert "R-03" in home and "Write the room number too." in home
    assert page(case.number, "address") + "#id_detail" in home
    assert "Write the room number too." in text(web.get(page(case.number, "address")))
    assert state_of(Draft(case), "address") == FIX
    typed = {**case.answers["address"], "detail": TEXTS["address_detail"] + "1"}
    answer = web.post(page(case.number, "address"), typed)
    assert answer.url == reverse("filing:tasks", args=[case.number])
    factories.signed(case)
    web.post(reverse("filing:resubmit", args=[case.number, REGISTRATION]))
    assert factories.stage(case, REGISTRATION).state == flow.OPEN
    assert web.get(page(case.number, "address")).url == reverse("filing:tasks", args=[case.number])


def test_a_correction_that_breaks_something_is_told_at_once(web, applicant):
    case = returned(factories.filed(applicant=applicant), "Write the room number too.")
    web.post(page(case.number, "address"), {**case.answers["address"], "detail": ""})
    answer = web.post(reverse("filing:resubmit", args=[case.number, REGISTRATION]))
    assert answer.status_code == 422
    assert len(answer.context["errors"]) == 2
    assert factories.stage(case, REGISTRATION).state == flow.RETURNED


def test_the_live_part_answers_only_when_something_moved(web, applicant):
    case = factories.filed(applicant=applicant)
    url = reverse("filing:live", args=[case.number])
    mark = web.get(url).context["mark"]
    assert web.get(url, {"seen": mark}).status_code == 204
    returned(case, "Write the room number too.")
    assert web.get(url, {"seen": mark}).status_code == 200


def test_a_draft_is_thrown_away_and_a_case_taken_back_after_asking(web, applicant):
    for case in (factories.draft(applicant=applicant), factories.filed(applicant=applicant)):
        url = reverse("filing:withdraw", args=[case.number])
        assert web.get(url).status_code == 200
        assert stored(case.number).state != flow.WITHDRAWN
        assert web.post(url).url == reverse("my")
        assert stored(case.number).state == flow.WITHDRAWN


def test_the_list_of_cases_costs_the_same_whatever_its_length(
    web, applicant, django_assert_max_num_queries
):
    factories.filed(applicant=applicant)
    web.get(reverse("my"))
    with django_assert_max_num_queries(13) as few:
        web.get(reverse("my"))
    for _case in range(3):
        factories.filed(applicant=applicant)
        factories.draft(applicant=applicant)
    with django_assert_max_num_queries(len(few)):
        web.get(reverse("my"))


def test_officers_are_led_to_their_desk(client):
    client.force_login(factories.officer(TAX))
    assert client.get(reverse("my")).url == reverse("work")
    assert client.post(reverse("filing:new"), {"company_type": "1130"}).url == reverse("work")
    assert not Application.objects.exists()
