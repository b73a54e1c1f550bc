"""The form's pages through the client: every company type page by page, bad input, autosave, typing."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from kernel import catalogue
from kernel.applicants import my_cases
from kernel.applicants.progress import DONE, TODO, UNSEEN, state_of
from kernel.cases.actions.editing import seen_mark
from kernel.form import flow
from kernel.form.codes import outer_check_digit
from kernel.form.fields import form
from kernel.form.id_copies import KINDS
from tests import factories
from tests.applicant import begun, cards, draft, lease, page, stored, text
from tests.filings import TEXTS, TYPES, complete_answers

pytestmark = pytest.mark.django_db


def enter(web, ref: str, person, section="shareholders", role="") -> str:
    """Enter a person on their own page; returns their uid."""
    query = f"?section={section}&kind={person.kind}" + (f"&role={role}" if role else "")
    answer = web.post(reverse("filing:person-new", args=[ref]) + query, dict(person.data))
    assert answer.status_code == 302, text(answer)
    return str(stored(ref).people.order_by("-pk").first().uid)


def fill(web, ref: str, company_type: str) -> list:
    """Every page in order, as a person would; returns where each page led."""
    sections, people, materials = complete_answers(company_type)
    led, uids = [], {}

    def save(section, values):
        answer = web.post(page(ref, section), {**values, "go": "1"})
        assert answer.status_code == 302, (
            section,
            re.findall(r'class="error".*?</div>', text(answer)),
        )
        led.append(answer.url)

    for section in ("name", "scope", "address", "capital"):
        save(section, sections[section])
    for person in people:
        if person.is_shareholder:
            uids[person.uid] = enter(web, ref, person)
    save("shareholders", {})
    for section in ("officers", "contacts"):
        for role, uid in sections.get(section, {}).items():
            if uid not in uids:
                uids[uid] = enter(web, ref, next(p for p in people if p.uid == uid), section, role)
        if section in sections:
            save(section, {role: uids[uid] for role, uid in sections[section].items()})
    for section in ("seals", "tax", "social_security", "bank"):
        save(section, sections[section])
    files = {kind: lease(f"{kind}.pdf") for kind in materials if kind not in KINDS}
    web.post(page(ref, "materials"), files | cards(ref))
    save("materials", {})
    return led


@pytest.mark.parametrize("company_type", TYPES)
def test_a_company_is_filed_page_by_page(web, company_type):
    ref = begun(web, company_type)
    sections = form(company_type, flow.usual()).sections
    assert {
        state_of(draft(ref), section.key) for section in sections if section.key != "agent"
    } == {TODO, UNSEEN}
    led = fill(web, ref, company_type)
    assert led[0] == page(ref, "scope")
    assert led[-1] == reverse("filing:check", args=[ref])
    assert {state_of(draft(ref), section.key) for section in sections} == {DONE}

    factories.founded_by(stored(ref), stored(ref).applicant)
    (unsigned,) = web.get(led[-1]).context["open"]
    assert unsigned.finding.standard.rule == "papers_are_signed"
    factories.signed(stored(ref))
    check = web.get(led[-1])
    assert check.context["open"] == []
    assert stored(ref).name in text(check)
    answer = web.post(reverse("filing:submit", args=[ref]))
    case = stored(ref)
    assert answer.url == reverse("filing:submitted", args=[case.filing_number])
    receipt = text(web.get(answer.url))
    assert case.filing_number in receipt and case.check_code in receipt
    assert case.filing_number in text(web.get(reverse("filing:tasks", args=[ref])))
    assert web.post(reverse("filing:submit", args=[ref])).url == answer.url, (
        "a second click files nothing"
    )


def test_every_page_of_an_empty_draft_opens(web):
    ref = begun(web, "1152")
    for section in form("1152", flow.usual()).sections:
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
def test_bad_input_gets_a_sentence_beside_the_field_and_is_kept(
    web, applicant, language, section, field, value
):
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
    answer = web.post(
        reverse("filing:person-new", args=[ref]) + "?section=contacts&role=finance", first.data
    )
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
    answer = web.post(
        reverse("filing:autosave", args=[ref, "capital"]), {"amount": "a lot", "paid_by": ""}
    )
    assert answer.status_code == 200
    assert "9:12" in text(answer) or "09:12" in text(answer)
    assert stored(ref).answers["capital"] == {"amount": "a lot", "paid_by": ""}
    assert 'value="a lot"' in text(web.get(page(ref, "capital")))


def test_a_person_is_saved_while_typing_and_only_once(web):
    ref = begun(web)
    url = reverse("filing:person-autosave", args=[ref]) + "?section=officers&role=director"
    assert not web.post(url, {"name": ""}).get("HX-Replace-Url")
    entry = web.get(reverse("filing:person-new", args=[ref]) + "?section=officers&role=director")
    uid = re.search(r'id="id_uid" value="([^"]+)"', text(entry))[1]
    first = web.post(url, {"name": TEXTS["recipient"], "uid": uid})
    assert uid in first["HX-Replace-Url"]
    web.post(url, {"name": TEXTS["recipient"], "phone": "138", "uid": uid})
    assert [person.data["phone"] for person in stored(ref).people.all()] == ["138"]
    assert stored(ref).answers["officers"]["director"] == uid


def test_a_stale_page_is_told_and_loses_nothing(web):
    ref = begun(web)
    seen = seen_mark({})
    web.post(
        reverse("filing:autosave", args=[ref, "capital"]),
        {"amount": "100", "paid_by": "", "seen": seen},
    )
    answer = web.post(page(ref, "capital"), {"amount": "200", "paid_by": "", "seen": seen})
    assert answer.status_code == 409
    shown = text(answer)
    assert 'value="200"' in shown, "what was typed stays on the page"
    assert "100" in shown, "and what is stored is shown beside it"
    assert stored(ref).answers["capital"]["amount"] == "100"
    again = re.search(r'id="id_seen" value="([^"]*)"', shown)[1]
    web.post(page(ref, "capital"), {"amount": "200", "paid_by": "", "seen": again})
    assert stored(ref).answers["capital"]["amount"] == "200"


def test_what_answers_while_typing(web):
    ref = begun(web)
    parts = {**TEXTS["name"], "company_type": "1130"}
    shown = text(web.post(reverse("filing:name-look", args=[ref]), parts))
    assert "".join(TEXTS["name"].values()) in shown
    assert stored(ref).answers == {}, "looking stores nothing"
    found = text(
        web.get(reverse("filing:industries"), {"industry_q": "ruanjian", "industry": "0111"})
    )
    assert "6513" in found or "6511" in found
    assert "id_items_" not in text(web.post(reverse("filing:scope-look", args=[ref]), {})), (
        "no industry yet"
    )
    many = web.post(
        reverse("filing:scope-look", args=[ref]), {"industry": "5232", "items_q": "xiaoshou"}
    )
    assert text(many).count('name="items"') == 20 and many.context["found"]["more"]
    items = text(
        web.post(
            reverse("filing:scope-look", args=[ref]), {"items": ["F3134"], "items_q": "ruanjian"}
        )
    )
    assert items.count('value="F3134"') == 1 and 'id="id_items_F3134" checked' in items
    without_script = text(
        web.post(page(ref, "scope"), {"items": ["F3134"], "items_q": "ruanjian", "look": "items"})
    )
    assert 'value="I3006"' in without_script and 'id="id_items_F3134" checked' in without_script


def test_every_scope_item_that_is_ticked_is_kept(web):
    ref, items = begun(web), [item.code for item in catalogue.scope_items()]
    assert len(items) > 200
    answer = web.post(page(ref, "scope"), {"industry": "6513", "items": items, "seen": ""})
    assert answer.status_code in (302, 422) and stored(ref).answers["scope"]["items"] == items
    assert text(web.get(page(ref, "scope"))).count(" checked") == len(items)


def test_an_answer_that_is_cut_is_not_called_saved(web):
    web.cookies["language"] = "en"
    ref = begun(web)
    address = reverse("filing:autosave", args=[ref, "address"])
    answer = text(
        web.post(
            address, {"detail": "路" * 201, "division": "370303"}, headers={"HX-Request": "true"}
        )
    )
    assert "Not kept whole" in answer and "Saved" not in answer
    person = reverse("filing:person-autosave", args=[ref])
    answer = text(
        web.post(person, {"name": "甲" * 201, "uid": str(uuid4())}, headers={"HX-Request": "true"})
    )
    assert "Not kept whole" in answer and "Saved" not in answer


def test_a_list_of_industries_that_is_not_whole_says_so(web):
    web.cookies["language"] = "en"
    assert "and more" in text(web.get(reverse("filing:industries"), {"industry_q": "zhizao"}))
    assert "and more" not in text(web.get(reverse("filing:industries"), {"industry_q": "6513"}))


def test_my_list_says_that_there_are_more(web, applicant, monkeypatch):
    web.cookies["language"] = "en"
    for _turn in range(3):
        factories.draft("1130", applicant=applicant)
    assert "data-first" not in text(web.get(reverse("my")))
    monkeypatch.setattr(my_cases, "LISTED", 2)
    assert "The first 2 are shown" in text(web.get(reverse("my")))


def test_a_search_without_scripts_looks_for_as_little_as_one_with_them(web):
    asked = {"items_q": "ruanjian " * 1_000, "look": "items"}
    for url in (page(begun(web), "scope"), reverse("filing:scope-look", args=[begun(web)])):
        assert len(web.post(url, asked).context["found"]["query"]) == 40


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


def test_a_session_that_ended_is_told_and_no_login_form_lands_in_the_page(web):
    ref = begun(web)
    web.logout()
    answer = web.post(
        reverse("filing:autosave", args=[ref, "tax"]), {}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 409
    assert "<form" not in text(answer)
    assert web.get(reverse("filing:industries"), headers={"HX-Request": "true"}).status_code == 204


def test_a_shareholder_is_never_changed_through_another_page(web, applicant):
    ref = factories.draft(applicant=applicant).ref
    holder = stored(ref).people.filter(is_shareholder=True).first()
    url = reverse("filing:person-new", args=[ref]) + "?section=contacts&role=finance"
    answer = web.post(url, {**holder.data, "uid": str(holder.uid)})
    assert answer.context is None or answer.context["place"].section == "shareholders"
    holder.refresh_from_db()
    assert holder.is_shareholder
    assert stored(ref).answers["contacts"]["finance"] != str(holder.uid)


def test_a_question_appears_with_the_answer_that_raises_it(web):
    ref = begun(web)
    assert '<div id="if_hired_on" hidden>' in text(web.get(page(ref, "social_security")))
    url = reverse("filing:autosave", args=[ref, "social_security"])
    shown = text(web.post(url, {"has_employees": "yes", "asking": ""}))
    assert '<div id="if_hired_on" hx-swap-oob="true">' in shown
    again = text(
        web.post(
            url,
            {"has_employees": "yes", "employee_count": "3", "asking": "employee_count,hired_on"},
        )
    )
    assert "if_hired_on" not in again, "nothing is replaced while somebody types in it"
    answer = web.post(page(ref, "social_security"), {"has_employees": "yes"})
    assert set(answer.context["form"].errors) == {"employee_count", "hired_on"}
    assert web.post(page(ref, "social_security"), {"has_employees": "no"}).status_code == 302
