"""The same thing many times at once: one case, one decision, one licence, and everybody is told what happened."""

import threading
from collections import Counter
from datetime import timedelta
from functools import partial

import pytest

from kernel.accounts import second_step
from kernel.accounts.account_events import AccountEvent
from kernel.accounts.actions import open_by_site
from kernel.cases import actions, trail
from kernel.cases.models import Application, Document, Event, GivenNumber, Stage
from kernel.core.errors import AlreadyDecided, Incomplete, Refused
from kernel.form import flow
from kernel.names import parse
from kernel.sla.models import Clock
from seals import handing_over
from seals.models import PickUp, SealOrder
from tests import driving, factories
from tests.codes import BANKING, REGISTRATION, SEALS, SOCIAL_SECURITY, TAX
from tests.factories import MORNING
from tests.faults.together import (
    PATIENCE,
    at_once,
    somebody_waits_for_a_lock,
    stopping_after,
    wait_until,
)
from tests.filings import TEXTS as FILING
from tests.filings import resident_id
from tests.kernel.names.test_names import CASES, TAKEN

REGIONS = ("city", "zone", "whole", "province")


def test_one_submit_sent_twenty_times_makes_one_case(zone):
    draft = factories.draft(zone=zone)
    submit = partial(factories.submit, actor=draft.applicant, application_id=draft.pk)
    numbers = {(case.filing_number, case.check_code) for case in at_once(*[submit] * 20)}
    draft.refresh_from_db()
    assert numbers == {(draft.filing_number, draft.check_code)}
    assert draft.stages.count() == len(flow.usual())
    assert draft.events.filter(kind=Event.Kind.SUBMITTED).count() == 1
    clocks = Clock.objects.filter(owner=draft.uid).values_list("name", flat=True)
    assert sorted(clocks) == ["draft", "licence_and_seals", "total"]
    assert draft.documents.filter(kind="receipt").count() <= 1
    assert GivenNumber.objects.get(key__startswith="filing-").value == 1
    assert trail.faults(draft) == []


def test_of_two_passkeys_removed_at_once_the_last_stays(zone):
    officer = factories.officer(TAX, zone)
    first, second = (factories.passkey(officer) for _each in range(2))
    remove, answers = partial(second_step.remove_passkey, officer), []
    removal = partial(remove, second.pk)
    other = threading.Thread(target=lambda: answers.extend(at_once(removal)), daemon=True)

    def meanwhile():
        other.start()  # watched from a thread of its own: a transaction sees other backends as they were
        at_once(
            lambda: wait_until(
                lambda: answers or somebody_waits_for_a_lock(), "the other waits, or is through"
            )
        )

    with stopping_after("django_otp_webauthn", meanwhile):
        answers.append(remove(first.pk))
    other.join(PATIENCE)
    assert sorted(answers) == [False, True]
    assert second_step.passkeys(officer).count() == 1


def test_of_two_drafts_with_one_name_one_gets_it(zone):
    first, second = factories.draft(zone=zone), factories.draft(zone=zone)
    actions.save_section(
        actor=second.applicant,
        application_id=second.pk,
        section="name",
        values=first.answers["name"],
    )
    answers = at_once(
        *(
            partial(factories.submit, actor=draft.applicant, application_id=draft.pk)
            for draft in (first, second)
        )
    )
    refused = [answer for answer in answers if isinstance(answer, Incomplete)]
    assert len(refused) == 1 and refused[0].problems, answers
    assert Application.objects.filter(state=flow.LICENSING).count() == 1
    assert Application.objects.filter(state=flow.DRAFT).get().filing_number is None


def test_of_six_who_reserve_or_file_one_name_one_gets_it_and_the_others_are_told(zone):
    """In other regions and forms too: what is held is the trade name in its industry."""
    first = factories.draft(zone=zone)
    others = [factories.draft(zone=zone) for _other in range(5)]
    divisions = [FILING["name"]["division"], *(FILING["words"][name] for name in REGIONS)]
    for other, division in zip(others, divisions, strict=True):
        values = {**first.answers["name"], "division": division}
        actions.save_section(
            actor=other.applicant, application_id=other.pk, section="name", values=values
        )
    works = [
        partial(
            factories.submit if place % 2 else actions.reserve_name,
            actor=draft.applicant,
            application_id=draft.pk,
        )
        for place, draft in enumerate([first, *others])
    ]
    answers = at_once(*works)
    assert sum(isinstance(answer, Application) for answer in answers) == 1, answers
    for refused in (answer for answer in answers if not isinstance(answer, Application)):
        assert isinstance(refused, Incomplete)
        ((sentence, fields),) = refused.problems
        assert "name.trade_name" in fields and str(sentence)
    assert Application.objects.exclude(name_claim=None).count() == 1


@pytest.mark.parametrize("second", ["the same words, parted otherwise", "a homophone"])
def test_who_takes_a_name_sees_what_was_taken_a_moment_before(zone, second):
    """What no constraint of the database can compare: the second waits for the first, then looks the name up."""
    parts = parse(CASES["conflicts"][4][0])  # the industry in two words
    begins = TAKEN.industry_term
    wanted = {
        "the same words, parted otherwise": (
            parts.trade_name + begins,
            parts.industry_term.removeprefix(begins),
        ),
        "a homophone": (parse(CASES["conflicts"][5][0]).trade_name, parts.industry_term),
    }

    def filing(trade_name, industry_term):
        draft = factories.draft(zone=zone)
        values = {**draft.answers["name"], "trade_name": trade_name, "industry_term": industry_term}
        actions.save_section(
            actor=draft.applicant, application_id=draft.pk, section="name", values=values
        )
        return partial(factories.submit, actor=draft.applicant, application_id=draft.pk)

    first, late, answers = (
        filing(parts.trade_name, parts.industry_term),
        filing(*wanted[second]),
        [],
    )
    other = threading.Thread(target=lambda: answers.extend(at_once(late)), daemon=True)

    def meanwhile():
        other.start()  # watched from a thread of its own: a transaction sees other backends as they were
        at_once(
            lambda: wait_until(
                lambda: answers or somebody_waits_for_a_lock(), "the other waits, or is through"
            )
        )

    with stopping_after("cases_namekey", meanwhile):
        first()
    other.join(PATIENCE)
    (refused,) = answers
    assert isinstance(refused, Incomplete) and refused.problems, answers


def test_two_who_wait_for_a_reservation_to_run_out(zone, travel):
    first, *others = (factories.draft(zone=zone) for _draft in range(3))
    actions.reserve_name(actor=first.applicant, application_id=first.pk)
    for other in others:
        actions.save_section(
            actor=other.applicant,
            application_id=other.pk,
            section="name",
            values=first.answers["name"],
        )
    travel(MORNING + timedelta(days=70))
    answers = at_once(
        *(
            partial(actions.reserve_name, actor=draft.applicant, application_id=draft.pk)
            for draft in others
        )
    )
    assert {type(answer) for answer in answers} == {Application, Incomplete}, answers
    first.refresh_from_db()
    assert first.name_claim is None


def test_of_two_officers_closing_one_stage_the_second_is_told_who_was_first(zone, officers):
    case = factories.filed(zone=zone)
    stage = factories.stage(case, REGISTRATION)
    pair = [officers[REGISTRATION], factories.officer(REGISTRATION, zone)]
    answers = at_once(
        *(partial(driving.close, REGISTRATION, officer, case, stage) for officer in pair)
    )
    (late,) = (answer for answer in answers if isinstance(answer, AlreadyDecided))
    (done,) = (answer for answer in answers if isinstance(answer, Application))
    assert done.state == flow.SEALING
    winner = case.events.get(kind=Event.Kind.CLOSED).actor
    assert winner in pair and winner.real_name in str(late)


def test_ten_clicks_on_approve_issue_one_licence_and_one_code(zone, officers):
    case = factories.filed(zone=zone)
    officer = officers[REGISTRATION]
    stage = actions.take(actor=officer, stage_id=factories.stage(case, REGISTRATION).pk)
    answers = at_once(*[partial(driving.close, REGISTRATION, officer, case, stage)] * 10)
    assert sum(isinstance(answer, Application) for answer in answers) == 1
    assert sum(isinstance(answer, AlreadyDecided) for answer in answers) == 9, answers
    assert Document.objects.filter(application=case, kind="licence").count() == 1
    assert GivenNumber.objects.get(key__startswith="uscc-").value == 1
    assert SealOrder.objects.filter(application=case).count() == 1
    assert case.events.filter(kind=Event.Kind.CLOSED).count() == 1


def test_a_set_of_seals_is_handed_over_once_however_many_officers_press(zone, officers):
    case = driving.carried(officers, flow.usual()[:2], zone=zone)
    engraver = {"actor": officers[SEALS], "application_id": case.pk}
    handing_over.send(**engraver, carrier="sf", tracking_number="SF00000001")
    handing_over.record_end(**engraver, parcel=1, outcome="back")
    handing_over.keep_for_collection(**engraver)
    pick_up, person = PickUp.objects.get(), case.people.get(uid=driving.head(case))
    shown = {
        "person": str(person.uid),
        "code": pick_up.code,
        "number_end": person.data["id_number"][-4:],
        "application_id": case.pk,
    }
    team = [officers[SEALS], *(factories.officer(SEALS, zone) for _officer in range(5))]
    answers = at_once(*(partial(handing_over.hand_out, actor=one, **shown) for one in team))
    assert sum(isinstance(answer, Application) for answer in answers) == 1, answers
    winner = PickUp.objects.get().handed_by.real_name
    refused = [str(answer) for answer in answers if isinstance(answer, Refused)]
    assert len(refused) == 5 and all(winner in sentence for sentence in refused)
    assert case.events.filter(data__step="collected").count() == 1


def test_six_officers_at_once_are_handed_six_cases(zone):
    cases = [factories.filed(zone=zone) for _case in range(6)]
    team = [factories.officer(REGISTRATION, zone) for _officer in cases]
    handed = at_once(*(partial(actions.take_next, actor=officer) for officer in team))
    assert {stage.application_id for stage in handed} == {case.pk for case in cases}
    held = dict(Stage.objects.filter(department=REGISTRATION).values_list("holder", "application"))
    assert held == {
        officer.pk: stage.application_id for officer, stage in zip(team, handed, strict=True)
    }


def test_the_last_three_stages_closed_at_once_complete_the_case_once(zone, officers):
    """Who waited for the lock sees what was done meanwhile: else the join would be missed or happen twice."""
    for _round in range(5):
        case = factories.filed(zone=zone)
        for department in (REGISTRATION, SEALS):
            driving.work(department, officers[department], case)
        last = (TAX, SOCIAL_SECURITY, BANKING)
        stages = {department: factories.stage(case, department) for department in last}
        answers = at_once(
            *(
                partial(driving.close, name, officers[name], case, stage)
                for name, stage in stages.items()
            )
        )
        assert all(isinstance(answer, Application) for answer in answers), answers
        case.refresh_from_db()
        assert case.state == flow.COMPLETED
        assert case.events.filter(kind=Event.Kind.COMPLETED).count() == 1
        of_the_flow = Clock.objects.filter(owner=case.uid, name__in=flow.clocks())
        assert set(of_the_flow.values_list("state", flat=True)) == {"stopped"}
        assert trail.faults(case) == []


def test_of_two_log_ins_by_the_service_site_at_once_both_open_the_one_new_account(zone):
    person = {"real_name": "赵六", "id_number": resident_id("19900101", 101)}
    accounts = at_once(*[lambda: open_by_site(**person)] * 8)
    assert len(set(accounts)) == 1
    kinds = Counter(event.kind for event in accounts[0].account_events.all())
    assert kinds == {AccountEvent.Kind.REGISTERED: 1, AccountEvent.Kind.SITE: 1}
