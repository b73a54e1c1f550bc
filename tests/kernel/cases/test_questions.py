"""What a window asks its supervisor: whose the minutes are, by when the answer comes, and what follows without one."""

from datetime import timedelta

import pytest
from django.urls import reverse

from kernel.accounts.models import Role
from kernel.cases import actions, replay
from kernel.cases.holders import QUEUE, SUPERVISOR
from kernel.cases.models import Escalation, Event
from kernel.core.errors import NotAllowed, Refused
from kernel.form import flow
from kernel.sla import clocks
from kernel.sla.models import Clock, Span
from kernel.sla.tasks import sweep
from portal.notices.models import Notice
from portal.supervision import owners
from tests import driving, factories
from tests.codes import REGISTRATION
from tests.factories import MORNING

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone():
    return factories.ZoneFactory()


@pytest.fixture
def asked(zone, travel) -> Escalation:
    """At 9:22 the window asks about a case that was filed at 9:12 and that it took at 9:14."""
    travel(MORNING)
    case, chief = factories.filed(zone=zone), factories.officer(REGISTRATION, zone)
    travel(MORNING + timedelta(minutes=2))
    stage = actions.take(actor=chief, stage_id=factories.stage(case, REGISTRATION).pk)
    travel(MORNING + timedelta(minutes=10))
    return actions.escalate(actor=chief, stage_id=stage.pk, question="May it?")


def after(travel, minutes: int) -> None:
    travel(MORNING + timedelta(minutes=10 + minutes))
    while sweep():
        pass


def minutes_of(case, travel, minutes: int) -> dict[str, float]:
    parts, _life = owners.of_case(case, MORNING + timedelta(minutes=10 + minutes))
    words = {str(label): owner for owner, label in owners.labels().items()}
    return {words[str(part.label)]: part.minutes for part in parts}


def told(user) -> list[str]:
    return list(Notice.objects.filter(recipient=user).order_by("pk").values_list("kind", flat=True))


def test_the_stages_clock_runs_on_and_its_minutes_are_the_supervisors(zone, asked, travel):
    supervisor, case = factories.supervisor(zone), asked.stage.application
    after(travel, 12)
    actions.answer_escalation(actor=supervisor, escalation_id=asked.pk, answer="Yes.")
    after(travel, 20)
    driving.close(REGISTRATION, asked.asked_by, case, factories.stage(case, REGISTRATION))
    total = Clock.objects.get(owner=case.uid, name="total")
    assert clocks.spent(total, MORNING + timedelta(minutes=30)) == timedelta(minutes=30)
    assert minutes_of(case, travel, 20) == {
        SUPERVISOR: 12,
        REGISTRATION: 16,
        QUEUE: 2,
    }
    answered = Escalation.objects.select_related("clock").get()
    assert (answered.clock.state, answered.clock.spent) == ("stopped", timedelta(minutes=12))
    assert not case.events.filter(data__clock=answered.clock.name, kind="breached").exists()


def test_a_supervisor_who_sleeps_is_warned_is_over_and_the_next_level_answers(zone, asked, travel):
    supervisor, case = factories.supervisor(zone), asked.stage.application
    administrator = factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone)
    after(travel, 12)
    assert told(supervisor) == ["answer_reminder"] and told(administrator) == []
    with pytest.raises(NotAllowed):
        actions.answer_escalation(actor=administrator, escalation_id=asked.pk, answer="Yes.")
    after(travel, 15)
    assert told(administrator) == [], "just in time is in time"
    after(travel, 16)
    assert told(supervisor)[:2] == ["answer_reminder", "answer_overdue"]
    assert told(administrator) == ["answer_overdue"]
    assert told(asked.asked_by).count("breached") == 0
    actions.answer_escalation(actor=administrator, escalation_id=asked.pk, answer="Yes.")
    assert Escalation.objects.get().answered_by == administrator
    assert minutes_of(case, travel, 16)[SUPERVISOR] == 16
    over = case.events.get(kind=Event.Kind.BREACHED)
    assert over.data["clock"] == asked.clock.name


def test_with_no_worker_running_the_answer_says_that_it_came_late(zone, asked, travel):
    travel(MORNING + timedelta(minutes=30))
    actions.answer_escalation(
        actor=factories.supervisor(zone), escalation_id=asked.pk, answer="Yes."
    )
    case = asked.stage.application
    assert case.events.filter(kind=Event.Kind.BREACHED, data__clock=asked.clock.name).count() == 1
    while sweep():
        pass
    assert case.events.filter(kind=Event.Kind.BREACHED, data__clock=asked.clock.name).count() == 1


@pytest.mark.parametrize("how", ["close", "return", "withdraw"])
def test_a_case_that_moves_on_without_the_answer_owes_it_no_more(zone, asked, travel, how):
    supervisor, case = factories.supervisor(zone), asked.stage.application
    stage, chief = factories.stage(case, REGISTRATION), asked.asked_by
    after(travel, 5)
    if how == "close":
        driving.close(REGISTRATION, chief, case, stage)
    elif how == "return":
        ground = {"standard": "S-01", "fields": ["name.trade_name"], "how_to_fix": "another name"}
        actions.return_stage(actor=chief, stage_id=stage.pk, round=1, grounds=[ground])
    else:
        actions.withdraw(actor=case.applicant, application_id=case.pk)
    question = Escalation.objects.select_related("clock").get()
    assert question.let_go_at and question.clock.state == "stopped"
    assert not Escalation.objects.waiting().exists()
    after(travel, 60)
    assert "answer_overdue" not in told(supervisor)
    with pytest.raises(Refused):
        actions.answer_escalation(actor=supervisor, escalation_id=asked.pk, answer="Late.")
    stored = list(Clock.objects.filter(owner=case.uid, name__in=flow.clocks()))
    spans = list(Span.objects.filter(clock__in=stored))
    case.refresh_from_db()
    assert replay.differences(case, list(case.events.order_by("seq")), stored, spans) == []


def test_it_stands_first_on_the_supervisors_page_with_its_own_clock(client, zone, asked, travel):
    client.force_login(factories.supervisor(zone))
    client.cookies["language"] = "en"

    def seen(name: str) -> str:
        return " ".join(client.get(reverse(f"supervision:{name}")).content.decode().split())

    after(travel, 5)
    page = seen("live")
    assert page.index("Questions waiting") < page.index("Over the limit now")
    assert page.index('id="h-esc"') < page.index('id="h-run"')
    assert "answer by 09:37, 10 minutes left" in page and "with the supervisor" in page
    after(travel, 20)
    assert "over by 5 minutes" in seen("live") and "over by 5 minutes" in seen("escalations")
    rows = client.get(reverse("supervision:list", args=["escalations_overdue"])).content.decode()
    assert rows.count("data-row") == 1


def test_the_next_level_sees_the_form_once_it_is_overdue(client, zone, asked, travel):
    client.force_login(factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone))
    address = reverse("supervision:answer", args=[asked.pk])

    def shown() -> str:
        return client.get(reverse("supervision:escalations")).content.decode()

    after(travel, 5)
    assert address not in shown()
    assert client.post(address, {"answer": "Yes."}).status_code in (403, 422)
    after(travel, 20)
    assert address in shown()
    assert client.post(address, {"answer": "Yes."}).status_code == 302


def test_a_zone_sets_the_minutes(travel):
    travel(MORNING)
    zone = factories.ZoneFactory(settings={"escalation_minutes": 30})
    case, chief = factories.filed(zone=zone), factories.officer(REGISTRATION, zone)
    stage = actions.take(actor=chief, stage_id=factories.stage(case, REGISTRATION).pk)
    asked = actions.escalate(actor=chief, stage_id=stage.pk, question="May it?")
    assert asked.clock.due_at == MORNING + timedelta(minutes=30)
