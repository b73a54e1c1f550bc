"""One case through the actions: the whole way, and what must never happen on it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from kernel.cases import actions, desks, replay, trail
from kernel.cases.models import Application, Document, Event
from kernel.core import departments
from kernel.core.errors import AlreadyDecided, Incomplete, NotAllowed, Stale
from kernel.form import flow
from kernel.form.codes import uscc_check
from kernel.sla.models import Clock, Span
from kernel.sla.tasks import sweep
from tests import driving, factories, seconds
from tests.codes import REGISTRATION, TAX
from tests.factories import MORNING

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _morning(travel):
    travel(MORNING)


@pytest.fixture
def zone():
    return factories.ZoneFactory()


@pytest.fixture
def officers(zone):
    return driving.staff(zone)


def watched(departments) -> list[str]:
    """The clocks over any of these departments."""
    return [name for name, rule in flow.clocks().items() if set(rule.covers) & set(departments)]


@pytest.mark.parametrize("company_type", ["1130", "1151", "1152"])
def test_a_case_goes_from_draft_to_completed(company_type):
    case = driving.completed(company_type)
    case.refresh_from_db()
    assert case.state == flow.COMPLETED and case.review_code
    assert uscc_check(case.uscc).ok
    assert trail.faults(case) == []
    state, stages = replay.fold(case.events.order_by("seq"))
    assert state == flow.COMPLETED and set(stages.values()) == {flow.DONE}
    assert set(case.documents.values_list("kind", flat=True)) >= {
        "licence",
        "approval_notice",
        "articles",
        "seal_receipt",
        "tax_confirmation",
        "social_security_receipt",
        "bank_account_notice",
    }
    clocks = Clock.objects.filter(owner=case.uid)
    beside = {"dispatch:seals.1": "running"}  # nobody waits for the parcel
    assert {clock.name: clock.state for clock in clocks} == beside | dict.fromkeys(
        (flow.DRAFT, *watched(flow.usual())), "stopped"
    )
    assert not Span.objects.filter(clock__in=clocks, ended_at=None).exists()


def test_a_submit_starts_the_clocks_and_a_second_one_changes_nothing(zone):
    case = factories.filed(zone=zone)
    assert case.filing_number == "KB-2026-0318-001" and len(case.check_code) == 6
    assert set(Clock.objects.filter(owner=case.uid).values_list("name", "state")) == {
        ("licence_and_seals", "running"),
        ("total", "running"),
        ("draft", "stopped"),
    }
    again = factories.submit(actor=case.applicant, application_id=case.pk)
    assert again.filing_number == case.filing_number
    assert case.events.filter(kind=Event.Kind.SUBMITTED).count() == 1


def test_what_is_wrong_is_said_all_at_once(zone):
    case = factories.draft(zone=zone)
    person = case.people.filter(is_shareholder=True).first()
    actions.save_person(
        actor=case.applicant,
        application_id=case.pk,
        uid=str(person.uid),
        data={**person.data, "contribution": "1"},
    )
    actions.save_section(actor=case.applicant, application_id=case.pk, section="bank", values={})
    with pytest.raises(Incomplete) as refused:
        factories.submit(actor=case.applicant, application_id=case.pk)
    fields = {field for _sentence, keys in refused.value.problems for field in keys}
    assert {"bank.branch", "capital.amount"} <= fields or {
        "bank.branch",
        "shareholders.people",
    } <= fields
    case.refresh_from_db()
    assert case.state == flow.DRAFT and not case.events.exists()


def test_two_cases_cannot_hold_one_name(zone):
    first, second = factories.draft(zone=zone), factories.draft(zone=zone)
    name = first.answers["name"]
    actions.save_section(
        actor=second.applicant, application_id=second.pk, section="name", values=name
    )
    factories.submit(actor=first.applicant, application_id=first.pk)
    with pytest.raises(Incomplete):
        factories.submit(actor=second.applicant, application_id=second.pk)
    assert Application.objects.filter(state=flow.LICENSING).count() == 1


def test_the_line_is_handed_out_priority_first_then_oldest(zone, officers, travel):
    first = factories.filed(zone=zone)
    travel(MORNING + timedelta(minutes=1))
    urgent = factories.filed(zone=zone)
    urgent.stages.update(priority=1)
    officer = officers[REGISTRATION]
    assert actions.take_next(actor=officer).application_id == urgent.pk
    assert actions.take_next(actor=officer).application_id == first.pk
    assert actions.take_next(actor=officer) is None


def returned(case, officer, fields=("address.detail",), standard="S-13"):
    stage = actions.take(actor=officer, stage_id=factories.stage(case, REGISTRATION).pk)
    grounds = driving.grounds(standard, fields)
    actions.return_stage(actor=officer, stage_id=stage.pk, round=stage.round, grounds=grounds)
    return stage


def test_a_return_pauses_the_clocks_and_a_resubmit_resumes_them(zone, officers, travel):
    case = factories.filed(zone=zone)
    travel(MORNING + timedelta(minutes=5))
    returned(case, officers[REGISTRATION])
    case_clocks = Clock.objects.filter(owner=case.uid, name__in=flow.clocks())
    assert set(case_clocks.values_list("state", flat=True)) == {"paused"}
    travel(MORNING + timedelta(minutes=11))
    factories.resubmit(actor=case.applicant, application_id=case.pk, department=REGISTRATION)
    clock = Clock.objects.get(owner=case.uid, name="licence_and_seals")
    assert clock.due_at == MORNING + timedelta(minutes=51)
    spans = list(
        Span.objects.filter(clock=clock).order_by("started_at").values_list("holder", flat=True)
    )
    assert spans == ["queue", "registration", "applicant", "registration"]
    stage = factories.stage(case, REGISTRATION)
    assert (stage.state, stage.round, stage.holder) == (flow.OPEN, 2, officers[REGISTRATION])


def test_a_case_that_was_taken_back_meanwhile_is_not_sent_back(zone, officers):
    case = factories.filed(zone=zone)
    returned(case, officers[REGISTRATION])
    actions.withdraw(actor=case.applicant, application_id=case.pk)
    with pytest.raises(Stale):
        factories.resubmit(actor=case.applicant, application_id=case.pk, department=REGISTRATION)


def test_a_second_return_may_not_raise_new_grounds_on_unchanged_fields(zone, officers):
    case = factories.filed(zone=zone)
    officer = officers[REGISTRATION]
    stage = returned(case, officer)
    factories.resubmit(actor=case.applicant, application_id=case.pk, department=REGISTRATION)
    ground = {"standard": "S-01", "fields": ["name.trade_name"], "how_to_fix": "Choose another."}
    with pytest.raises(Incomplete) as refused:
        actions.return_stage(actor=officer, stage_id=stage.pk, round=2, grounds=[ground])
    assert "S-01" in str(refused.value.problems[0][0])


def test_the_second_of_two_officers_is_told_who_was_first(zone, officers):
    case = factories.filed(zone=zone)
    driving.work(REGISTRATION, officers[REGISTRATION], case)
    stage = factories.stage(case, REGISTRATION)
    late = factories.officer(REGISTRATION, zone)
    with pytest.raises(AlreadyDecided) as refused:
        desks.desk(REGISTRATION).close(
            actor=late, stage_id=stage.pk, round=1, confirmed=frozenset()
        )
    assert officers[REGISTRATION].real_name in str(refused.value)
    assert Document.objects.filter(application=case, kind="licence").count() == 1


def test_an_approval_needs_every_question_answered(zone, officers):
    case = factories.filed(zone=zone)
    stage = factories.stage(case, REGISTRATION)
    with pytest.raises(Incomplete):
        desks.desk(REGISTRATION).close(
            actor=officers[REGISTRATION], stage_id=stage.pk, round=1, confirmed=frozenset()
        )
    stage.refresh_from_db()
    assert stage.state == flow.OPEN


def test_officers_of_another_desk_or_zone_may_not_decide(zone, officers):
    case = factories.filed(zone=zone)
    stage = factories.stage(case, REGISTRATION)
    elsewhere = factories.officer(REGISTRATION, factories.ZoneFactory(code="elsewhere"))
    for actor in (officers[TAX], elsewhere, case.applicant, factories.supervisor(zone)):
        with pytest.raises(NotAllowed):
            desks.desk(REGISTRATION).close(
                actor=actor, stage_id=stage.pk, round=1, confirmed=frozenset()
            )


def test_a_desk_closes_its_own_stages_alone(zone, officers):
    case = factories.filed(zone=zone)
    stage = factories.stage(case, REGISTRATION)
    given = {"actor": officers[REGISTRATION], "stage_id": stage.pk, "round": 1}
    for department in departments.codes()[1:]:
        with pytest.raises(NotAllowed):
            desks.desk(department).close(**given, confirmed=frozenset())
    stage.refresh_from_db()
    assert stage.state == flow.OPEN


def test_a_case_can_be_withdrawn_until_the_licence_is_out(zone, officers):
    case = factories.filed(zone=zone)
    actions.withdraw(actor=case.applicant, application_id=case.pk)
    assert set(Clock.objects.filter(owner=case.uid).values_list("state", flat=True)) == {"stopped"}
    assert actions.take_next(actor=officers[REGISTRATION]) is None
    licensed = factories.filed(zone=zone)
    driving.work(REGISTRATION, officers[REGISTRATION], licensed)
    with pytest.raises(Stale):
        actions.withdraw(actor=licensed.applicant, application_id=licensed.pk)


def test_the_window_has_no_reject_and_only_a_supervisor_declines(zone, officers):
    case = factories.filed(zone=zone)
    with pytest.raises(NotAllowed):
        seconds.decline(actor=officers[REGISTRATION], application_id=case.pk, legal_basis="art. 1")
    with pytest.raises(Incomplete):
        seconds.decline(actor=factories.supervisor(zone), application_id=case.pk, legal_basis=" ")
    declined = seconds.decline(
        actor=factories.supervisor(zone), application_id=case.pk, legal_basis="art. 1"
    )
    assert declined.state == flow.DECLINED and trail.faults(declined) == []


def test_the_sweep_writes_each_alarm_once_on_the_trail(zone, travel):
    case = factories.filed(zone=zone)
    travel(MORNING + timedelta(minutes=50))
    assert sweep() == 3  # half, 80 % and all of 45 minutes; the 120 are not half used yet
    assert sweep() == 0
    case.refresh_from_db()
    kinds = list(case.events.values_list("kind", flat=True))
    assert kinds.count("warned") == 2 and kinds.count("breached") == 1
    assert trail.faults(case) == []


def test_the_database_refuses_what_the_flow_does_not_know(zone):
    case = factories.filed(zone=zone)
    for statement in (
        f"UPDATE cases_application SET state = 'completed' WHERE id = {case.pk}",
        f"UPDATE cases_stage SET state = 'done' WHERE application_id = {case.pk} AND department = 'tax'",
        f"UPDATE cases_event SET kind = 'closed' WHERE application_id = {case.pk}",
        f"DELETE FROM cases_event WHERE application_id = {case.pk}",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
