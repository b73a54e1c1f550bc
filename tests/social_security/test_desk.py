"""The social security desk: what the rules fill in, and the registration through its pages."""

from datetime import date

import pytest

from kernel.standards import evaluation
from social_security import gateway, rules
from social_security.models import Registration
from tests import driving, filings, officers
from tests.codes import SOCIAL_SECURITY

pytestmark = pytest.mark.django_db
DESK = SOCIAL_SECURITY


@pytest.fixture
def client(staff):
    return officers.browser(staff[DESK])


def test_people_are_enrolled_within_thirty_days():
    assert rules.enrol_by(date(2026, 3, 18)) == date(2026, 4, 17)
    assert rules.enrol_by(None) is None


def test_nobody_hired_yet_means_no_day():
    decision = rules.decide(filings.complete_filing(social_security__has_employees="no"))
    assert decision.employees == 0 and decision.first_day is None


@pytest.mark.parametrize(
    ("industry", "rate"), [("6513", "0.2%"), ("0610", "1.9%"), ("nothing", "0.2%")]
)
def test_work_injury_goes_by_industry(industry, rate):
    injury = rules.insurances(filings.complete_filing(scope__industry=industry), {})[-1]
    assert injury.key == "injury" and injury.employer == rate


def test_a_zone_has_its_own_rates():
    own = {"social_security_rates": {"pension": {"employer": "14%"}}}
    pension = rules.insurances(filings.complete_filing(), own)[0]
    assert pension.employer == "14%" and pension.employee == "8%"


def test_what_is_filled_in_is_registered(client, number):
    assert officers.send(client, DESK, number).status_code == 302
    registration = Registration.objects.get()
    uscc = registration.application.uscc
    assert registration.number == gateway.system().number_for(uscc)
    assert registration.employees == 3
    assert registration.first_day == date(2026, 3, 18) and registration.enrol_by == date(
        2026, 4, 17
    )
    receipt = registration.application.documents.get(kind="social_security_receipt").facts
    assert receipt["unit_number"] == registration.number and len(receipt["insurances"]) == 4
    shown = client.get(officers.address(DESK, "case", number))
    assert registration.number in shown.content.decode()


def test_employees_need_their_first_day(client, number):
    answer = officers.send(client, DESK, number, first_day="")
    assert answer.status_code == 422 and answer.context["form"].errors["first_day"]


def test_a_number_of_another_company_is_refused_with_a_sentence(client, number, staff):
    officers.send(client, DESK, number)
    given = Registration.objects.get().number
    driving.at_desk(staff, DESK, zone=staff[DESK].zone)
    other = officers.taken(client, DESK)
    answer = officers.send(client, DESK, other, number=given)
    assert answer.status_code == 409
    assert "Another company already has this registration number" in answer.content.decode()
    assert f'value="{given}"' in answer.content.decode()


def test_only_the_fields_of_the_desk_are_shown(client, number):
    shown = client.get(officers.address(DESK, "case", number))
    text, filing = shown.content.decode(), shown.context["page"].filing
    assert (
        filing.holder_of("social_security").phone not in text
    )  # until the officer calls the contact
    assert filing.answer("seals.phone") not in text
    assert all(person.id_number not in text for person in filing.people)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_first_day_of_no_reckonable_year_is_said(client, number, day):
    answer = officers.send(client, DESK, number, first_day=day)
    assert answer.status_code == 422 and "check the year" in answer.content.decode()
    assert not Registration.objects.exists()


def test_a_first_day_far_ahead_is_no_day_of_the_filing():
    filing = filings.complete_filing(social_security__hired_on="9999-12-31")
    assert rules.decide(filing).first_day is None
    findings = evaluation.evaluate(filing, filings.latest_standards())
    assert any(
        finding.failed and "social_security.hired_on" in finding.fields for finding in findings
    )
