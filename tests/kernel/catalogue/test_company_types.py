"""Every company type goes from a draft to a completed case, asked for what it has and for nothing else."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from kernel import catalogue
from kernel.applicants.draft import Draft
from kernel.cases.models import Document
from kernel.form import flow
from kernel.form.codes import uscc_check
from kernel.form.fields import FIELD, form
from kernel.standards.display import display
from tax.models import TaxRegistration
from tests import driving, factories
from tests.applicant import page, stored, text
from tests.codes import REGISTRATION
from tests.filings import TYPES
from tests.officers import address, browser

pytestmark = pytest.mark.django_db

FOUNDED = ("4540", "9500")  # whose only founder heads the company without being chosen
COMPANIES = tuple(code for code in TYPES if code not in FOUNDED)


@pytest.fixture(scope="module", params=TYPES)
def company_type(request):
    return request.param


def test_every_type_that_can_be_filed_is_tested():
    assert set(TYPES) == {kind.code for kind in catalogue.types_to_file()}


def test_a_type_names_only_fields_and_pages_that_exist():
    for kind in catalogue.company_types():
        pages = {key.split(".")[0] for key in FIELD}
        assert set(kind.without) <= {*FIELD, "shareholders.contribution"}
        assert set(kind.labels) <= {*FIELD, *pages}
        assert set(kind.proposes) <= set(FIELD)


def test_a_case_of_the_type_is_completed(company_type):
    case = driving.completed(company_type)
    assert case.state == flow.COMPLETED
    kind = catalogue.company_type(company_type)
    assert uscc_check(case.uscc).ok and case.uscc[1] == kind.uscc_class
    papers = {paper.kind: paper.facts for paper in Document.objects.filter(application=case)}
    assert ("articles" in papers) == (company_type in COMPANIES)
    assert case.legal_representative == papers["licence"]["legal_representative"]
    assert bool(papers["licence"]["capital_fen"]) == (company_type != "9500")
    assert bool(papers["licence"]["composition"]) == (company_type == "9500")
    taxes = TaxRegistration.objects.get(application=case).taxes
    assert ("corporate_income" in taxes) == (company_type in COMPANIES)
    assert ("business_income" in taxes) == (company_type in FOUNDED)


def test_the_type_has_its_own_pages_and_words():
    company, shop = form("1130"), form("9500")
    assert {page.key for page in company.sections} - {page.key for page in shop.sections} == {
        "officers"
    }
    assert [field.name for field in shop.fields_of("capital")] == ["property"]
    assert [field.name for field in company.fields_of("capital")] == ["amount", "meant", "paid_by"]
    with override("en"):
        assert (
            str(shop.label("shareholders.people"))
            == str(shop.label("officers.legal_representative"))
            == "Operator"
        )
        assert str(company.label("shareholders.people")) == "Shareholders"


@pytest.mark.parametrize("department", flow.usual())
def test_a_desk_reads_of_the_founder_once(department):
    shown = [field.key for field in form("9500").fields_for(department)]
    assert ("shareholders.people" in shown) != ("officers.legal_representative" in shown)
    assert "officers.director" not in shown and "capital.amount" not in shown


def test_a_draft_of_the_type_is_resumed_on_another_device(company_type):
    case = factories.draft(company_type)
    web = browser(case.applicant)
    for section in form(company_type, flow.usual()).sections:
        shown = web.get(page(case.ref, section.key))
        assert shown.status_code == 200, section.key
        stored_now = case.answers.get(section.key, {})
        assert {name: shown.context["form"].initial.get(name) for name in stored_now} == stored_now
    factories.signed(case)
    assert web.get(reverse("filing:check", args=[case.ref])).context["open"] == []


@pytest.mark.parametrize(("company_type", "section"), [("9500", "officers"), ("4540", "officers")])
def test_a_page_that_the_type_does_not_have_is_not_there(company_type, section):
    case = factories.draft(company_type)
    assert browser(case.applicant).get(page(case.ref, section)).status_code == 404


def test_changing_the_type_changes_what_is_asked_and_keeps_what_was_typed():
    case = factories.draft("1130")
    web = browser(case.applicant)
    web.post(page(case.ref, "name"), {**case.answers["name"], "company_type": "9500"})
    changed = stored(case.ref)
    assert (
        changed.company_type == "9500" and changed.answers["officers"] == case.answers["officers"]
    )
    assert "officers" not in {
        task.section.key for group in _tasks(web, case) for task in group["tasks"]
    }
    assert "organisation form" in text(web.get(page(case.ref, "name"))).lower()
    web.post(page(case.ref, "name"), {**case.answers["name"], "company_type": "1130"})
    assert "officers" in {
        task.section.key for group in _tasks(web, case) for task in group["tasks"]
    }


def _tasks(web, case):
    return web.get(reverse("filing:tasks", args=[case.ref])).context["groups"]


def test_the_desks_call_the_founder_what_the_type_does():
    zone = factories.ZoneFactory()
    officers = driving.staff(zone)
    case = factories.filed("9500", zone=zone)
    for department in flow.usual():
        web = browser(officers[department])
        web.post(address(department, "next"))
        body = text(web.get(address(department, "case", case.number)))
        assert "Operator" in body and "Legal representative</dt>" not in body, department
        case = driving.close(
            department, officers[department], case, factories.stage(case, department)
        )


@pytest.mark.parametrize("answer", ["0000", "no such type", ""])
def test_a_draft_stays_of_its_type_where_the_answer_is_none(answer):
    case = factories.draft("1130")
    web, typed = browser(case.applicant), {**case.answers["name"], "company_type": answer}
    response = web.post(page(case.ref, "name"), typed)
    assert response.status_code == 422 and response.context["form"].errors["company_type"]
    assert (
        stored(case.ref).company_type == "1130"
        and stored(case.ref).answers["name"]["company_type"] == answer
    )
    assert web.get(page(case.ref, "name")).status_code == 200


def test_the_type_that_the_shareholders_decide_is_offered_and_taken_in_one_press():
    case = factories.draft("1190")
    web, address = browser(case.applicant), page(case.ref, "shareholders")
    assert web.get(address).context["right_type"] is None
    company = case.people.get(kind="legal")
    company.data["contribution"], person = (
        "800000",
        case.people.get(kind="natural", is_shareholder=True),
    )
    person.data["contribution"] = "1200000"
    company.save(), person.save()
    shown = web.get(address)
    assert "60 %" in shown.context["misfit"].detail and 'name="take_type"' in shown.content.decode()
    assert web.post(address, {}).status_code == 422
    web.post(address, {"take_type": "1"})
    changed = stored(case.ref)
    assert changed.company_type == changed.answers["name"]["company_type"] == "1130"
    assert changed.answers["name"] == case.answers["name"] | {"company_type": "1130"}
    assert (
        web.get(address).context["right_type"] is None and web.post(address, {}).status_code == 302
    )


def test_a_company_controlled_by_natural_persons_is_carried_to_its_end():
    """A licence of the type 自然人投资或控股, with a company among its shareholders."""
    zone = factories.ZoneFactory()
    case = factories.draft("1190", zone=zone)
    for person in case.people.filter(is_shareholder=True):
        person.data["contribution"] = "1200000" if person.kind == "natural" else "800000"
        person.save()
    browser(case.applicant).post(page(case.ref, "shareholders"), {"take_type": "1"})
    case = factories.submit(actor=case.applicant, application_id=case.pk)
    officers = driving.staff(zone)
    web = browser(officers[REGISTRATION])
    web.post(address(REGISTRATION, "next"))
    case = driving.close(
        REGISTRATION,
        officers[REGISTRATION],
        case,
        factories.stage(case, REGISTRATION),
    )
    assert case.licensed_at and case.company_type == "1130"
    licence = Document.objects.get(application=case, kind="licence").facts
    assert licence["company_type_label"] == catalogue.company_type("1130").licence_type_zh


def test_mixed_shareholders_are_entered_one_by_one():
    case = factories.draft("1190")
    body = text(browser(case.applicant).get(page(case.ref, "shareholders")))
    assert "kind=legal" in body and "kind=natural" in body
    with override("en"):
        filing = Draft(stored(case.ref)).filing
        assert len(display(filing, "shareholders.people").split(";")) == 2
