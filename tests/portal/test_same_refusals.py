"""What a desk's page refuses, the interface refuses with the same sentence: there is one door behind both."""

from importlib import import_module

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from housing_fund import CODE as HOUSING_FUND
from kernel.accounts import authorities
from kernel.cases import actions, desks, return_rules
from kernel.cases.actions import stages
from kernel.cases.locked_case import Case
from kernel.cases.models import Application, Stage
from kernel.cases.rights import pinnable
from kernel.core import departments
from kernel.core.moment import now
from kernel.form import filing, flow
from kernel.form.filing import MOST_EMPLOYEES
from kernel.standards import evaluation, publishing
from portal.api.refusals import RefusalsAnswered
from portal.api.serializers import RESULT
from social_security.models import Registration
from social_security.rules import LONGEST_NUMBER
from tax.rules import FEN, MOST_YUAN
from tests import driving, factories, officers, refusals
from tests.codes import REGISTRATION, SEALS, SOCIAL_SECURITY, TAX
from tests.factories import MORNING

pytestmark = pytest.mark.django_db
CONFLICT, UNREADABLE = 409, 422
DIGITAL = {"invoice_kind": "digital"}
# Department, what is entered on its page, what its system posts.
ENTERED = [
    (TAX, {"taxpayer_class": ""}, {"taxpayer_class": ""}),
    (TAX, {"taxpayer_class": "huge"}, {"taxpayer_class": "huge"}),
    (TAX, {"accounting_system": ""}, {"accounting_system": ""}),
    (TAX, {"invoice_kind": "paper"}, {"invoice_kind": "paper"}),
    (TAX, {"taxes": []}, {"taxes": []}),
    (TAX, {"taxes": ["vat", "nonsense"]}, {"taxes": ["vat", "nonsense"]}),
    (TAX, DIGITAL | {"invoice_quota": ""}, DIGITAL | {"invoice_quota_fen": 0}),
    (
        TAX,
        DIGITAL | {"invoice_limit": "2000", "invoice_quota": "1000"},
        DIGITAL | {"invoice_limit_fen": 2000 * FEN, "invoice_quota_fen": 1000 * FEN},
    ),
    (
        TAX,
        DIGITAL | {"invoice_quota": str(MOST_YUAN + 1)},
        DIGITAL | {"invoice_quota_fen": (MOST_YUAN + 1) * FEN},
    ),
    (
        TAX,
        DIGITAL | {"invoice_limit": "-1"},
        DIGITAL | {"invoice_limit_fen": -FEN},
    ),
    (SOCIAL_SECURITY, {"number": " "}, {"number": " "}),
    (
        SOCIAL_SECURITY,
        {"number": "1" * (LONGEST_NUMBER + 1)},
        {"number": "1" * (LONGEST_NUMBER + 1)},
    ),
    (
        SOCIAL_SECURITY,
        {"employees": str(MOST_EMPLOYEES + 1)},
        {"employees": MOST_EMPLOYEES + 1},
    ),
    (SOCIAL_SECURITY, {"employees": "-1"}, {"employees": -1}),
    (SOCIAL_SECURITY, {"first_day": ""}, {"first_day": None}),
    (SOCIAL_SECURITY, {"first_day": "9999-12-31"}, {"first_day": "9999-12-31"}),
    (HOUSING_FUND, {"number": " "}, {"number": " "}),
    (HOUSING_FUND, {"number": "1" * 41}, {"number": "1" * 41}),
    (HOUSING_FUND, {"people": str(MOST_EMPLOYEES + 1)}, {"people": MOST_EMPLOYEES + 1}),
    (HOUSING_FUND, {"base": "-1"}, {"base_fen": -FEN}),
    (HOUSING_FUND, {"people": "0"}, {"people": 0}),
    (HOUSING_FUND, {"rate": "99"}, {"rate": 99}),
]

# What the interface can't be told no with, though its doors lead there, and why.
UNTRIED = {
    "Cite at least one standard that is not met.": "a return without grounds can't be read: 400",
    "%(standard)s: say how to put it right.": "nor can a ground without a text: 400",
    "Nothing of this case is promised for later.": "only the licence desk defers, on its page",
    "Refused(sentence)": "a number that is taken: the desk hands its words on, and they are tried",
    "Refused(no_diary())": "a place at the bank is booked at the submit, on its page",
    "Refused(bar_sentence(barred[0]))": "only the licence desk defers, on its page",
}


ANSWERED: set[str] = set()  # every sentence with which the interface refused in this file
RUN: set[str] = set()  # the tests of this file that were run


@pytest.fixture(autouse=True)
def _morning(travel, monkeypatch, request):
    travel(MORNING)
    RUN.add(request.function.__name__)
    refuse = RefusalsAnswered.handle_exception
    monkeypatch.setattr(
        RefusalsAnswered, "handle_exception", lambda view, error: keep(refuse(view, error))
    )


def keep(answer):
    ANSWERED.add(str(answer.data.get("detail", "")))
    ANSWERED.update(problem["sentence"] for problem in answer.data.get("problems", ()))
    return answer


@pytest.fixture
def staff():
    """Of a zone in which every department is at work."""
    everywhere = {code: True for code in departments.codes()}
    return driving.staff(factories.ZoneFactory(settings={"departments": everywhere}))


def settling(staff):
    """A case whose three parallel stages are open."""
    return driving.carried(staff, (REGISTRATION, SEALS), zone=staff[TAX].zone)


class Both:
    """The page and the interface of one desk, for one case in its officer's hands."""

    def __init__(self, staff, department, case=None):
        self.department, self.officer = department, staff[department]
        self.case = case or settling(staff)
        self.stage = driving.take(department, self.officer, self.case)
        self.client = officers.browser(self.officer)

    def page(self, seen=None, **changes):
        """Status and sentences of the page; `seen` is it as it was opened before."""
        seen = seen or self.seen()
        url = officers.address(self.department, "close", self.case.number)
        answer = self.client.post(url, {**seen, **changes})
        errors = answer.context["errors"] if answer.context else []
        return answer.status_code, {str(error["text"]) for error in errors}

    def seen(self) -> dict:
        shown = self.client.get(officers.address(self.department, "case", self.case.number))
        return {**officers.filled(shown), **officers.met(shown)}

    def api(self, result=None, **changes):
        confirmed = sorted(driving.confirmations(self.case, self.department))
        body = {"round": 1, "confirmed": confirmed, self.department: result or {}, **changes}
        url = reverse("api-stage-close", args=[self.stage.pk])
        answer = self.client.post(url, body, "application/json")
        said = answer.json()
        problems = {problem["sentence"] for problem in said.get("problems", ())}
        return answer.status_code, problems or {said.get("detail", "")}


@pytest.mark.parametrize(("department", "entered", "posted"), ENTERED)
def test_a_result_that_can_t_be_is_refused_alike(staff, department, entered, posted):
    both = Both(staff, department)
    status, sentences = both.page(**entered)
    assert status == UNREADABLE and sentences
    assert both.api(posted) == (UNREADABLE, sentences)
    assert factories.stage(both.case, department).state == flow.OPEN


def test_a_number_of_another_company_is_refused_alike_however_it_is_spaced(staff):
    driving.work(SOCIAL_SECURITY, staff[SOCIAL_SECURITY], settling(staff))
    number = Registration.objects.get().number
    both = Both(staff, SOCIAL_SECURITY)
    status, sentences = both.page(number=number)
    assert status == CONFLICT and "already has this registration number" in sentences.pop()
    for written in (number, f"{number[:4]} {number[4:]}"):
        status, sentences = both.api({"number": written})
        assert status == CONFLICT and "already has this registration number" in sentences.pop()


def decided(both, staff):
    driving.close(both.department, both.officer, both.case, both.stage)
    other = factories.officer(both.department, both.officer.zone)
    both.client = officers.browser(other)


def held(both, staff):
    Stage.objects.filter(pk=both.stage.pk).update(
        holder=factories.officer(both.department, both.officer.zone), taken_at=now()
    )


def returned(both, staff):
    Stage.objects.filter(pk=both.stage.pk).update(state=flow.RETURNED)


def of_another_round(both, staff):
    Stage.objects.filter(pk=both.stage.pk).update(round=2)


@pytest.mark.parametrize("department", RESULT)
@pytest.mark.parametrize("meanwhile", [decided, held, returned, of_another_round])
def test_who_comes_too_late_is_told_alike(staff, department, meanwhile):
    both = Both(staff, department)
    seen = both.seen()
    meanwhile(both, staff)
    status, sentences = both.page(seen)
    assert status == CONFLICT and sentences
    assert both.api() == (CONFLICT, sentences)


@pytest.mark.parametrize("department", RESULT)
def test_a_question_that_nobody_answered_is_named_by_both(staff, department):
    both = Both(staff, department)
    asked = driving.confirmations(both.case, department)
    _status, sentences = both.api(confirmed=[])
    assert all(any(id in said for said in sentences) for id in asked)
    status, sentences = both.page(**{f"q-{id}": "" for id in asked})
    assert status == UNREADABLE or not asked
    assert all(any(id in said for said in sentences) for id in asked)


def test_a_page_that_can_t_be_read_closes_nothing_that_went_back_to_the_line(staff):
    both = Both(staff, SOCIAL_SECURITY)
    seen = both.seen()
    Stage.objects.filter(pk=both.stage.pk).update(holder=None, taken_at=None)
    status, sentences = both.page(seen, employees="some")
    assert status == UNREADABLE and sentences
    assert factories.stage(both.case, SOCIAL_SECURITY).state == flow.OPEN


@pytest.mark.parametrize("department", RESULT)
def test_what_is_left_out_is_as_the_rules_decide_by_both(staff, department):
    by_page, by_system = Both(staff, department), Both(staff, department)
    assert by_page.page()[0] == 302
    assert by_system.api()[0] == 200
    page, system = (
        getattr(one.case, {"tax": "tax_registration"}.get(department, department))
        for one in (by_page, by_system)
    )
    for field in page._meta.fields:
        if field.name not in {"application", "number", "contact"}:
            assert getattr(page, field.name) == getattr(system, field.name), field.name


def test_who_helped_at_the_counter_decides_by_neither(staff):
    both = Both(staff, TAX)
    seen = both.seen()
    Application.objects.filter(pk=both.case.pk).update(helpers=[both.officer.pk])
    Stage.objects.filter(pk=both.stage.pk).update(holder=None, taken_at=None)
    status, sentences = both.api()
    assert status == CONFLICT and both.page(seen) == (CONFLICT, sentences)
    assert "worked on this filing at the counter" in sentences.pop()
    assert factories.stage(both.case, TAX).state == flow.OPEN


def test_without_invoices_there_are_no_amounts_by_either(staff):
    both = Both(staff, TAX)
    assert both.api({"invoice_kind": "none", "invoice_quota_fen": 100 * FEN})[0] == 200
    registration = both.case.tax_registration
    assert registration.invoice_limit_fen == registration.invoice_quota_fen == 0


def standards_of(both, without=()):
    """A standard of the desk with a field that it may ask to correct, and one field of it."""
    standards = publishing.named(both.case.standards_versions)
    for standard in standards.of(both.department):
        keys = [key for key in standard.fields if key in pinnable(both.department)]
        if keys and standard.id not in without and standard.concerns(both.case.company_type):
            return standard, keys[0]
    raise AssertionError(both.department)


def filing_of(case):
    return filing.read(case, case.people.all(), list(case.materials.all()), localdate(MORNING))


def returned_by_page(both, grounds: list[dict], round=1):
    form = {"send": "1", "round": str(round)}
    for ground in grounds:
        form |= {
            f"cite-{ground['standard']}": "1",
            f"pins-{ground['standard']}": ground["fields"],
            **{f"how-{ground['standard']}-{key}": ground["how_to_fix"] for key in ground["fields"]},
        }
    url = officers.address(both.department, "return", both.case.number)
    answer = both.client.post(url, form)
    return answer.status_code, {str(error["text"]) for error in answer.context["errors"]}


def returned_by_api(both, grounds: list[dict], round=1):
    url = reverse("api-stage-return", args=[both.stage.pk])
    answer = both.client.post(url, {"round": round, "grounds": grounds}, "application/json")
    said = answer.json()
    problems = {problem["sentence"] for problem in said.get("problems", ())}
    return answer.status_code, problems or {said.get("detail", "")}


def test_a_ground_of_two_fields_is_refused(staff):
    """The page makes one of each field by itself."""
    both = Both(staff, TAX)
    standard, key = standards_of(both)
    other = next(one for one in pinnable(TAX) if one != key)
    grounds = [{"standard": standard.id, "fields": [key, other], "how_to_fix": "Put it right."}]
    sentence = f"{standard.id}: say of each field by itself how to put it right."
    assert returned_by_api(both, grounds) == (UNREADABLE, {sentence})


@pytest.mark.parametrize("department", RESULT)
def test_a_return_without_a_ground_or_a_pin_is_refused_alike(staff, department):
    both = Both(staff, department)
    standard, key = standards_of(both)
    for fields, how in (([], "Put it right."), (["name.trade_name"], "Put it right.")):
        grounds = [{"standard": standard.id, "fields": fields, "how_to_fix": how}]
        status, sentences = returned_by_api(both, grounds)
        assert status == UNREADABLE and sentences
        if not fields:  # the page offers no field that can't be corrected
            assert returned_by_page(both, grounds) == (status, sentences)
    assert returned_by_page(both, [])[0] == UNREADABLE
    assert factories.stage(both.case, department).state == flow.OPEN


@pytest.mark.parametrize("department", RESULT)
def test_a_return_that_comes_too_late_is_refused_alike(staff, department):
    both = Both(staff, department)
    standard, key = standards_of(both)
    grounds = [{"standard": standard.id, "fields": [key], "how_to_fix": "Put it right."}]
    held(both, staff)
    status, sentences = returned_by_page(both, grounds)
    assert status == CONFLICT and sentences
    assert returned_by_api(both, grounds) == (status, sentences)


@pytest.mark.parametrize("department", RESULT)
def test_without_the_name_of_its_authority_neither_closes(staff, department):
    zone = staff[department].zone
    ((setting, _whom),) = departments.department(department).authorities
    both = Both(staff, department)
    zone.settings = {key: value for key, value in zone.settings.items() if key != setting}
    zone.save()
    status, sentences = both.page()
    assert status == UNREADABLE and any(setting in said for said in sentences)
    assert both.api() == (status, sentences)


@pytest.mark.parametrize("department", RESULT)
def test_a_paper_with_a_hole_is_refused_alike(staff, department, monkeypatch):
    both = Both(staff, department)
    desk = type(desks.desk(department))
    closed = desk.closed

    def nameless(self, case, stage, **granted):
        case.application.name = ""
        return closed(self, case, stage, **granted)

    monkeypatch.setattr(desk, "closed", nameless)
    status, sentences = both.page()
    assert status == UNREADABLE and "for this is missing: Company name." in sentences.pop()
    status, sentences = both.api()
    assert status == UNREADABLE and "for this is missing: Company name." in sentences.pop()


@pytest.mark.parametrize("department", RESULT)
def test_who_has_as_many_as_the_zone_allows_is_handed_no_more_by_either(staff, department):
    both = Both(staff, department)
    settling(staff)
    zone = staff[department].zone
    zone.settings = {**zone.settings, "most_in_hand": 1}
    zone.save()
    page = both.client.post(officers.address(department, "next"), follow=True)
    said = "You have 1 cases in hand. Finish one of them before you take the next."
    assert said in page.content.decode()
    answer = both.client.post(reverse("api-stage-next"))
    assert (answer.status_code, answer.json()["detail"]) == (CONFLICT, said)


@pytest.mark.parametrize("department", RESULT)
def test_a_standard_of_another_desk_grounds_no_return(staff, department):
    both = Both(staff, department)
    _standard, key = standards_of(both)
    grounds = [{"standard": "R-01", "fields": [key], "how_to_fix": "Put it right."}]
    status, sentences = returned_by_api(both, grounds)
    assert (status, sentences) == (UNREADABLE, {"R-01 is not a standard of this desk."})
    # The page offers none of another desk: what is sent all the same is passed over.
    assert returned_by_page(both, grounds)[0] == UNREADABLE


@pytest.mark.parametrize("department", RESULT)
def test_what_was_never_raised_is_not_raised_later_by_either(staff, department):
    both = Both(staff, department)
    standard, key = standards_of(both)
    grounds = [{"standard": standard.id, "fields": [key], "how_to_fix": "Put it right."}]
    url = reverse("api-stage-return", args=[both.stage.pk])
    body = {"round": 1, "grounds": grounds}
    assert both.client.post(url, body, "application/json").status_code == 200
    factories.resubmit(
        actor=both.case.applicant, application_id=both.case.pk, department=department
    )
    other = next(name for name in pinnable(department) if name not in standard.fields)
    later = [{"standard": standard.id, "fields": [other], "how_to_fix": "This, too."}]
    status, sentences = returned_by_page(both, later, round=2)
    assert status == UNREADABLE and "was not raised before" in min(sentences)
    assert returned_by_api(both, later, round=2) == (status, sentences)


@pytest.mark.parametrize("department", RESULT)
def test_a_return_that_leaves_out_what_fails_is_refused_alike(staff, department):
    both = Both(staff, department)
    section = departments.department(department).section.key
    both.case.answers = {**both.case.answers, section: {}}
    both.case.save(update_fields=["answers"])
    standards = publishing.named(both.case.standards_versions)
    failing = {
        finding.standard.id
        for finding in evaluation.evaluate(filing_of(both.case), standards, department=department)
        if finding.failed
    }
    standard, key = standards_of(both, without=failing)
    grounds = [{"standard": standard.id, "fields": [key], "how_to_fix": "Put it right."}]
    status, sentences = returned_by_page(both, grounds)
    assert status == UNREADABLE and "is not met either" in min(sentences)
    assert returned_by_api(both, grounds) == (status, sentences)


def test_who_has_no_part_in_it_is_refused_by_both(staff):
    """The licence desk's results come from its page alone, and its officers close no other desk's."""
    both = Both(staff, TAX)
    both.client = officers.browser(staff[REGISTRATION])
    url = officers.address(TAX, "close", both.case.number)
    assert both.client.post(url, {"round": "1"}).status_code == 404, "hidden from other desks"
    assert both.api() == (403, {"Your role does not include this step."})


def test_every_refusal_behind_the_interface_was_tried():
    """What its doors can refuse with stands in their source: a refusal more is found here, until it has a trial above
    or a reason in `UNTRIED`."""
    tests = {name for name in globals() if name.startswith("test_")}
    if tests - RUN - {"test_every_refusal_behind_the_interface_was_tried"}:
        pytest.skip("only the whole file can say so")
    kinds = [type(desks.desk(department)) for department in RESULT]
    rules = [import_module(f"{kind.__module__.rpartition('.')[0]}.rules") for kind in kinds]
    doors = [actions.take_next, actions.return_stage]
    doors += [getattr(kind, name) for kind in kinds for name in ("conditions", "closed", "close")]
    can = refusals.of_doors(doors, [Case, Stage, Application, *kinds]) | refusals.of_rules(
        [
            return_rules.faults,
            authorities.unnamed,
            stages._open_checks,
            *(kind.conditions for kind in kinds),
            *(module.faults for module in rules),
        ]
    )
    untried = {
        sentence: where
        for sentence, where in can.items()
        if not refusals.is_said(sentence, ANSWERED)
        and not where.startswith("kernel.bookings.")  # the interface books, moves and ends nothing
    }
    assert untried.keys() == UNTRIED.keys(), untried
    assert len(can) > 30
