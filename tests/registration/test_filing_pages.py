"""The applicant's pages through the client: filling three company types, bad input, autosave, corrections, rights."""

import re
from io import BytesIO
from zipfile import ZipFile

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from registration import actions, choices, flow
from registration.actions.drafts import seen_mark
from registration.codes import outer_check_digit
from registration.fields import SECTIONS
from registration.models import Application, Material
from registration.web.draft import Draft
from registration.web.progress import DONE, FIX, TODO, UNSEEN, state_of
from tests import driving, factories
from tests.factories import MORNING, UserFactory, ZoneFactory
from tests.filings import TEXTS, complete_answers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _surroundings(travel, monkeypatch):
    travel(MORNING)
    ZoneFactory()
    monkeypatch.setitem(choices._offers, "bank.branch", lambda _zone: [("ICBC-GX", "Bank")])
    factories.standards.load_published()


@pytest.fixture
def applicant():
    return UserFactory()


@pytest.fixture
def web(client, applicant):
    client.force_login(applicant)
    return client


def begun(web, company_type="1130") -> str:
    """A new draft's reference."""
    answer = web.post(reverse("filing:new"), {"company_type": company_type})
    return answer.url.strip("/").split("/")[-1]


def page(ref: str, section: str) -> str:
    return reverse("filing:page", args=[ref, section])


def text(answer) -> str:
    return answer.content.decode()


def body(answer) -> bytes:
    """The bytes of a file that was served; closes it."""
    content = b"".join(answer.streaming_content)
    answer.close()
    return content


def status(client, url: str) -> int:
    answer = client.get(url)
    answer.close()
    return answer.status_code


def stored(ref: str) -> Application:
    return Application.objects.by_number(ref).select_related("zone").get()


def draft(ref: str) -> Draft:
    return Draft(stored(ref))


def lease(name="lease.pdf") -> SimpleUploadedFile:
    target = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(target)
    return SimpleUploadedFile(name, target.getvalue(), "application/octet-stream")


def enter(web, ref: str, person, section="shareholders", role="") -> str:
    """Enter a person on their own page; returns their uid."""
    query = f"?section={section}" + (f"&role={role}" if role else "")
    answer = web.post(reverse("filing:person-new", args=[ref]) + query, dict(person.data))
    assert answer.status_code == 302, text(answer)
    return str(stored(ref).people.order_by("-pk").first().uid)


def fill(web, ref: str, company_type: str) -> list:
    """Every page in order, as a person would; returns where each page led."""
    sections, people, materials = complete_answers(company_type)
    led, uids = [], {}

    def save(section, values):
        answer = web.post(page(ref, section), {**values, "go": "1"})
        assert answer.status_code == 302, (section, re.findall(r'class="error".*?</div>', text(answer)))
        led.append(answer.url)

    for section in ("name", "scope", "address", "capital"):
        save(section, sections[section])
    for person in people:
        if person.is_shareholder:
            uids[person.uid] = enter(web, ref, person)
    save("shareholders", {})
    for section in ("officers", "contacts"):
        for role, uid in sections[section].items():
            if uid not in uids:
                uids[uid] = enter(web, ref, next(p for p in people if p.uid == uid), section, role)
        save(section, {role: uids[uid] for role, uid in sections[section].items()})
    for section in ("seals", "tax", "social_security", "bank"):
        save(section, sections[section])
    web.post(page(ref, "materials"), {kind: lease(f"{kind}.pdf") for kind in materials})
    save("materials", {})
    return led


@pytest.mark.parametrize("company_type", ["1130", "1151", "1152"])
def test_a_company_is_filed_page_by_page(web, company_type):
    ref = begun(web, company_type)
    assert {state_of(draft(ref), section.key) for section in SECTIONS} == {TODO, UNSEEN}
    led = fill(web, ref, company_type)
    assert led[0] == page(ref, "scope")
    assert led[-1] == reverse("filing:check", args=[ref])
    assert {state_of(draft(ref), section.key) for section in SECTIONS} == {DONE}

    check = web.get(led[-1])
    assert check.context["open"] == []
    assert stored(ref).name in text(check)
    answer = web.post(reverse("filing:submit", args=[ref]))
    case = stored(ref)
    assert answer.url == reverse("filing:submitted", args=[case.filing_number])
    receipt = text(web.get(answer.url))
    assert case.filing_number in receipt and case.check_code in receipt
    assert case.filing_number in text(web.get(reverse("filing:tasks", args=[ref])))
    assert web.post(reverse("filing:submit", args=[ref])).url == answer.url, "a second click files nothing"


def test_every_page_of_an_empty_draft_opens(web):
    ref = begun(web, "1152")
    for section in SECTIONS:
        assert web.get(page(ref, section.key)).status_code == 200
    assert web.get(reverse("filing:tasks", args=[ref])).status_code == 200
    assert web.get(reverse("filing:check", args=[ref])).context["open"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    ("section", "field", "value"),
    [
        ("name", "trade_name", "Abc"),
        ("name", "trade_name", ""),
        ("name", "trade_name", TEXTS["name"]["division"]),
        ("scope", "industry", "9999"),
        ("scope", "items", []),
        ("address", "lease_until", "2020-01-01"),
        ("address", "detail", ""),
        ("capital", "amount", "a lot"),
        ("capital", "amount", "1.234"),
        ("capital", "paid_by", "2040-01-01"),
        ("seals", "phone", "123"),
        ("tax", "taxpayer_class", "other"),
        ("social_security", "employee_count", "some"),
        ("bank", "branch", "NOBODY"),
        ("bank", "appointment", "2026-03-17T10:00"),
    ],
)
def test_bad_input_gets_a_sentence_beside_the_field_and_is_kept(web, applicant, language, section, field, value):
    web.cookies["language"] = language
    ref = factories.draft(applicant=applicant).ref
    values = {**stored(ref).answers[section], field: value}
    answer = web.post(page(ref, section), values)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert form.errors[field], form.errors
    shown = text(answer)
    assert re.search(rf'id="id_{field}_error"', shown)
    assert f'href="#id_{field}"' in shown, "the summary leads to the field"
    assert answer.context["has_errors"], "the title says so too"
    assert language == "zh-hans" or "<title>Error:" in shown
    assert stored(ref).answers[section][field] == value


def test_contributions_that_do_not_add_up_are_said_on_the_shareholders_page(web, applicant):
    ref = factories.draft(applicant=applicant).ref
    web.post(page(ref, "capital"), {**stored(ref).answers["capital"], "amount": "3000000"})
    answer = web.post(page(ref, "shareholders"))
    assert answer.status_code == 422
    assert "3,000,000" in text(answer)


def test_a_wrong_id_number_is_refused_beside_the_field_and_kept(web, applicant):
    ref = factories.draft(applicant=applicant).ref
    person = stored(ref).people.first()
    url = reverse("filing:person", args=[ref, person.uid])
    answer = web.post(url, {**person.data, "id_number": "370303199001011234"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["id_number"]
    assert 'value="370303199001011234"' in text(answer)
    person.refresh_from_db()
    assert person.data["id_number"] == "370303199001011234"


def test_nobody_is_entered_twice(web, applicant):
    ref = factories.draft(applicant=applicant).ref
    first = stored(ref).people.first()
    answer = web.post(reverse("filing:person-new", args=[ref]) + "?section=contacts&role=finance", first.data)
    assert answer.status_code == 422
    assert answer.context["form"].errors["id_number"]


def test_a_credit_code_wrong_outside_is_refused_and_wrong_inside_is_confirmed(web, applicant):
    ref = factories.draft("1152", applicant=applicant).ref
    company = stored(ref).people.get(kind="legal")
    url = reverse("filing:person", args=[ref, company.uid])
    right = company.data["uscc"]
    outer = right[:17] + ("0" if right[17] != "0" else "1")
    answer = web.post(url, {**company.data, "uscc": outer})
    assert answer.context["form"].errors["uscc"]
    assert "uscc_confirmed" not in answer.context["form"].fields

    body = right[:16] + ("0" if right[16] != "0" else "1")
    inner = body + outer_check_digit(body)
    answer = web.post(url, {**company.data, "uscc": inner})
    assert answer.status_code == 422
    assert "uscc" not in answer.context["form"].errors
    assert answer.context["form"].errors["uscc_confirmed"]
    answer = web.post(url, {**company.data, "uscc": inner, "uscc_confirmed": "on"})
    assert answer.status_code == 302
    assert state_of(draft(ref), "shareholders") == DONE


def test_autosave_keeps_what_is_typed_right_or_wrong(web):
    ref = begun(web)
    answer = web.post(reverse("filing:autosave", args=[ref, "capital"]), {"amount": "a lot", "paid_by": ""})
    assert answer.status_code == 200
    assert "9:12" in text(answer) or "09:12" in text(answer)
    assert stored(ref).answers["capital"] == {"amount": "a lot", "paid_by": ""}
    assert 'value="a lot"' in text(web.get(page(ref, "capital")))


def test_a_person_is_saved_while_typing_and_only_once(web):
    ref = begun(web)
    url = reverse("filing:person-autosave", args=[ref]) + "?section=officers&role=director"
    assert not web.post(url, {"name": ""}).get("HX-Replace-Url")
    first = web.post(url, {"name": TEXTS["recipient"]})
    uid = re.search(r'id="id_uid" value="([^"]+)"', text(first))[1]
    assert uid in first["HX-Replace-Url"]
    web.post(url, {"name": TEXTS["recipient"], "phone": "138", "uid": uid})
    assert [person.data["phone"] for person in stored(ref).people.all()] == ["138"]
    assert stored(ref).answers["officers"]["director"] == uid


def test_a_stale_page_is_told_and_loses_nothing(web):
    ref = begun(web)
    seen = seen_mark({})
    web.post(reverse("filing:autosave", args=[ref, "capital"]), {"amount": "100", "paid_by": "", "seen": seen})
    answer = web.post(page(ref, "capital"), {"amount": "200", "paid_by": "", "seen": seen})
    assert answer.status_code == 409
    shown = text(answer)
    assert 'value="200"' in shown, "what was typed stays on the page"
    assert "100" in shown, "and what is stored is shown beside it"
    assert stored(ref).answers["capital"]["amount"] == "100"
    again = re.search(r'id="id_seen" value="([^"]*)"', shown)[1]
    web.post(page(ref, "capital"), {"amount": "200", "paid_by": "", "seen": again})
    assert stored(ref).answers["capital"]["amount"] == "200"


def test_uploads_survive_leaving_and_are_served_to_their_owner_alone(web, client, applicant):
    ref = begun(web)
    web.post(page(ref, "materials"), {"address_proof": [lease("a.pdf"), lease("b.pdf")]})
    shown = text(web.get(page(ref, "materials")))
    assert "a.pdf" in shown and "b.pdf" in shown
    material = Material.objects.get(filename="a.pdf")
    url = reverse("filing:material", args=[ref, material.uid])
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
    answer = web.post(page(ref, "materials"), {"address_proof": wrong, "id_copies": lease("ids.pdf")})
    assert answer.status_code == 422
    shown = text(answer)
    assert "notes.pdf" in shown and 'id="id_address_proof_error"' in shown
    assert [material.filename for material in stored(ref).materials.all()] == ["ids.pdf"]


def test_somebody_elses_case_does_not_exist(web, applicant):
    other = factories.filed(applicant=UserFactory())
    draft_of_other = factories.draft(applicant=UserFactory())
    material = other.materials.first()
    urls = [reverse(f"filing:{name}", args=[other.filing_number]) for name in
            ("tasks", "live", "check", "submitted", "withdraw", "documents")]  # fmt: skip
    urls += [page(draft_of_other.ref, section.key) for section in SECTIONS]
    urls += [
        reverse("filing:material", args=[other.filing_number, material.uid]),
        reverse("filing:person", args=[draft_of_other.ref, draft_of_other.people.first().uid]),
    ]
    assert {web.get(url).status_code for url in urls} == {404}
    posts = [
        *(reverse(f"filing:{name}", args=[draft_of_other.ref]) for name in ("submit", "person-autosave", "name-look")),
        reverse("filing:autosave", args=[draft_of_other.ref, "tax"]),
        reverse("filing:resubmit", args=[other.filing_number, flow.REGISTRATION]),
        page(draft_of_other.ref, "tax"),
    ]
    assert {web.post(url).status_code for url in posts} == {404}


def test_visitors_are_sent_to_the_login(client):
    for url in (reverse("my"), reverse("filing:new"), reverse("filing:tasks", args=["D-2026-00001"])):
        assert reverse("login") in client.get(url).url


def test_desks_see_only_the_materials_they_use(client, applicant):
    case = factories.filed(applicant=applicant)
    officers = driving.staff(case.zone)
    files = {
        material.kind: reverse("filing:material", args=[case.number, material.uid]) for material in case.materials.all()
    }

    def statuses(department):
        client.force_login(officers[department])
        return {kind: status(client, url) for kind, url in files.items()}

    assert set(statuses(flow.REGISTRATION).values()) == {200}
    assert set(statuses(flow.TAX).values()) == {404}, "the case has not reached the desk"
    driving.work(flow.REGISTRATION, officers[flow.REGISTRATION], case)
    assert set(statuses(flow.SEALS).values()) == {404}, "engravers need no uploads"
    driving.work(flow.SEALS, officers[flow.SEALS], case)
    assert statuses(flow.TAX) == {"address_proof": 200, "id_copies": 404}
    assert set(statuses(flow.BANKING).values()) == {200}


def test_papers_are_served_when_they_are_ready_and_all_at_once(web, applicant):
    case = factories.filed(applicant=applicant)
    paper = case.documents.get(kind="receipt")
    url = reverse("filing:document", args=[case.number, paper.uid])
    assert web.get(url).status_code == 404, "not made yet"
    paper.file.save("", ContentFile(b"%PDF-1.7"), save=False)
    paper.state, paper.pages = "ready", 1
    paper.save()
    answer = web.get(url)
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["Content-Type"] == "application/pdf"
    assert body(answer) == b"%PDF-1.7"
    archive = ZipFile(BytesIO(body(web.get(reverse("filing:documents", args=[case.number])))))
    assert len(archive.namelist()) == 1
    assert url in text(web.get(reverse("filing:tasks", args=[case.number])))


def test_a_completed_case_shows_its_branches_and_where_to_review(web, applicant):
    case = factories.filed(applicant=applicant)
    officers = driving.staff(case.zone)
    for department in flow.DEPARTMENTS:
        driving.work(department, officers[department], case)
    case = stored(case.number)
    shown = text(web.get(reverse("filing:tasks", args=[case.number])))
    assert shown.count('class="branch done"') == 3
    assert case.review_code in shown and reverse("reviews:leave", args=[case.number]) in shown
    assert case.uscc in shown
    assert "hx-trigger" not in shown, "nothing moves any more"


def returned(case: Application, fix: str) -> Application:
    """Returned by the window for its address."""
    officer = factories.officer(flow.REGISTRATION, case.zone)
    stage = actions.take_next(actor=officer)
    ground = {"standard": "S-14", "fields": ["address.detail"], "how_to_fix": fix}
    actions.return_stage(actor=officer, stage_id=stage.pk, round=stage.round, grounds=[ground])
    return stored(case.number)


def test_corrections_are_pinned_to_their_fields_and_sent_back(web, applicant):
    case = returned(factories.filed(applicant=applicant), "Write the room number too.")
    home = text(web.get(reverse("filing:tasks", args=[case.number])))
    assert "S-14" in home and "Write the room number too." in home
    assert page(case.number, "address") + "#id_detail" in home
    assert "Write the room number too." in text(web.get(page(case.number, "address")))
    assert state_of(Draft(case), "address") == FIX
    typed = {**case.answers["address"], "detail": TEXTS["address_detail"] + "1"}
    answer = web.post(page(case.number, "address"), typed)
    assert answer.url == reverse("filing:tasks", args=[case.number])
    web.post(reverse("filing:resubmit", args=[case.number, flow.REGISTRATION]))
    assert factories.stage(case, flow.REGISTRATION).state == flow.OPEN
    assert web.get(page(case.number, "address")).url == reverse("filing:tasks", args=[case.number])


def test_a_correction_that_breaks_something_is_told_at_once(web, applicant):
    case = returned(factories.filed(applicant=applicant), "Write the room number too.")
    web.post(page(case.number, "address"), {**case.answers["address"], "detail": ""})
    answer = web.post(reverse("filing:resubmit", args=[case.number, flow.REGISTRATION]))
    assert answer.status_code == 422
    assert len(answer.context["errors"]) == 2
    assert factories.stage(case, flow.REGISTRATION).state == flow.RETURNED


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


def test_the_list_of_cases_costs_the_same_whatever_its_length(web, applicant, django_assert_max_num_queries):
    factories.filed(applicant=applicant)
    web.get(reverse("my"))
    with django_assert_max_num_queries(12) as few:
        web.get(reverse("my"))
    for _case in range(3):
        factories.filed(applicant=applicant)
        factories.draft(applicant=applicant)
    with django_assert_max_num_queries(len(few)):
        web.get(reverse("my"))


def test_what_answers_while_typing(web):
    ref = begun(web)
    parts = {**TEXTS["name"], "company_type": "1130"}
    shown = text(web.post(reverse("filing:name-look", args=[ref]), parts))
    assert "".join(TEXTS["name"].values()) in shown
    assert stored(ref).answers == {}, "looking stores nothing"
    found = text(web.get(reverse("filing:industries"), {"industry_q": "ruanjian", "industry": "0111"}))
    assert "6513" in found or "6511" in found
    items = text(web.post(reverse("filing:scope-look", args=[ref]), {"items": ["G002"], "items_q": "ruanjian"}))
    assert items.count('value="G002"') == 1 and 'id="id_items_G002" checked' in items
    without_script = text(web.post(page(ref, "scope"), {"items": ["G002"], "items_q": "ruanjian", "look": "items"}))
    assert 'value="G001"' in without_script and 'id="id_items_G002" checked' in without_script


def test_entering_another_person_from_a_role_comes_back_with_the_role_filled(web):
    ref = begun(web)
    answer = web.post(page(ref, "officers"), {"manager": "", "enter": "director"})
    assert "role=director" in answer.url
    person = complete_answers("1152")[1][0]
    answer = web.post(answer.url, dict(person.data))
    assert answer.url == page(ref, "officers")
    holder = stored(ref).people.get()
    assert stored(ref).answers["officers"]["director"] == str(holder.uid)
    assert not holder.is_shareholder
    answer = web.post(reverse("filing:person-remove", args=[ref, holder.uid]) + "?section=officers")
    assert answer.url == page(ref, "officers")
    assert stored(ref).answers["officers"]["director"] == ""
