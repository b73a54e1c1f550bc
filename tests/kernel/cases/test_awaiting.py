"""A stage that awaits its applicant though nothing is wrong: who begins and ends it, whose the minutes are, and what
the database refuses."""

from datetime import datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, transaction
from django.utils.translation import override

from kernel.cases import actions, replay
from kernel.cases.awaiting import UNTIL
from kernel.cases.holders import APPLICANT
from kernel.cases.models import Awaits, Event, Stage
from kernel.cases.tasks import give_back_idle, keep_waits
from kernel.core.errors import Incomplete, NotAllowed, Refused, Stale
from kernel.form import flow
from kernel.sla.clock_view import view
from kernel.sla.models import Clock, Span
from tests import driving, factories
from tests.codes import BANKING, REGISTRATION, SEALS, TAX
from tests.factories import MORNING

pytestmark = pytest.mark.django_db
REASON = "The chair's signature is void since the address changed."


@pytest.fixture
def officers():
    return driving.staff(factories.ZoneFactory())


@pytest.fixture
def stage(officers, travel):
    """A filing that the chief representative has in hand for five minutes."""
    travel(MORNING)
    case = factories.filed(zone=officers[REGISTRATION].zone)
    travel(MORNING + timedelta(minutes=5))
    return driving.take(REGISTRATION, officers[REGISTRATION], case)


def begin(officers, stage, kind=Awaits.SIGNATURE, reason=REASON, **given):
    officer = officers[stage.department]
    return actions.begin_awaiting(
        actor=officer, stage_id=stage.pk, kind=kind, reason=reason, **given
    )


def booked(officers, travel):
    """A case at the bank, whose appointment is tomorrow."""
    travel(MORNING)
    draft = factories.draft(zone=officers[BANKING].zone)
    tomorrow = {**draft.answers["bank"], "appointment": "2026-03-19T14:30"}
    actor = {"actor": draft.applicant, "application_id": draft.pk}
    actions.save_section(**actor, section="bank", values=tomorrow)
    case = factories.submit(**actor)
    for department in (REGISTRATION, SEALS):
        driving.work(department, officers[department], case)
    return case


def clock(stage, name="licence_and_seals") -> Clock:
    return Clock.objects.get(owner=stage.application.uid, name=name)


def last(stage) -> Event:
    return stage.application.events.order_by("seq").last()


def test_its_minutes_are_the_applicants_and_its_clocks_rest(officers, stage, travel):
    travel(MORNING + timedelta(minutes=10))
    begin(officers, stage)
    stage.refresh_from_db()
    assert (stage.state, stage.awaits, stage.awaits_reason, stage.touched_at) == (
        flow.AWAITING,
        "signature",
        REASON,
        None,
    )
    assert last(stage).kind == Event.Kind.AWAITING
    assert last(stage).data == {"awaits": "signature", "reason": REASON}
    travel(MORNING + timedelta(hours=2))
    assert give_back_idle() == 0
    for name in ("licence_and_seals", "total"):
        seen = view(clock(stage, name), MORNING + timedelta(hours=2))
        assert (seen.state, seen.used) == ("paused", 10)
    actions.end_awaiting(actor=officers[REGISTRATION], stage_id=stage.pk)
    stage.refresh_from_db()
    assert (stage.state, stage.round, stage.awaits, stage.holder) == (
        flow.OPEN,
        1,
        "",
        officers[REGISTRATION],
    )
    assert last(stage).kind == Event.Kind.AWAITED
    assert clock(stage).running_since == MORNING + timedelta(hours=2)
    spans = Span.objects.filter(clock=clock(stage)).order_by("started_at", "pk")
    assert [span.holder for span in spans] == ["queue", REGISTRATION, APPLICANT, REGISTRATION]
    call_command("replay_clocks")


def test_ending_it_twice_writes_it_down_once(officers, stage):
    begin(officers, stage)
    for _click in range(2):
        actions.end_awaiting(actor=officers[REGISTRATION], stage_id=stage.pk)
    assert stage.application.events.filter(kind=Event.Kind.AWAITED).count() == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"reason": "  "}, "Write what you wait for"),
        ({"reason": "x" * 201}, "200 characters at most"),
        ({"kind": "lunch"}, "Choose what is waited for"),
    ],
)
def test_it_says_what_is_waited_for_and_why(officers, stage, given, said):
    with override("en"), pytest.raises(Incomplete) as refused:
        begin(officers, stage, **given)
    assert said in refused.value.sentence
    stage.refresh_from_db()
    assert stage.state == flow.OPEN


def test_nobody_else_begins_or_ends_it(officers, stage):
    colleague = factories.officer(REGISTRATION, officers[REGISTRATION].zone)
    for action, given in (
        (actions.begin_awaiting, {"kind": "call", "reason": REASON}),
        (actions.end_awaiting, {}),
    ):
        with override("en"), pytest.raises(Refused) as refused:
            action(actor=colleague, stage_id=stage.pk, **given)
        assert "is working on this case" in refused.value.sentence
        with pytest.raises(NotAllowed):
            action(actor=officers[TAX], stage_id=stage.pk, **given)


def test_what_was_returned_awaits_nothing_beside(officers, stage):
    grounds = [
        {"standard": "S-01", "fields": ["name.trade_name"], "how_to_fix": driving.SENTENCE},
    ]
    actor = officers[REGISTRATION]
    actions.return_stage(actor=actor, stage_id=stage.pk, round=1, grounds=grounds)
    with pytest.raises(Stale):
        begin(officers, stage)
    with pytest.raises(Stale):
        actions.end_awaiting(actor=actor, stage_id=stage.pk)


def test_whoever_decides_waits_no_longer(officers, stage):
    begin(officers, stage, Awaits.ANSWER)
    driving.close(REGISTRATION, officers[REGISTRATION], stage.application, stage)
    kinds = list(stage.application.events.order_by("seq").values_list("kind", flat=True))
    assert kinds.index("awaited") < kinds.index("closed")
    call_command("replay_clocks")


@pytest.mark.parametrize("swept", [True, False])
def test_one_that_ends_by_itself_is_written_down_by_the_sweep_or_the_next_move(
    officers, stage, travel, swept
):
    until = MORNING + timedelta(minutes=30)
    begin(officers, stage, Awaits.APPOINTMENT, until=until)
    assert clock(stage).running_since == until  # no worker has to wake it
    travel(until + timedelta(minutes=1))
    assert Stage.objects.get(pk=stage.pk).state_now == flow.OPEN
    if swept:
        assert keep_waits() == 1 and keep_waits() == 0
    else:
        actions.escalate(actor=officers[REGISTRATION], stage_id=stage.pk, question="May I?")
    event = stage.application.events.get(kind=Event.Kind.AWAITED)
    assert event.actor is None and datetime.fromisoformat(event.data["ended_at"]) == until
    stage.refresh_from_db()
    assert (stage.state, stage.touched_at) == (flow.OPEN, until)
    assert clock(stage).running_since == until
    call_command("replay_clocks")


def test_one_in_nobodys_hands_is_in_line_from_its_moment_on_before_any_sweep(officers, travel):
    case = booked(officers, travel)
    stage = factories.stage(case, BANKING)
    assert stage.state == flow.AWAITING and actions.take_next(actor=officers[BANKING]) is None
    travel(stage.awaits_until + timedelta(seconds=1))
    assert actions.take_next(actor=officers[BANKING]) == stage


def test_a_case_that_ends_awaits_nothing(officers, stage):
    begin(officers, stage)
    case = stage.application
    actions.withdraw(actor=case.applicant, application_id=case.pk)
    stage.refresh_from_db()
    assert (stage.state, stage.awaits) == (flow.ENDED, "")
    call_command("replay_clocks")


def test_the_database_knows_its_moves_and_what_it_says(officers, stage):
    case = driving.work(REGISTRATION, officers[REGISTRATION], stage.application)
    done, seals = factories.stage(case, REGISTRATION), factories.stage(case, SEALS)
    waits = {"state": flow.AWAITING, "awaits": "call", "awaits_since": MORNING}
    with pytest.raises(DatabaseError, match="no (such )?move"), transaction.atomic():
        Stage.objects.filter(pk=done.pk).update(**waits)
    with pytest.raises(IntegrityError), transaction.atomic():
        Stage.objects.filter(pk=seals.pk).update(state=flow.AWAITING)
    assert Stage.objects.filter(pk=seals.pk).update(**waits) == 1


def test_what_was_awaited_before_the_state_was_known_is_carried_over(officers, travel):
    case = booked(officers, travel)
    before = Stage.objects.get(application=case, department=BANKING)
    Stage.objects.filter(pk=before.pk).update(
        state=flow.OPEN, awaits="", awaits_since=None, awaits_until=None
    )
    migration = import_module("kernel.cases.migrations.0005_stages_await_their_applicant")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migration.timezone, "now", lambda: MORNING)
        migration.await_appointments(apps, None)
    after = Stage.objects.get(pk=before.pk)
    assert (after.state, after.awaits, after.awaits_until) == (
        flow.AWAITING,
        "appointment",
        before.awaits_until,
    )
    assert after.awaits_since == after.opened_at
    assert not Stage.objects.filter(state=flow.AWAITING).exclude(pk=after.pk).exists()


def test_an_older_trail_that_says_it_where_the_stage_opened_gives_the_same(officers, travel):
    case = booked(officers, travel)
    new = list(case.events.order_by("seq"))
    said = next(event for event in new if event.kind == Event.Kind.AWAITING)
    old = [event for event in new if event is not said]
    opened = next(
        event for event in old if (event.kind, event.department) == (Event.Kind.OPENED, BANKING)
    )
    opened.data = {UNTIL: said.data[UNTIL]}
    assert replay.fold(old) == replay.fold(new)
    assert replay.spans_of(old) == replay.spans_of(new)
