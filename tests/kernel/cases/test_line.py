"""The line: handed out in order and evenly, given back when untouched, first on published grounds alone."""

from datetime import timedelta

import pytest
from django.urls import reverse

from kernel.cases import actions, trail
from kernel.cases.models import Application, Event, Stage
from kernel.cases.tasks import give_back_idle
from kernel.core.errors import Incomplete, NotAllowed, Refused, Stale
from kernel.form import flow
from kernel.sla.models import Span
from portal.notices.models import Notice
from tests import driving, factories, officers
from tests.codes import REGISTRATION
from tests.factories import MORNING

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(zone):
    return factories.officer(REGISTRATION, zone)


@pytest.fixture
def held(zone, chief):
    """A stage that was handed to the chief representative at 9:12."""
    factories.filed(zone=zone)
    return actions.take_next(actor=chief)


def after(travel, minutes: int) -> int:
    travel(MORNING + timedelta(minutes=minutes))
    return give_back_idle()


class TestGivenBack:
    def test_untouched_it_goes_back_to_its_place(self, zone, chief, held, travel):
        travel(MORNING + timedelta(minutes=5))
        factories.filed(zone=zone)
        assert after(travel, 29) == 0
        assert after(travel, 30) == 1
        assert give_back_idle() == 0
        held.refresh_from_db()
        assert (held.state, held.holder, held.touched_at) == (flow.OPEN, None, None)
        event = held.application.events.get(kind=Event.Kind.GIVEN_BACK)
        assert (
            event.data == {"before": chief.pk}
            and Notice.objects.get(kind="given_back").recipient == chief
        )
        spans = (
            Span.objects.filter(clock=held.clock_id)
            .order_by("started_at")
            .values_list("holder", flat=True)
        )
        assert list(spans) == ["queue", "registration", "queue"]
        assert trail.faults(Application.objects.get(pk=held.application_id)) == []
        assert actions.take_next(actor=chief) == held  # before the younger one

    def test_who_looks_at_it_keeps_it(self, chief, held, travel):
        client = officers.browser(chief)
        travel(MORNING + timedelta(minutes=20))
        assert client.get(reverse("window:case", args=[held.application.number])).status_code == 200
        assert after(travel, 49) == 0
        assert after(travel, 50) == 1

    def test_a_recorded_step_keeps_it(self, held, travel):
        travel(MORNING + timedelta(minutes=20))
        actions.record_step(
            actor=held.holder, stage_id=held.pk, change=lambda case, stage: None, step="x"
        )
        assert after(travel, 49) == 0
        assert after(travel, 50) == 1

    def test_who_waits_for_the_supervisor_keeps_it(self, zone, held, travel):
        asked = actions.escalate(actor=held.holder, stage_id=held.pk, question="?")
        assert after(travel, 100) == 0
        actions.answer_escalation(
            actor=factories.supervisor(zone), escalation_id=asked.pk, answer="!"
        )
        assert after(travel, 129) == 0
        assert after(travel, 400) == 1

    def test_what_waits_for_the_applicant_stays_with_its_officer(self, held, travel):
        ground = {"standard": "S-01", "fields": ["name.trade_name"], "how_to_fix": "another name"}
        actions.return_stage(actor=held.holder, stage_id=held.pk, round=1, grounds=[ground])
        assert after(travel, 300) == 0
        case = held.application
        factories.resubmit(actor=case.applicant, application_id=case.pk, department=REGISTRATION)
        assert after(travel, 400) == 1

    def test_who_had_it_may_still_close_it_while_nobody_else_has(self, chief, held, travel):
        assert after(travel, 30) == 1
        driving.close(REGISTRATION, chief, held.application, held)
        held.refresh_from_db()
        assert (held.state, held.holder) == (flow.DONE, chief)

    @pytest.mark.parametrize("taken_first", [True, False])
    def test_who_returns_it_from_the_line_has_it_in_hand_when_it_comes_back(
        self, zone, chief, travel, taken_first
    ):
        case = factories.filed(zone=zone)
        stage = (
            actions.take_next(actor=chief) if taken_first else factories.stage(case, REGISTRATION)
        )
        assert after(travel, 30) == taken_first
        ground = {"standard": "S-01", "fields": ["name.trade_name"], "how_to_fix": "another name"}
        actions.return_stage(actor=chief, stage_id=stage.pk, round=1, grounds=[ground])
        factories.resubmit(actor=case.applicant, application_id=case.pk, department=REGISTRATION)
        stage.refresh_from_db()
        assert (stage.holder, stage.taken_at) == (chief, MORNING + timedelta(minutes=30))
        Stage.objects.filter(pk=stage.pk).update(taken_at=None)  # as it was kept before
        assert after(travel, 59) == 0
        assert after(travel, 60) == 1

    def test_a_zone_sets_its_own_time(self, zone, chief, travel):
        zone.settings |= {"untouched_minutes": 5}
        zone.save()
        factories.filed(zone=zone)
        actions.take_next(actor=chief)
        assert after(travel, 5) == 1


def test_the_work_is_spread(zone, chief, client):
    zone.settings |= {"most_in_hand": 2}
    zone.save()
    for _case in range(3):
        factories.filed(zone=zone)
    assert actions.take_next(actor=chief) and actions.take_next(actor=chief)
    with pytest.raises(Refused):
        actions.take_next(actor=chief)
    answer = officers.browser(chief).post(reverse("window:next"), follow=True)
    assert "2 cases in hand" in answer.content.decode()
    colleague = factories.officer(REGISTRATION, zone)
    assert actions.take_next(actor=colleague) and actions.take_next(actor=colleague) is None


class TestPriority:
    def test_a_case_goes_first_on_a_published_ground(self, zone, chief):
        first, second = factories.filed(zone=zone), factories.filed(zone=zone)
        supervisor = factories.supervisor(zone)
        actions.prioritise(actor=supervisor, application_id=second.pk, ground="talent")
        assert actions.take_next(actor=chief).application == second
        assert set(second.stages.values_list("priority", flat=True)) == {1}
        assert second.events.get(kind=Event.Kind.PRIORITISED).data == {"priority_ground": "talent"}
        with pytest.raises(Refused):
            actions.prioritise(actor=supervisor, application_id=second.pk, ground="talent")
        assert Notice.objects.get(kind="prioritised").recipient == second.applicant
        assert actions.take_next(actor=chief).application == first

    def test_nobody_who_works_at_the_line_and_no_other_ground(self, zone, chief):
        case, supervisor = factories.filed(zone=zone), factories.supervisor(zone)
        with pytest.raises(NotAllowed):
            actions.prioritise(actor=chief, application_id=case.pk, ground="talent")
        with pytest.raises(Incomplete):
            actions.prioritise(actor=supervisor, application_id=case.pk, ground="a friend")
        actions.withdraw(actor=case.applicant, application_id=case.pk)
        with pytest.raises(Stale):
            actions.prioritise(actor=supervisor, application_id=case.pk, ground="talent")

    def test_everybody_reads_the_grounds_and_the_lines(self, client, zone):
        zone.settings |= {"priority_grounds": ["key_project"]}
        zone.save()
        factories.filed(zone=zone)
        text = client.get(reverse("line"), headers={"accept-language": "en"}).content.decode()
        assert "Key project of the zone" in text and "Talent" not in text

    def test_the_supervisor_gives_it_on_the_page_of_the_case(self, client, zone):
        case = factories.filed(zone=zone)
        client.force_login(factories.supervisor(zone))
        address = reverse("supervision:prioritise", args=[case.number])
        assert client.post(address, {"ground": "none of these"}).status_code == 422
        assert client.post(address, {"ground": "difficulty"}).status_code == 302
        assert Application.objects.get(pk=case.pk).priority == 1
