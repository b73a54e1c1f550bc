"""The bank's desk: a branch sees its own cases, verifies the intent, and opens the one basic account."""

from datetime import timedelta

import pytest
from django.utils.timezone import localtime

from banking import branches, rules
from banking.models import Account, Branch
from kernel.cases import desks
from kernel.cases.models import Stage
from kernel.core.errors import Incomplete
from kernel.core.moment import now
from kernel.form import choices
from tests import driving, factories, officers
from tests.codes import BANKING

pytestmark = pytest.mark.django_db
DESK = BANKING
NUMBERS = officers.ENTERED[DESK]


@pytest.fixture(autouse=True)
def _branches():
    branches.forget()


@pytest.fixture
def client(staff):
    return officers.browser(factories.officer(DESK, staff[DESK].zone, unit="ICBC-GX"))


def test_the_appointment_and_the_branch_are_shown(client, number):
    shown = client.get(officers.address(DESK, "case", number))
    assert (
        "As soon as it is ready" in shown.content.decode()
        and shown.context["branch"].code == "ICBC-GX"
    )


def test_the_account_is_opened(client, number):
    assert officers.send(client, DESK, number, **NUMBERS).status_code == 302
    account = Account.objects.get()
    assert (
        account.basic_number == "J3703000000001"
        and account.branch_id == "ICBC-GX"
        and account.meeting == "video"
    )
    assert localtime(account.met_at).strftime("%H:%M") == "09:12"
    notice = account.application.documents.get(kind="bank_account_notice").facts
    assert notice["basic_account_number"] == account.basic_number and notice["bank_name"]
    shown = client.get(officers.address(DESK, "case", number))
    assert account.basic_number in shown.content.decode()


@pytest.mark.parametrize(
    "changes", [{"basic_number": "J12"}, {"basic_number": ""}, {"number": "abc"}]
)
def test_numbers_of_the_wrong_form_are_said_beside_the_field(client, number, changes):
    answer = officers.send(client, DESK, number, **{**NUMBERS, **changes})
    assert answer.status_code == 422 and set(answer.context["form"].errors) == set(changes)
    assert not Account.objects.exists()


def test_the_intent_must_be_verified(client, number):
    answer = officers.send(client, DESK, number, **{**NUMBERS, "q-B-03": ""})
    assert answer.status_code == 422 and "B-03" in answer.content.decode()


def test_a_meeting_that_lies_ahead_has_not_taken_place(client, number):
    answer = officers.send(client, DESK, number, **NUMBERS, met_at="2026-03-19T14:30")
    assert answer.status_code == 422 and answer.context["form"].errors["met_at"]


@pytest.mark.parametrize("at", ["0001-01-01T00:00", "2026-03-17T14:30"])
def test_a_meeting_before_the_filing_is_a_slip(client, number, at):
    answer = officers.send(client, DESK, number, **NUMBERS, met_at=at)
    assert answer.status_code == 422 and answer.context["form"].errors["met_at"]


def test_a_number_of_another_account_is_refused_with_a_sentence(client, number, staff):
    officers.send(client, DESK, number, **NUMBERS)
    driving.at_desk(staff, DESK, zone=staff[DESK].zone)
    other = officers.taken(client, DESK)
    answer = officers.send(client, DESK, other, **NUMBERS)
    assert (
        answer.status_code == 409
        and "Another account already has this number" in answer.content.decode()
    )
    assert "J3703000000001" in answer.content.decode()


def test_officers_of_another_branch_do_not_see_the_case(client, number, staff):
    Branch.objects.create(code="OTHER", zone=staff[DESK].zone, name="Other", name_en="Other")
    stranger = officers.browser(factories.officer(DESK, staff[DESK].zone, unit="OTHER"))
    assert stranger.get(officers.address(DESK, "case", number)).status_code == 404
    assert stranger.post(officers.address(DESK, "close", number), {"round": "1"}).status_code == 404
    assert number not in stranger.get(officers.address(DESK, "queue")).content.decode()


def test_a_zone_sets_the_form_of_the_numbers():
    assert rules.fits_basic_number("J3703000000001", {})
    assert rules.fits_basic_number("Z9", {"basic_account_format": r"Z\d"})
    assert not rules.fits_account_number("1", {})


def test_branches_are_offered_and_named(staff):
    zone = staff[DESK].zone
    assert choices.offered("bank.branch", zone) == [("ICBC-GX", "Bank")]
    assert (
        choices.label("bank.branch", "ICBC-GX") == "Bank"
        and choices.label("bank.branch", "gone") == "gone"
    )
    Branch.objects.filter(code="ICBC-GX").first().delete()
    assert choices.offered("bank.branch", zone) == []


@pytest.mark.parametrize("met_at", [timedelta(hours=1), timedelta(days=-2)])
def test_the_desk_itself_looks_at_the_day_of_the_meeting(number, staff, met_at):
    """Whoever closes it: the page's form was once the only one that did."""
    stage = Stage.objects.get(department=DESK)
    case = stage.application
    with pytest.raises(Incomplete) as refused:
        desks.desk(DESK).close(
            actor=stage.holder,
            stage_id=stage.pk,
            round=1,
            confirmed=driving.confirmations(case, DESK),
            met_at=now() + met_at,
            **NUMBERS,
        )
    assert len(refused.value.problems) == 1 and not Account.objects.exists()


def test_the_question_about_the_intent_stands_for_it(number, staff):
    stage = Stage.objects.get(department=DESK)
    given = {"actor": stage.holder, "stage_id": stage.pk, "round": 1, **NUMBERS}
    asked = driving.confirmations(stage.application, DESK)
    with pytest.raises(Incomplete):
        desks.desk(DESK).close(**given, confirmed=asked - {"B-03"})
    desks.desk(DESK).close(**given, confirmed=asked)
    assert Account.objects.exists()


def test_a_branch_that_is_gone_is_said_and_not_another_fault(staff):
    """The supervisor is told to be asked; without this the officer reads that the number was taken."""
    case = driving.at_desk(staff, DESK, zone=staff[DESK].zone)
    Stage.objects.filter(application=case, department=DESK).update(unit="GONE")
    client = officers.browser(staff[DESK])
    number = officers.taken(client, DESK)
    answer = officers.send(client, DESK, number, **NUMBERS)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "The branch is not known. Ask the supervisor." in shown
    assert "already has this number" not in shown
    assert not Account.objects.exists()
