"""Mistakes on purpose, typed on the real pages: each is said once, at its field, all at once, and nothing is lost."""

from collections import Counter

import pytest
from django.urls import reverse

from kernel.form import flow
from kernel.form.fields import form
from kernel.standards import publishing
from tests import factories
from tests.applicant import begun, page, stored
from tests.filings import TEXTS, resident_id
from tests.officers import browser

pytestmark = pytest.mark.django_db

WORDS = TEXTS["words"]
NAME, OTHER = TEXTS["people"][:2]
ID = resident_id("19900101", 101)
WRONG_ID = ID[:-1] + ("1" if ID[-1] == "0" else "0")

# By page: what is typed, and how often each field is told of a mistake.
PAGES = {
    "name": (
        {
            "division": WORDS["other_city"],
            "trade_name": WORDS["one"],
            "industry_term": "IT",
            "organisation_form": "Ltd",
        },
        {"trade_name": 1, "industry_term": 1, "organisation_form": 1},
    ),
    "scope": ({"industry": "65", "items": ["I3006", "X9"]}, {"industry": 1, "items": 1}),
    "address": (
        {"division": "", "detail": "", "proof": "leased", "lease_until": "2026-03-01"},
        {"division": 1, "detail": 1, "lease_until": 1},
    ),
    "capital": (
        {"amount": "-5", "paid_by": "2032-05-01", "property": "none"},
        {"amount": 1, "paid_by": 1, "property": 1},
    ),
    "officers": (
        {"legal_representative": 0, "director": 1, "manager": "", "supervisor": 1},
        {"legal_representative": 4, "manager": 1, "supervisor": 1},
    ),  # three mistakes are the person's own
    "contacts": (
        {"finance": "", "tax_agent": "", "social_security": ""},
        {"finance": 1, "tax_agent": 1, "social_security": 1},
    ),
    "agent": (
        {"files_by": "agent", "agent": "", "powers": [], "until": "2026-01-01"},
        {"agent": 1, "powers": 1, "until": 1},
    ),
    "seals": (
        {
            "contract_seal": "",
            "delivery": "courier",
            "recipient": "",
            "phone": "123",
            "address": "",
        },
        {"contract_seal": 1, "recipient": 1, "phone": 1, "address": 1},
    ),
    "tax": (
        {"taxpayer_class": "", "accounting_system": "", "invoice_kind": "", "withholding": ""},
        {"taxpayer_class": 1, "accounting_system": 1, "invoice_kind": 1, "withholding": 1},
    ),
    "social_security": (
        {"has_employees": "yes", "employee_count": "0", "hired_on": "2026-01-01"},
        {"employee_count": 1, "hired_on": 1},
    ),
    "bank": (
        {"branch": "", "meeting": "", "appointment": ""},
        {"branch": 1, "meeting": 1, "appointment": 1},
    ),
}
PERSON = {
    "name": NAME,
    "id_number": WRONG_ID,
    "phone": "12345",
    "contribution": "some",
    "contribution_form": "",
    "contribution_due": "2033-01-01",
}

OF_ALL = {
    "name_has_four_parts",
    "name_is_in_chinese",
    "company_type_fits_shareholders",
    "industry_is_known",
    "scope_has_items",
    "address_is_complete",
    "lease_goes_on",
    "address_proof_is_uploaded",
    "id_numbers_are_right",
    "mobile_numbers_are_right",
    "contacts_are_named",
    "both_sides_are_uploaded",
    "id_cards_are_valid",
    "seals_can_be_delivered",
    "tax_is_answered",
    "social_security_is_answered",
    "employees_enrol_in_time",
    "bank_is_chosen",
    "appointment_lies_ahead",
    "agent_is_authorised",
}
OF_COMPANIES = {
    "capital_is_an_amount",
    "capital_is_paid_in_time",
    "contributions_add_up",
    "contributions_are_due_in_time",
    "legal_representative_directs",
    "director_and_manager_are_named",
    "supervisor_stands_apart",
}


def told(answer) -> Counter:
    """How often each field is named in the summary on top; every sentence only once."""
    errors = answer.context["errors"]
    assert len({str(error["text"]) for error in errors}) == len(errors)
    return Counter(error["target"].removeprefix("id_") for error in errors)


def typed(company_type: str, section: str, uids: list[str]) -> dict:
    """What is typed on a page, of the fields that the type has."""
    asked = {field.name for field in form(company_type, flow.usual()).fields_of(section)}
    values = {
        name: uids[value] if isinstance(value, int) else value
        for name, value in PAGES[section][0].items()
    }
    return {name: value for name, value in values.items() if name in asked}


@pytest.mark.parametrize(
    ("company_type", "rules"),
    [
        ("1130", OF_ALL | OF_COMPANIES),
        ("9500", OF_ALL | {"property_is_chosen"}),
    ],
)
def test_every_mistake_is_said_once_with_its_remedy_and_stays_as_typed(company_type, rules, travel):
    travel(factories.MORNING)
    publishing.load_published()
    factories.ZoneFactory()
    web = browser(factories.UserFactory())
    ref = begun(web, company_type)
    new = reverse("filing:person-new", args=[ref])
    wrong = told(web.post(f"{new}?kind=natural", PERSON))
    asked = {"id_number", "id_from", "id_until", "phone"}
    asked |= set(PERSON) - {"name"} if company_type == "1130" else set()
    assert wrong == dict.fromkeys(asked, 1)
    good = {"name": OTHER, "id_number": resident_id("19800101", 102), "phone": "13800000002"}
    good |= {"id_from": "2020-01-01", "id_long_term": "on"}
    # one shareholder too few of a company, one operator too many
    second = "section=officers&role=director" if company_type == "1130" else "kind=natural"
    assert web.post(f"{new}?{second}", good).status_code == 302
    together = told(web.post(page(ref, "shareholders"), {}))
    assert together == {"": 6 if company_type == "1130" else 4}, (
        "how many, number, card, phone; amount and day of companies"
    )
    uids = [str(person.uid) for person in stored(ref).people.order_by("pk")]
    for section in filter(form(company_type, flow.usual()).has_section, PAGES):
        values = typed(company_type, section, uids)
        answer = web.post(page(ref, section), {"company_type": company_type, **values})
        assert told(answer) == {
            name: times for name, times in PAGES[section][1].items() if name in values
        }, section
        kept = stored(ref).answers[section]
        assert {name: kept[name] for name in values} == values
    points = web.get(reverse("filing:check", args=[ref])).context["open"]
    said = Counter(point.finding.standard.rule for point in points)
    assert said == dict.fromkeys([*rules, "papers_are_signed"], 1)
    assert all(point.finding.detail and point.finding.standard.fix for point in points)
    assert all(
        point.places or "papers_are_signed" in point.finding.standard.rule for point in points
    )
