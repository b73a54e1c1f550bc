"""What people type is refused with a sentence, or it is kept: nothing that was taken breaks a later step."""

import pytest

from kernel.cases import actions
from kernel.cases.models import Person
from kernel.core.errors import Incomplete
from kernel.form import flow
from kernel.standards import evaluation
from social_security import rules
from tests import driving, factories, filings, officers
from tests.codes import REGISTRATION, TAX

pytestmark = pytest.mark.django_db
LONG_NAME = (
    "Maria Aparecida dos Santos Albuquerque Figueiredo de Neto"  # 57 characters, as on a passport
)


def named(draft, name: str):
    """The draft with this name for its legal representative, typed on the page of the person."""
    head = draft.people.get(uid=draft.answers["officers"]["legal_representative"])
    address = f"/filings/{draft.ref}/people/{head.uid}/"
    answer = officers.browser(draft.applicant).post(address, {**head.data, "name": name})
    return answer


@pytest.mark.parametrize("name", [LONG_NAME, "M" * 60])
def test_a_long_name_is_approved_and_goes_all_the_way(staff, name):
    draft = factories.draft(zone=staff[TAX].zone)
    assert named(draft, name).status_code == 302
    case = factories.submit(actor=draft.applicant, application_id=draft.pk)
    for department in flow.usual():
        case = driving.work(department, staff[department], case)
    assert case.state == flow.COMPLETED and case.legal_representative == name


@pytest.mark.parametrize("length", [61, 200])
def test_a_name_that_no_column_holds_is_said_on_the_page_and_at_the_submit(zone, length):
    draft = factories.draft(zone=zone)
    assert named(draft, "M" * length).status_code == 422
    with pytest.raises(Incomplete) as refused:
        factories.submit(actor=draft.applicant, application_id=draft.pk)
    assert any("60" in sentence for sentence, _fields in refused.value.problems)


def test_a_case_filed_before_with_such_a_name_is_returned_with_the_sentence(staff):
    case = factories.filed(zone=staff[TAX].zone)
    head = Person.objects.get(uid=case.answers["officers"]["legal_representative"])
    head.data["name"] = "M" * 61
    head.save()
    stage = driving.take(REGISTRATION, staff[REGISTRATION], case)
    with pytest.raises(Incomplete):
        driving.close(REGISTRATION, staff[REGISTRATION], case, stage)


def test_the_recipient_that_the_page_proposes_fits(zone):
    draft = factories.draft(zone=zone)
    named(draft, LONG_NAME)
    answers = {**draft.answers["seals"], "recipient": LONG_NAME}
    assert (
        officers.browser(draft.applicant).post(f"/filings/{draft.ref}/seals/", answers).status_code
        == 302
    )


def test_every_answer_of_a_draft_may_be_as_long_as_one_is_kept(zone):
    """Right or wrong, what was typed is stored; at the submit it is said."""
    draft = factories.draft(zone=zone)
    for section, values in draft.answers.items():
        long = {
            name: value if isinstance(value, list) else "9" * 200 for name, value in values.items()
        }
        if section == "name":
            long["company_type"] = "1130"
        actions.save_section(
            actor=draft.applicant, application_id=draft.pk, section=section, values=long
        )
    with pytest.raises(Incomplete):
        factories.submit(actor=draft.applicant, application_id=draft.pk)


def test_a_branch_that_is_none_is_still_to_be_chosen(zone):
    draft = factories.draft(zone=zone)
    bank = {**draft.answers["bank"], "branch": "B" * 31}
    actions.save_section(
        actor=draft.applicant, application_id=draft.pk, section="bank", values=bank
    )
    with pytest.raises(Incomplete) as refused:
        factories.submit(actor=draft.applicant, application_id=draft.pk)
    assert ("bank.branch",) in [tuple(fields) for _sentence, fields in refused.value.problems]


@pytest.mark.parametrize("count", ["0" * 8 + "1" + "9" * 12, "1" * 10, "1000000"])
def test_employees_beyond_reason_are_said_and_never_reach_a_column(count):
    filing = filings.complete_filing(social_security__employee_count=count)
    findings = evaluation.evaluate(filing, filings.latest_standards())
    failed = [finding.detail for finding in findings if finding.failed]
    assert any("100" in sentence for sentence in failed)
    assert rules.decide(filing).employees < 2**31
