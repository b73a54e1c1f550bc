"""The housing fund's desk, in a zone that switches it on: what is filled in, and the registration through its pages."""

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from housing_fund import CODE, gateway, rules
from housing_fund.models import DepositRegistration
from kernel.accounts import zone_settings
from kernel.cases.models import Document, Stage
from kernel.core import departments
from kernel.form import flow
from kernel.standards import evaluation
from tests import driving, factories, filings, officers

pytestmark = pytest.mark.django_db
DESK = CODE
ON = {"departments": {CODE: True}}


@pytest.fixture
def zone(db, travel):
    travel(factories.MORNING)
    return factories.ZoneFactory(settings=ON)


@pytest.fixture
def client(staff):
    return officers.browser(staff[DESK])


def filing(**answers):
    whole = {"deposits": "yes", "people": "3", "base": "18000", "rate": "8"} | answers
    given = {f"housing_fund__{name}": value for name, value in whole.items()}
    return filings.complete_filing(departments=departments.codes(), **given)


def failed_standards(case) -> set[str]:
    return {
        finding.standard.id
        for finding in evaluation.evaluate(case, filings.latest_standards())
        if finding.failed
    }


def test_both_sides_deposit_the_same_in_whole_yuan():
    assert rules.monthly_fen(1_800_000, 8) == 2 * 144_000
    assert rules.monthly_fen(100_650, 5) == 2 * 5_000
    assert rules.monthly_fen(0, 12) == 0


def test_who_deposits_for_nobody_is_registered_without_a_base():
    assert rules.decide(filing(deposits="no")) == rules.Decision(0, 0, rules.LEAST_RATE)


@pytest.mark.parametrize(
    ("answers", "pin"),
    [
        ({"deposits": ""}, "housing_fund.deposits"),
        ({"people": ""}, "housing_fund.people"),
        ({"people": "many"}, "housing_fund.people"),
        ({"base": "plenty"}, "housing_fund.base"),
        ({"rate": "4"}, "housing_fund.rate"),
        ({"rate": "13"}, "housing_fund.rate"),
    ],
)
def test_what_is_wrong_on_its_page_is_said_at_its_field(answers, pin):
    (finding,) = [
        finding
        for finding in evaluation.evaluate(filing(**answers), filings.latest_standards())
        if finding.failed
    ]
    assert finding.standard.id == "HF-01" and finding.pins == (pin,)


@pytest.mark.parametrize("rate", range(rules.LEAST_RATE, rules.MOST_RATE + 1))
def test_every_rate_of_the_law_is_right(rate):
    assert failed_standards(filing(rate=str(rate))) == set()


def test_where_it_is_off_nothing_of_it_is_asked():
    usual = filings.complete_filing()
    assert not usual.form.has_section(CODE) and failed_standards(usual) == set()


def test_what_is_filled_in_is_registered(client, number):
    assert officers.send(client, DESK, number).status_code == 302
    registration = DepositRegistration.objects.get()
    uscc = registration.application.uscc
    assert registration.number == gateway.system().number_for(uscc)
    assert (registration.people, registration.base_fen, registration.rate) == (3, 1_800_000, 8)
    notice = registration.application.documents.get(kind="deposit_notice").facts
    assert notice["unit_number"] == registration.number and notice["monthly_fen"] == 288_000
    assert (
        notice["authority"] == registration.application.zone.settings["housing_fund_authority_name"]
    )
    shown = client.get(officers.address(DESK, "case", number)).content.decode()
    assert registration.number in shown and "2,880 yuan" in shown


def test_its_paper_is_made(client, number):
    officers.send(client, DESK, number)
    driving.make_papers_here()
    paper = Document.objects.get(kind="deposit_notice")
    assert paper.state == Document.State.READY and paper.pages == 1
    assert str(paper) == "Deposit registration notice"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"rate": "4"}, "The rate is 5 to 12 percent."),
        ({"rate": "13"}, "The rate is 5 to 12 percent."),
        ({"number": ""}, "Enter the registration number."),
        ({"people": "0"}, "People and base belong together"),
        ({"base": "0"}, "People and base belong together"),
        ({"people": "9999999"}, "Enter a whole number of people"),
    ],
)
def test_what_the_officer_enters_has_its_bounds(client, number, changes, sentence):
    answer = officers.send(client, DESK, number, **changes)
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert not DepositRegistration.objects.exists()


def test_a_number_of_another_company_is_refused_with_a_sentence(client, number, staff):
    officers.send(client, DESK, number)
    given = DepositRegistration.objects.get().number
    driving.at_desk(staff, DESK, zone=staff[DESK].zone)
    answer = officers.send(client, DESK, officers.taken(client, DESK), number=given)
    assert answer.status_code == 409
    assert "Another company already has this registration number" in answer.content.decode()


def test_only_the_fields_of_the_desk_are_shown(client, number):
    shown = client.get(officers.address(DESK, "case", number))
    text, case = shown.content.decode(), shown.context["page"].filing
    assert case.answer("seals.phone") not in text
    assert case.holder_of("finance").phone not in text  # until the officer calls the contact
    assert all(person.id_number not in text for person in case.people)


class TestAway:
    """Its own system doesn't answer: the officer's work stands."""

    class Away:
        def number_for(self, uscc):
            raise OSError("line is down")

        register = number_for

    def test_the_number_is_entered_by_hand(self, client, staff, monkeypatch, zone):
        monkeypatch.setattr(gateway.system, "_connected", self.Away())
        driving.at_desk(staff, DESK, zone=zone)
        number = officers.taken(client, DESK)
        answer = officers.send(client, DESK, number)
        assert answer.status_code == 422
        assert "doesn&#x27;t answer just now" in answer.content.decode()
        assert officers.send(client, DESK, number, number="GJJ1").status_code == 302
        assert Stage.objects.get(department=DESK).state == flow.DONE


class TestInterface:
    """The fund's own system closes the stage."""

    @pytest.fixture
    def close(self, staff, zone):
        case = driving.taken(staff, DESK, zone=zone)
        stage = factories.stage(case, DESK)
        web = APIClient()
        web.force_authenticate(staff[DESK])
        body = {"round": 1, "confirmed": sorted(driving.confirmations(case, DESK))}

        def send(**result):
            return web.post(
                reverse("api-stage-close", args=[stage.pk]), {**body, DESK: result}, format="json"
            )

        return send

    def test_a_result_is_registered(self, close):
        answer = close(number="GJJ77", rate=12)
        assert answer.status_code == 200, answer.content
        registration = DepositRegistration.objects.get()
        assert (registration.number, registration.people, registration.rate) == ("GJJ77", 3, 12)

    def test_beyond_the_law_it_is_refused_with_the_sentence_of_the_page(self, close):
        answer = close(rate=13)
        assert answer.status_code == 422
        assert "12" in answer.json()["problems"][0]["sentence"]


class TestSwitch:
    """A zone switches it on; a case keeps the flow that it was filed under."""

    def test_a_case_goes_through_it_and_ends(self, staff, zone):
        case = driving.carried(staff, departments.at_work(zone.setting("departments")), zone=zone)
        assert case.state == flow.COMPLETED
        assert case.stages.filter(department=DESK, state=flow.DONE).exists()

    def test_one_filed_before_ends_without_it(self, zone):
        zone.settings = {**zone.settings, "departments": {}}
        zone.save()
        people = driving.staff(zone)
        case = driving.carried(people, flow.usual()[:2], zone=zone)
        zone.settings = {**zone.settings, **ON}
        zone.save()
        for department in flow.usual()[2:]:
            case = driving.work(department, people[department], case)
        assert case.state == flow.COMPLETED and not case.stages.filter(department=DESK).exists()

    def test_one_filed_with_it_goes_on_when_it_is_switched_off(self, staff, zone):
        case = driving.carried(staff, flow.usual(), zone=zone)
        zone.settings = {**zone.settings, "departments": {}}
        zone.save()
        assert case.state == flow.SETTLING
        assert driving.work(DESK, staff[DESK], case).state == flow.COMPLETED

    @pytest.mark.parametrize(
        "value", [[CODE], {CODE: "yes"}, {"customs": True}, {flow.waves()[0].departments[0]: False}]
    )
    def test_a_switch_that_the_flow_could_not_work_with_is_refused(self, value):
        assert list(zone_settings.faults({"departments": value})) == ["departments"]
        assert zone_settings.faults(ON) == {}
