"""Asked once: every field and material has one source, and what a department confirms stands there filled in."""

from dataclasses import replace

import pytest
from django import forms

from kernel import catalogue
from kernel.applicants import checks as page_checks
from kernel.applicants.pages import PAGES, FormPage
from kernel.cases import checks
from kernel.core import departments
from kernel.desks import checks as desk_checks
from kernel.desks.forms import CloseForm
from kernel.form import fields, flow
from kernel.form.filing import read
from tests import driving, factories
from tests.applicant import text
from tests.codes import BANKING, TAX
from tests.officers import address, browser, taken


def ids(found) -> set[str]:
    return {error.id for error in found}


def test_the_product_passes_its_own_checks():
    assert checks.materials_have_one_source(None) == []
    assert page_checks.fields_are_asked_once(None) == []
    assert desk_checks.departments_ask_nothing_known(None) == []


def test_a_material_or_page_without_exactly_one_owner_is_refused(monkeypatch):
    one, *others = catalogue.materials()
    monkeypatch.setattr(checks.catalogue, "materials", lambda: (replace(one, pages=()), *others))
    assert ids(checks.materials_have_one_source(None)) == {"cases.E004"}


def test_a_department_that_uses_a_material_and_does_not_say_so_is_refused(monkeypatch):
    used = departments.department(BANKING).materials
    said = tuple(code for code in used if code != "finance_staff")
    shy = replace(departments.department(BANKING), materials=said)
    found = [shy if one.code == shy.code else one for one in departments.departments()]
    monkeypatch.setattr(departments, "_registered", tuple(found))
    (error,) = checks.materials_have_one_source(None)
    assert error.id == "cases.E005" and "contacts.finance" in error.msg and "banking" in error.msg


def test_a_field_that_no_page_asks_is_refused(monkeypatch):
    more = (*fields.FIELDS, fields.Field("tax.colour", "Colour", (TAX,)))
    monkeypatch.setattr(page_checks, "FIELDS", more)
    (error,) = page_checks.fields_are_asked_once(None)
    assert error.id == "cases.E006" and "colour" in error.msg


def test_a_page_that_the_task_list_cannot_sum_up_is_refused(monkeypatch):
    class Silent(FormPage):
        key, note = "silent", "What is asked here"

    monkeypatch.setattr(page_checks, "PAGES", {**PAGES, "silent": Silent})
    (error,) = page_checks.pages_are_summed_up(None)
    assert error.id == "cases.E011" and "silent" in error.msg


def test_a_department_that_asks_for_what_is_known_is_refused(monkeypatch):
    class Curious(CloseForm):
        trade_name = forms.CharField()

    monkeypatch.setattr(desk_checks, "department_forms", lambda _base: [Curious])
    (error,) = desk_checks.departments_ask_nothing_known(None)
    assert error.id == "cases.E007" and "trade_name" in error.msg


@pytest.mark.django_db
def test_what_a_department_confirms_is_what_the_case_says():
    zone = factories.ZoneFactory()
    officers, case = driving.staff(zone), factories.filed("1190", zone=zone)
    for department in flow.usual():
        web = browser(officers[department])
        number = taken(web, department)
        form = web.get(address(department, "case", number)).context["form"]
        filing = read(case, case.people.all(), (), case.submitted_at.date())
        for name, key in getattr(form, "confirms", {}).items():
            assert str(form.initial[name]) in (
                filing.answer(key),
                str(filing.answer(key) == "yes"),
            ), key
        case = driving.close(
            department, officers[department], case, factories.stage(case, department)
        )


@pytest.mark.django_db
def test_a_licensed_item_says_its_permit_when_it_is_chosen_and_when_the_case_is_done():
    from kernel.cases import actions

    zone = factories.ZoneFactory()
    officers, case = driving.staff(zone), factories.draft("9500", zone=zone)
    item, web = catalogue.scope_items["H2002"], browser(case.applicant)
    chosen = {"industry": "6210", "items": ["L2015", "H2002"]}
    actions.save_section(
        actor=case.applicant, application_id=case.pk, section="scope", values=chosen
    )
    with_permit = f"needs afterwards: {item.permit.name_en}, from {item.permit.by_en}"
    assert with_permit in text(web.get(f"/filings/{case.ref}/scope/"))
    case = factories.submit(actor=case.applicant, application_id=case.pk)
    assert "Permits before you begin" not in text(web.get(f"/filings/{case.number}/"))
    for department in flow.usual():
        case = driving.work(department, officers[department], case)
    done = text(web.get(f"/filings/{case.number}/"))
    assert (
        "Permits before you begin" in done
        and item.permit.name_en in done
        and item.permit.by_en in done
    )
