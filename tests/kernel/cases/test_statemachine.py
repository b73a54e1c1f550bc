"""Every action in every order on one case, with the invariants that must hold after each."""

from contextlib import ExitStack
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kernel.cases import actions, ownership, replay, trail
from kernel.cases.models import Application, Awaits, Escalation, Event, Stage
from kernel.cases.rights import pinnable
from kernel.cases.tasks import give_back_idle, keep_waits
from kernel.core.errors import Refused
from kernel.core.moment import now, travel_to
from kernel.form import flow
from kernel.sla import calendars, clocks
from kernel.sla.calendar_versions import keep_present, publish
from kernel.sla.models import Alarm, Calendar, CalendarVersion, Clock, Span
from kernel.sla.tasks import sweep
from kernel.standards import publishing
from seals import handing_over
from tests import driving, factories, seconds
from tests.codes import SEALS
from tests.seconds import revoke_licence

departments = st.sampled_from(flow.usual())


class CaseMachine(RuleBasedStateMachine):
    """One case; `tried` actions either move it or raise Refused, and never anything else."""

    def __init__(self):
        super().__init__()
        self.exits = ExitStack()
        self.exits.enter_context(transaction.atomic())
        self.exits.callback(transaction.set_rollback, True)
        self.at = factories.MORNING
        self.journey = self.exits.enter_context(ExitStack())
        self._arrive()
        zone = factories.ZoneFactory()
        self.officers, self.supervisor = driving.staff(zone), factories.supervisor(zone)
        draft = factories.draft(zone=zone)
        tomorrow = {**draft.answers["bank"], "appointment": "2026-03-19T14:30"}
        actions.save_section(
            actor=draft.applicant, application_id=draft.pk, section="bank", values=tomorrow
        )
        self.pk = draft.pk
        self.seen_open = set()

    @initialize(filed=st.sampled_from([True, True, True, False]))
    def begin(self, filed):
        if filed:
            self.submit()

    def teardown(self):
        with self.exits:
            self.the_events_give_the_same_clocks()
            self.the_owners_tile_the_life_of_the_case()

    def _arrive(self):
        self.journey.close()
        self.journey.enter_context(travel_to(self.at))

    @property
    def case(self) -> Application:
        return Application.objects.select_related("zone", "applicant").get(pk=self.pk)

    def attempt(self, action, **arguments):
        try:
            with transaction.atomic():
                return action(**arguments)
        except Refused:
            return None

    @rule(minutes=st.integers(min_value=1, max_value=90))
    def time_passes(self, minutes):
        self.at += timedelta(minutes=minutes)
        self._arrive()

    @precondition(lambda self: Stage.objects.awaiting().exists())
    @rule(minutes=st.integers(min_value=-20, max_value=90))
    def the_appointment_comes_near(self, minutes):
        moment = Stage.objects.awaiting().first().awaits_until
        self.at = max(self.at, moment + timedelta(minutes=minutes))
        self._arrive()

    @rule()
    def the_sweep_runs(self):
        sweep()
        assert sweep() == 0
        give_back_idle()
        keep_waits()
        assert not Stage.objects.filter(state=flow.AWAITING, awaits_until__lte=now()).exists()

    @rule()
    def submit(self):
        self.attempt(factories.submit, actor=self.case.applicant, application_id=self.pk)

    @precondition(lambda self: self.case.stages.exists())
    @rule(department=departments)
    def take(self, department):
        self.attempt(actions.take_next, actor=self.officers[department])

    @precondition(lambda self: self.case.stages.exists())
    @rule(department=departments, round=st.integers(min_value=1, max_value=2))
    def close(self, department, round):
        stage = factories.stage(self.case, department)
        self.attempt(
            driving.close,
            department=department,
            officer=self.officers[department],
            application=self.case,
            stage=stage,
            round=round,
        )

    @precondition(lambda self: self.case.stages.exists())
    @rule(
        department=departments,
        kind=st.sampled_from(Awaits.values),
        minutes=st.one_of(st.none(), st.integers(min_value=1, max_value=120)),
    )
    def begin_awaiting(self, department, kind, minutes):
        self.attempt(
            actions.begin_awaiting,
            actor=self.officers[department],
            stage_id=factories.stage(self.case, department).pk,
            kind=kind,
            reason="Nobody joined the call.",
            until=minutes and self.at + timedelta(minutes=minutes),
        )

    @precondition(lambda self: self.case.stages.filter(state=flow.AWAITING).exists())
    @rule(again=st.booleans())
    def end_awaiting(self, again):
        stage = self.case.stages.filter(state=flow.AWAITING).first()
        given = {"actor": self.officers[stage.department], "stage_id": stage.pk}
        self.attempt(actions.end_awaiting, **given)
        if again:
            before = self.case.trail_length
            self.attempt(actions.end_awaiting, **given)
            assert self.case.trail_length == before

    @precondition(lambda self: self.case.stages.filter(state__in=flow.UNDER_WAY).exists())
    @rule()
    def somebody_goes_on(self):
        """The next right step, so that the machine comes to the late states often."""
        stage = self.case.stages.filter(state__in=flow.UNDER_WAY).first()
        if stage.state == flow.RETURNED:
            self.resubmit(stage.department)
        else:
            self.close(stage.department, stage.round)

    @precondition(lambda self: self.case.stages.exists())
    @rule(department=departments)
    def give_back(self, department):
        stage = factories.stage(self.case, department)
        standards = publishing.named(self.case.standards_versions)
        grounds = [
            {
                "standard": standards.of(department)[0].id,
                "fields": [pinnable(department)[-1]],
                "how_to_fix": "Again.",
            }
        ]
        self.attempt(
            actions.return_stage,
            actor=self.officers[department],
            stage_id=stage.pk,
            round=stage.round,
            grounds=grounds,
        )

    @precondition(lambda self: self.case.stages.exists())
    @rule(department=departments)
    def resubmit(self, department):
        self.attempt(
            factories.resubmit,
            actor=self.case.applicant,
            application_id=self.pk,
            department=department,
        )

    @precondition(lambda self: self.case.stages.exists())
    @rule(department=departments)
    def escalate(self, department):
        stage = factories.stage(self.case, department)
        self.attempt(
            actions.escalate, actor=self.officers[department], stage_id=stage.pk, question="May I?"
        )

    @precondition(lambda self: Escalation.objects.waiting().exists())
    @rule()
    def the_supervisor_answers(self):
        asked = Escalation.objects.waiting().first()
        self.attempt(
            actions.answer_escalation,
            actor=self.supervisor,
            escalation_id=asked.pk,
            answer="You may.",
        )

    @rule()
    def withdraw(self):
        if self.case.state != flow.DRAFT:  # a draft that is withdrawn is a short story
            self.attempt(actions.withdraw, actor=self.case.applicant, application_id=self.pk)

    @rule()
    def decline(self):
        self.attempt(
            seconds.decline, actor=self.supervisor, application_id=self.pk, legal_basis="art. 1"
        )

    @precondition(lambda self: self.case.licensed_at is not None)
    @rule()
    def revoke(self):
        self.attempt(
            revoke_licence, actor=self.supervisor, application_id=self.pk, ground="art. 40"
        )

    @precondition(lambda self: self.case.stages.exists())
    @rule(
        clock=st.sampled_from(sorted(flow.clocks())), minutes=st.integers(min_value=1, max_value=60)
    )
    def extend(self, clock, minutes):
        self.attempt(
            actions.extend,
            actor=self.supervisor,
            application_id=self.pk,
            clock=clock,
            minutes=minutes,
            ground="Ill.",
        )

    @precondition(lambda self: CalendarVersion.objects.count() < 4)
    @rule(opens=st.integers(min_value=7, max_value=10), round_the_clock=st.booleans())
    def the_hours_change(self, opens, round_the_clock):
        calendar = Calendar.objects.get(code=self.case.zone.calendar_code)
        keep_present(calendar.pk)
        hours = [[f"{opens:02}:00", "12:00"], ["13:30", "17:00"]]
        Calendar.objects.filter(pk=calendar.pk).update(
            windows=hours, round_the_clock=round_the_clock
        )
        publish(calendar_id=calendar.pk, by=self.supervisor)
        calendars.forget()

    @rule()
    def the_events_give_the_same_clocks(self):
        case = self.case
        stored = list(Clock.objects.filter(owner=case.uid, name__in=flow.clocks()))
        spans = list(Span.objects.filter(clock__in=stored))
        assert replay.differences(case, list(case.events.order_by("seq")), stored, spans) == []

    @precondition(lambda self: self.case.stages.exists())
    @rule()
    def the_parcel_is_sent(self):
        self.attempt(
            handing_over.send,
            actor=self.officers[SEALS],
            application_id=self.pk,
            carrier="sf",
            tracking_number="SF1234567890123",
        )

    @precondition(lambda self: self.case.stages.exists())
    @rule()
    def the_parcel_arrives(self):
        self.attempt(
            handing_over.arrived, actor=self.case.applicant, application_id=self.pk, parcel=1
        )

    @rule()
    def the_owners_tile_the_life_of_the_case(self):
        """Without gap or overlap; and the desks and the line own what the clock of the whole case counted."""
        case, total = self.case, Clock.objects.filter(owner=self.case.uid, name="total").first()
        if total is None:
            return
        held = Span.objects.filter(clock__owner=case.uid).values_list(
            "clock__name", "holder", "started_at", "ended_at"
        )
        end = total.stopped_at or self.at
        life = ownership.tiles(held, case.submitted_at, end)
        edges = [case.submitted_at, *(stretch.ended_at for stretch in life)]
        assert [stretch.started_at for stretch in life] == edges[:-1] and edges[-1] == end
        by_owner = ownership.minutes(life, calendars.work_calendar(total.calendar_id))
        office = sum(
            (by_owner.get(owner, timedelta()) for owner in ownership.office()), timedelta()
        )
        assert office == clocks.spent(total, self.at)

    @invariant()
    def the_chain_is_whole_and_tells_the_state(self):
        case = self.case
        assert trail.faults(case) == []
        stages = dict(case.stages.values_list("department", "state"))
        assert replay.fold(case.events.order_by("seq")) == (case.state, stages)

    @invariant()
    def the_join_happens_once_and_no_stage_is_skipped(self):
        case = self.case
        kinds = list(case.events.values_list("kind", "department"))
        assert kinds.count((Event.Kind.COMPLETED, "")) == (case.completed_at is not None)
        for department in flow.usual():
            assert kinds.count((Event.Kind.OPENED, department)) <= 1
        done = {department for kind, department in kinds if kind == Event.Kind.CLOSED}
        usual = set(flow.usual())
        for before, after in zip(flow.waves(), flow.waves()[1:], strict=False):
            opened = {department for kind, department in kinds if kind == Event.Kind.OPENED}
            if opened & set(after.departments):
                assert set(before.departments) & usual <= done
                assert set(after.departments) & usual <= opened

    @invariant()
    def clocks_do_what_the_stages_ask_for(self):
        case = self.case
        rows = list(case.stages.values_list("department", "state", "awaits_until"))
        stages = {department: state for department, state, _until in rows}
        ends = {department: until for department, _state, until in rows if until}
        found = Clock.objects.filter(owner=case.uid, name__in=flow.clocks())
        clocks = {clock.name: clock for clock in found}
        if not stages:
            assert not clocks
        elif flow.ENDED in stages.values():
            assert {clock.state for clock in clocks.values()} <= {"stopped"}
        else:
            wanted = {
                rule.name: flow.clock_aim(rule, stages, ends)[0] for rule in flow.clocks().values()
            }
            assert {name: clock.state for name, clock in clocks.items()} == {
                k: v for k, v in wanted.items() if v
            }

    @invariant()
    def every_minute_has_one_owner(self):
        for clock in Clock.objects.filter(owner=self.case.uid, name__in=flow.clocks()):
            spans = list(Span.objects.filter(clock=clock).order_by("started_at", "pk"))
            for one, next_one in zip(spans, spans[1:], strict=False):
                assert one.ended_at == next_one.started_at
            if clock.stages.exists():
                assert spans[0].started_at == clock.started_at
                assert spans[-1].ended_at == clock.stopped_at

    @invariant()
    def each_alarm_is_on_the_trail_once(self):
        case = self.case
        recorded = Alarm.objects.filter(
            clock__owner=case.uid, clock__name__in=flow.clocks()
        ).count()
        told = case.events.filter(kind__in=[Event.Kind.WARNED, Event.Kind.BREACHED])
        assert sum(event.data["clock"] in flow.clocks() for event in told) == recorded


@pytest.mark.django_db
def test_every_action_in_every_order():
    run_state_machine_as_test(
        CaseMachine,
        settings=settings(
            max_examples=25,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
