"""The tax desk: what the rules fill in, and the officer's confirmation through its pages."""

import pytest
from django.urls import reverse

from kernel.cases.models import Stage
from kernel.form import flow
from kernel.standards.parts import COMMON
from kernel.standards.publishing import shipped
from tax import rules
from tax.models import TaxRegistration
from tests import factories, filings, officers
from tests.codes import TAX

pytestmark = pytest.mark.django_db
DESK = TAX


@pytest.fixture
def client(staff):
    return officers.browser(staff[DESK])


@pytest.mark.parametrize(
    ("industry", "proof", "more"),
    [
        ("6513", "leased", set()),
        ("6513", "owned", {"property", "land_use"}),
        ("1512", "leased", {"consumption"}),
        ("0610", "leased", {"resource"}),
        ("8710", "leased", {"cultural"}),
    ],
)
def test_the_taxes_follow_from_industry_and_premises(industry, proof, more):
    always = {
        "vat",
        "city_maintenance",
        "education",
        "local_education",
        "corporate_income",
        "individual_income",
    }
    always.add("stamp")
    filing = filings.complete_filing(scope__industry=industry, address__proof=proof)
    assert set(rules.decide(filing, {}).taxes) == always | more


def test_the_quota_follows_from_the_class_and_the_zone():
    small = rules.decide(filings.complete_filing(tax__taxpayer_class="small"), {})
    general = rules.decide(filings.complete_filing(tax__taxpayer_class="general"), {})
    assert 0 < small.invoice_limit_fen < small.invoice_quota_fen < general.invoice_quota_fen
    own = {"tax_invoices": {"small": {"limit": 1, "quota": 2}}}
    assert rules.decide(filings.complete_filing(), own).invoice_quota_fen == 200
    none = rules.decide(filings.complete_filing(tax__invoice_kind="none"), {})
    assert none.invoice_limit_fen == none.invoice_quota_fen == 0


def test_the_desk_sees_what_the_case_was_filed_under(client, number):
    shown = client.get(officers.address(DESK, "case", number)).content.decode()
    for part in (COMMON, *flow.usual()):
        version = shipped(part)[-1].number
        assert reverse("standards-version", args=[part, version]) in shown, part


def test_what_the_rules_filled_in_is_confirmed(client, number):
    answer = officers.send(client, DESK, number)
    assert answer.status_code == 302
    registration = TaxRegistration.objects.get()
    assert (
        registration.taxpayer_class == "small"
        and registration.withholding
        and "vat" in registration.taxes
    )
    assert registration.invoice_quota_fen == 10_000_000
    sheet = registration.application.documents.get(kind="tax_confirmation").facts
    assert len(sheet["taxes"]) == len(registration.taxes) and sheet["invoices"]
    shown = client.get(officers.address(DESK, "case", number))
    assert "100,000" in shown.content.decode()
    assert all(answer.done for answer in shown.context["questions"])


def test_the_officer_may_change_everything(client, number):
    changed = {"taxpayer_class": "general", "invoice_kind": "none", "taxes": ["vat", "stamp"]}
    assert officers.send(client, DESK, number, **changed).status_code == 302
    registration = TaxRegistration.objects.get()
    assert registration.taxpayer_class == "general" and registration.taxes == ["vat", "stamp"]
    assert registration.invoice_quota_fen == 0


def test_a_limit_above_the_quota_is_said_beside_the_field(client, number):
    answer = officers.send(client, DESK, number, invoice_limit="200000", invoice_quota="1000")
    assert answer.status_code == 422 and answer.context["form"].errors["invoice_limit"]
    assert 'value="200000"' in answer.content.decode()
    assert not TaxRegistration.objects.exists()


def test_no_tax_at_all_is_refused(client, number):
    answer = officers.send(client, DESK, number, taxes=[])
    assert answer.status_code == 422 and answer.context["form"].errors["taxes"]


def test_only_the_fields_of_the_desk_are_shown_and_people_are_masked(client, number):
    shown = client.get(officers.address(DESK, "case", number))
    text, filing = shown.content.decode(), shown.context["page"].filing
    assert filing.answer("seals.phone") not in text and filing.answer("bank.branch") not in text
    for person in filing.people:
        assert person.id_number not in text and person.phone not in text


def test_the_tax_desk_returns_its_own_fields_alone(client, number):
    opened = client.post(officers.address(DESK, "return", number), {"round": "1"})
    grounds = {ground.standard.id: ground for ground in opened.context["grounds"].grounds}
    offered = {pin.key for ground in grounds.values() for pin in (*ground.pins, *ground.more)}
    assert offered and all(key.split(".")[0] in ("tax", "contacts", "materials") for key in offered)
    values = {
        "send": "1",
        "round": "1",
        "cite-T-03": "1",
        "pins-T-03": ["tax.accounting_system"],
        "how-T-03-tax.accounting_system": "Other one.",
    }
    assert client.post(officers.address(DESK, "return", number), values).status_code == 302
    assert Stage.objects.get(department=DESK).state == flow.RETURNED
    shown = client.get(officers.address(DESK, "case", number))
    assert "waits for the applicant" in shown.context["keys"].note


def test_a_second_click_and_a_second_officer(client, number, staff):
    values = {
        **officers.filled(page := client.get(officers.address(DESK, "case", number))),
        **officers.met(page),
    }
    url = officers.address(DESK, "close", number)
    for _press in range(2):
        assert client.post(url, values).status_code == 302
    other = officers.browser(factories.officer(DESK, staff[DESK].zone))
    late = other.post(url, values)
    assert late.status_code == 409 and str(staff[DESK]) in late.content.decode()
    assert TaxRegistration.objects.count() == 1
