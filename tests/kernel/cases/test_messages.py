"""Messages between the applicant's side and the desks: who may write, what is answered, and by when."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import translation

from kernel.cases import actions, rights, threads
from kernel.cases.models import Event, Share, ThreadMessage
from kernel.cases.trail import faults
from kernel.core.errors import Incomplete, NotAllowed, Refused, Stale
from kernel.form import flow
from kernel.sla.models import Clock
from tests import driving, factories
from tests.codes import BANKING, REGISTRATION, SEALS, TAX
from tests.factories import MORNING

pytestmark = pytest.mark.django_db
WORDS = "Is the lease of last year enough?"


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def officers(travel):
    travel(MORNING)
    return driving.staff(factories.ZoneFactory())


@pytest.fixture
def case(officers):
    zone = next(iter(officers.values())).zone
    return driving.taken(officers, REGISTRATION, zone=zone)


def ask(case, department=REGISTRATION, actor=None, **given):
    given = {"body": WORDS, "key": uuid4()} | given
    return actions.write_to_desk(
        actor=actor or case.applicant, application_id=case.pk, department=department, **given
    )


def answer(officer, case, department=REGISTRATION, **given):
    given = {"body": "Yes, it is.", "key": uuid4()} | given
    return actions.write_to_applicant(
        actor=officer, stage_id=factories.stage(case, department).pk, **given
    )


def test_a_question_has_a_clock_of_fifteen_minutes_and_an_answer_stops_it(case, officers, travel):
    asked = ask(case)
    assert asked.clock.budget_minutes == 15 and asked.clock.state == Clock.State.RUNNING
    stage = factories.stage(case, REGISTRATION)
    assert stage.state == flow.OPEN and stage.clock.state == Clock.State.RUNNING
    travel(MORNING + timedelta(minutes=4))
    answer(officers[REGISTRATION], case)
    asked.refresh_from_db()
    assert asked.answered_at and asked.answer.body == "Yes, it is."
    assert asked.clock.state == Clock.State.STOPPED
    lines = threads.entries(case, list(case.stages.all()), for_desk=False)
    assert [line.minutes for line in lines] == [None, 4]


def test_the_words_are_on_no_trail_and_encrypted_at_rest(case):
    asked = ask(case)
    event = case.events.get(kind=Event.Kind.MESSAGE)
    assert event.data == {
        "message": str(asked.uid),
        "by": "applicant",
        "asks": True,
        "files": 0,
    }
    case.refresh_from_db()
    assert faults(case) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM cases_threadmessage")
        assert WORDS not in cursor.fetchone()[0]


def test_two_questions_share_one_clock_and_one_answer_answers_both(case, officers):
    first, second = ask(case), ask(case, body="And the one of this year?")
    assert first.clock == second.clock
    answer(officers[REGISTRATION], case)
    assert not ThreadMessage.objects.unanswered().exists()


def test_an_answer_answers_only_what_the_page_showed(case, officers):
    first = ask(case)
    second = ask(case, body="This came while you typed.")
    answer(officers[REGISTRATION], case, seen=first.pk)
    assert list(ThreadMessage.objects.unanswered()) == [second]


def test_what_is_pressed_twice_is_sent_once(case, officers):
    key = uuid4()
    assert ask(case, key=key) == ask(case, key=key)
    assert answer(officers[REGISTRATION], case, key=key) == answer(
        officers[REGISTRATION], case, key=key
    )
    assert ThreadMessage.objects.count() == 2
    assert case.events.filter(kind=Event.Kind.MESSAGE).count() == 2


def test_a_question_of_the_desk_stops_no_clock_unless_the_work_waits(case, officers):
    window = officers[REGISTRATION]
    answer(window, case, body="Which floor?", asks=True)
    assert factories.stage(case, REGISTRATION).state == flow.OPEN
    answer(window, case, body="I need it to go on.", waits=True)
    stage = factories.stage(case, REGISTRATION)
    assert stage.state == flow.AWAITING and stage.awaits == "answer"
    assert stage.clock.state == Clock.State.PAUSED
    with pytest.raises(Refused, match="rests already"):
        answer(window, case, waits=True)
    ask(case, body="The third.", asks=False)
    stage = factories.stage(case, REGISTRATION)
    assert stage.state == flow.OPEN and stage.clock.state == Clock.State.RUNNING
    assert not ThreadMessage.objects.unanswered().exists(), "an answer asks nothing by itself"


def test_an_answer_to_another_desk_lets_no_stage_go_on(officers):
    zone = officers[TAX].zone
    case = driving.carried(officers, flow.departments()[:2], zone=zone)
    driving.take(TAX, officers[TAX], case)
    answer(officers[TAX], case, TAX, waits=True)
    ask(case, SEALS)
    assert factories.stage(case, TAX).state == flow.AWAITING


def test_whoever_closed_a_stage_answers_and_hands_on_once(officers):
    zone = officers[TAX].zone
    case = driving.carried(officers, flow.departments()[:2], zone=zone)
    asked = ask(case, SEALS)
    seals, tax = factories.stage(case, SEALS), officers[TAX]
    actions.hand_on_question(actor=officers[SEALS], stage_id=seals.pk, to=TAX)
    asked.refresh_from_db()
    assert (asked.department, asked.handed_from) == (TAX, SEALS)
    assert asked.clock.state == Clock.State.RUNNING
    with pytest.raises(Refused, match="once"):
        actions.hand_on_question(actor=tax, stage_id=factories.stage(case, TAX).pk, to=REGISTRATION)
    answer(tax, case, TAX)
    asked.refresh_from_db()
    assert asked.answered_at
    answer(officers[SEALS], case, SEALS)
    with pytest.raises(Refused, match="nothing waits"):
        answer(officers[SEALS], case, SEALS, waits=True)


def test_only_a_department_that_the_case_has_reached_is_written_to(case, officers):
    with pytest.raises(Stale):
        ask(case, TAX)
    with pytest.raises(Stale):
        ask(case, "nobody")
    ask(case)
    with pytest.raises(Stale):
        actions.hand_on_question(
            actor=officers[REGISTRATION],
            stage_id=factories.stage(case, REGISTRATION).pk,
            to=TAX,
        )


def test_what_needs_no_answer_is_settled(case, officers):
    asked = ask(case, body="Thank you!")
    stage = factories.stage(case, REGISTRATION)
    for _press in range(2):
        actions.settle_question(actor=officers[REGISTRATION], stage_id=stage.pk)
    asked.refresh_from_db()
    assert asked.answered_at and asked.answer is None and asked.clock.stopped_at
    assert case.events.filter(kind=Event.Kind.SETTLED).count() == 1


@pytest.mark.parametrize("who", ["stranger", "former helper", "colleague", "other zone", "tax"])
def test_others_are_refused(case, officers, who):
    zone = case.zone
    if who == "stranger":
        with pytest.raises(NotAllowed):
            ask(case, actor=factories.UserFactory())
    elif who == "former helper":
        helper = factories.UserFactory()
        share = Share.objects.create(
            application=case,
            kind=Share.Kind.WORK,
            offered_by=case.applicant,
            offered_at=MORNING,
            state=Share.State.ACCEPTED,
            user=helper,
        )
        assert rights.is_shared_with(helper, case)
        share.state = Share.State.ENDED
        share.save()
        with pytest.raises(NotAllowed):
            ask(case, actor=helper)
    elif who == "colleague":
        with pytest.raises(Refused, match="working on this case"):
            answer(factories.officer(REGISTRATION, zone), case)
    elif who == "other zone":
        with pytest.raises(NotAllowed):
            answer(factories.officer(REGISTRATION, factories.ZoneFactory(code="other")), case)
    else:
        with pytest.raises(NotAllowed):
            answer(officers[TAX], case)
    assert not ThreadMessage.objects.exists()


def test_empty_and_long_messages_are_refused(case):
    for body in ("", "  \n\u200b "):
        with pytest.raises(Incomplete, match="Write your message"):
            ask(case, body=body)
    with pytest.raises(Incomplete, match="2000"):
        ask(case, body="x" * 2001)


def test_ten_questions_may_wait_and_thirty_be_written_in_an_hour(case, officers):
    for _message in range(10):
        ask(case)
    with pytest.raises(Refused, match="Ten"):
        ask(case)
    for _message in range(30):
        answer(officers[REGISTRATION], case)
    with pytest.raises(Refused, match="30"):
        answer(officers[REGISTRATION], case)


def test_nothing_is_sent_to_a_case_that_was_given_up_and_its_clock_ends(case):
    asked = ask(case)
    actions.withdraw(actor=case.applicant, application_id=case.pk)
    asked.refresh_from_db()
    assert asked.clock.state == Clock.State.STOPPED
    assert not ThreadMessage.objects.unanswered().exists()
    with pytest.raises(Refused, match="ended"):
        ask(case)


def test_a_completed_case_is_written_to_for_thirty_days(travel):
    travel(MORNING)
    case = driving.completed()
    travel(MORNING + timedelta(days=29))
    asked = ask(case, BANKING)
    assert asked.clock.state == Clock.State.RUNNING
    travel(MORNING + timedelta(days=31))
    with pytest.raises(Refused, match="30 days"):
        ask(case, BANKING)
    officer = factories.stage(case, BANKING).holder
    answer(officer, case, BANKING)
    asked.refresh_from_db()
    assert asked.answered_at, "what was asked in time is still answered"
    with pytest.raises(Refused, match="30 days"):
        answer(officer, case, BANKING)


def test_a_draft_has_no_thread():
    draft = factories.draft()
    with pytest.raises(Refused, match="filed"):
        ask(draft)


def test_who_has_messages_to_answer(case, officers):
    window, zone = officers[REGISTRATION], case.zone
    ask(case)
    colleague = factories.officer(REGISTRATION, zone)

    def count(user, department):
        return threads.for_officer(user, [department]).count()

    assert count(window, REGISTRATION) == 1
    assert count(colleague, REGISTRATION) == 0, "it is in somebody else's hands"
    assert (
        count(factories.officer(REGISTRATION, factories.ZoneFactory(code="other")), REGISTRATION)
        == 0
    )
    other = factories.filed(zone=zone)
    ask(other)
    assert count(colleague, REGISTRATION) == 1, "nobody has it in hand"
    assert threads.for_applicant(case.applicant).count() == 0
    answer(window, case)
    assert threads.for_applicant(case.applicant).count() == 1
    actions.mark_read(actor=case.applicant, application_id=case.pk)
    assert threads.for_applicant(case.applicant).count() == 0
    answer(window, case, asks=True)
    actions.mark_read(actor=case.applicant, application_id=case.pk)
    assert threads.for_applicant(case.applicant).count() == 1, "read, and not answered"
