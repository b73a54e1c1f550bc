"""A simulated day is the same for the same seed, goes through the actions alone, and leaves no harm when broken off."""

import hashlib
import json
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from kernel.accounts.models import User
from kernel.cases import actions, replay
from kernel.cases.models import Application, BreachReason, Correction, Escalation, Event, Stage
from kernel.core import demonstration
from kernel.core.moment import now
from kernel.form import flow
from kernel.sla.models import Clock
from kernel.standards import publishing
from portal.demo import people, summary
from portal.demo.management.commands import simulate
from portal.demo.pace import AtOnce
from portal.demo.plan import digest, draw_case, draw_day
from portal.demo.play import Play
from portal.supervision import lists
from portal.supervision.scope import Scope
from reviews.models import FollowUp
from tests import factories

DAY = date(2026, 11, 20)  # a Friday
CASES = 6
LATE = timedelta(
    hours=2
)  # a case filed so shortly before the end may be under way when the office closes
NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_clock(settings, tmp_path, monkeypatch):
    settings.DEMO_CLOCK = tmp_path / "clock.json"
    monkeypatch.setattr("portal.demo.pace.READ_EVERY", 0)
    demonstration.forget()
    yield
    demonstration.end()


@pytest.fixture
def zone(db):
    publishing.load_published()
    return people.load()[0]


def played(zone, cases=CASES, seed="7") -> Play:
    play = Play(zone, DAY, seed, draw_day(seed, DAY, cases), AtOnce())
    play.run()
    return play


def told() -> str:
    """A digest of what happened, without what is random in it: codes, keys, hashes."""
    rows = Event.objects.order_by("at", "application", "seq")
    said = [[event.kind, event.department, event.round, event.at.isoformat()] for event in rows]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def test_the_same_seed_plans_the_same_day():
    plan = draw_day("7", DAY, 40)
    assert digest(plan) == digest(draw_day("7", DAY, 40))
    assert digest(plan) != digest(draw_day("8", DAY, 40))
    assert digest(plan) != digest(draw_day("7", DAY + timedelta(days=3), 40))
    assert len({name for case in plan for name in case.company.names}) > 100
    assert any(case.returns for case in plan) and any(case.review for case in plan)


def test_the_same_seed_gives_the_same_day_and_every_case_ends_well(zone):
    with transaction.atomic():
        play = played(zone)
        _ends_well(play)
        happened = told()
        transaction.set_rollback(True)
    played(zone)
    assert told() == happened


def _met_later(case, play) -> bool:
    """Its appointment at the bank lies behind the day that is played."""
    met = datetime.fromisoformat(case.answers["bank"]["appointment"])
    return case.state == flow.SETTLING and met > play.ends.replace(tzinfo=None)


def _ends_well(play):
    cases = Application.objects.filter(pk__in=play.cases)
    states = [case.state for case in cases]
    late = [case for case in cases if case.state not in (flow.COMPLETED, flow.WITHDRAWN)]
    assert len(states) == CASES
    assert all(
        case.state in flow.RUNNING_STATES
        and (case.submitted_at > play.ends - LATE or _met_later(case, play))
        for case in late
    )
    # An officer who works on a case while it is withdrawn is told so; nothing else is refused.
    assert len(play.refused) <= states.count(flow.WITHDRAWN)
    for case in cases:
        state, stages = replay.fold(case.events.order_by("seq"))
        assert (state, stages) == (case.state, dict(case.stages.values_list("department", "state")))
    call_command("verify_trail", stdout=StringIO())
    clocks = Clock.objects.filter(name__in=flow.clocks()).exclude(state=Clock.State.STOPPED)
    going = set(clocks.values_list("owner", flat=True))
    assert going <= {case.uid for case in late}
    audit = summary.from_trail(play.zone, play.day, play.seen)
    assert not audit.faults
    assert not summary.differences(
        summary.as_supervised(play.zone, play.day, play.seen), audit.counted
    )
    assert audit.counted.filed == CASES


def test_a_day_broken_off_goes_on_where_it_was(zone):
    """Whatever was left half done is done, nothing twice."""
    plan = draw_day("7", DAY, CASES)
    first = Play(zone, DAY, "7", plan, AtOnce())
    with pytest.raises(KeyboardInterrupt):
        first.run(lambda: _stop_at(first, 11))
    filed = Application.objects.exclude(state=flow.DRAFT).count()
    held = Stage.objects.filter(state=flow.OPEN).exclude(holder=None).count()
    assert 0 < filed < CASES or held
    assert not first.pace.live and demonstration.shown() is None

    second = Play(zone, DAY, "7", plan, AtOnce())
    second.run()
    assert second.at >= first.at
    _ends_well(second)
    third = Play(zone, DAY, "7", plan, AtOnce())
    third.run()
    assert Application.objects.count() == CASES == len(third.cases)


def test_a_past_day_is_played_before_one_that_is_there_already(zone):
    """Each day keeps its own figures, and nobody takes a case before it was filed."""
    later = played(zone, cases=3)
    day = DAY - timedelta(days=1)
    earlier = Play(zone, day, "7", draw_day("7", day, 3), AtOnce())
    earlier.run()
    for play in (earlier, later):
        audit = summary.from_trail(zone, play.day, play.seen)
        assert audit.counted.filed == 3 and not audit.faults
        assert not summary.differences(
            summary.as_supervised(zone, play.day, play.seen), audit.counted
        )
    assert not Stage.objects.filter(taken_at__lt=F("opened_at")).exists()


def _stop_at(play, hour):
    if play.at.hour >= hour:
        raise KeyboardInterrupt


def test_a_case_that_was_returned_comes_back_and_a_bad_review_is_followed_up(zone):
    """Each kind of thing that can happen does, in cases chosen out of many."""
    many = [
        case
        for case in map(draw_case, map(str, range(1500)))
        if case.begins < 11 * 60 and not case.withdraws
    ]
    wanted = [next(case for case in many if case.returned_by(desk)) for desk in flow.usual()]
    wanted.append(next(case for case in many if case.review and case.review.level <= 2))
    wanted.append(next(case for case in many if case.escalates and not case.returns))
    wanted.append(next(case for case in many if case.company.investor))
    wanted.append(next(case for case in many if case.forgets))
    chosen = sorted(
        {case.key: case for case in wanted}.values(), key=lambda case: (case.begins, case.key)
    )
    play = Play(zone, DAY, "x", chosen, AtOnce())
    play.run()
    assert not play.refused
    assert set(Correction.objects.values_list("stage__department", flat=True)) == set(flow.usual())
    assert not Correction.objects.filter(answered_at=None).exists()
    assert not Escalation.objects.filter(answered_at=None).exists() and Escalation.objects.exists()
    assert FollowUp.objects.exclude(contacted_at=None).exists()


def test_the_supervisor_acts_on_what_runs_late_and_leaves_some_of_it(zone):
    """Desks that take four times as long: some are urged, some get more time, some breaches are explained; played
    again, nothing is done twice."""
    plan = [
        replace(
            case,
            service={desk: 4 * time for desk, time in case.service.items()},
            withdraws=None,
            returns=(),
        )
        for case in draw_day("5", DAY, 5)
        if case.begins < 14 * 60
    ]
    play = Play(zone, DAY, "5", plan, AtOnce())
    play.run()
    assert not play.refused
    done = Counter(Event.objects.values_list("kind", flat=True))
    assert done[Event.Kind.URGED] and done[Event.Kind.EXTENDED] and done[Event.Kind.RAISED]
    scope = Scope(zone, DAY, DAY, DAY)
    over, open_ones = (
        lists.breaches(scope, play.at, asked).count() for asked in ({}, lists.NO_REASON)
    )
    assert 0 < open_ones < over and done[Event.Kind.EXPLAINED] == BreachReason.objects.count() > 0
    assert not summary.from_trail(zone, DAY, play.seen).faults
    events = Event.objects.count()
    Play(zone, DAY, "5", plan, AtOnce()).run()
    assert Event.objects.count() == events


def test_the_command_tells_what_the_day_came_to(zone, monkeypatch):
    monkeypatch.setattr("signal.signal", lambda *_args: None)
    said = StringIO()
    call_command("simulate", cases=2, speed="max", seed="3", day=DAY, stdout=said)
    assert "Of this plan: " in said.getvalue()
    assert "agree, every chain is whole" in said.getvalue()


@pytest.mark.parametrize(
    "given",
    [{"speed": "-1"}, {"speed": "quick"}, {"day": DAY + timedelta(days=1)}, {"zone": "nowhere"}],
)
def test_the_command_refuses_what_cannot_be_played(zone, given):
    with pytest.raises(CommandError):
        call_command("simulate", cases=1, **given)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ((23, 17, 29), 20),
        ((23, 17, 30), 23),
        ((21, 12, 0), 20),
    ],  # of November; the 20th is a Friday
)
def test_by_default_the_day_is_over_when_it_is_played(zone, travel, at, day):
    travel(datetime(2026, 11, *at, tzinfo=factories.SHANGHAI))
    assert simulate._day(zone, None) == date(2026, 11, day)


def test_where_it_is_no_demonstration_its_clock_is_ignored(settings):
    demonstration.show(NOON, 60)
    settings.DEMO = False
    demonstration.forget()
    assert demonstration.shown() is None and abs(now() - timezone.now()) < timedelta(seconds=5)


def test_the_demonstration_clock_only_goes_forward_and_at_its_speed():
    real, began = time.monotonic(), now()
    demonstration.show(NOON, 3600)
    seen = []
    while time.monotonic() - real < 1.3:  # the file is read again in between
        seen.append(now())
    assert seen == sorted(seen) and seen[0] >= NOON
    assert timedelta(minutes=60) < seen[-1] - NOON < timedelta(minutes=100)
    demonstration.end()
    assert began <= now() < began + timedelta(minutes=1)


def test_a_clock_left_behind_lapses_and_a_broken_file_is_no_clock(settings, monkeypatch):
    monkeypatch.setattr(demonstration, "LAPSES_AFTER", timedelta(seconds=-1))
    demonstration.show(NOON, 60)
    assert demonstration.shown() is None
    settings.DEMO_CLOCK.write_text("{")
    demonstration.forget()
    assert demonstration.shown() is None


def test_a_jump_of_the_clock_changes_no_deadline_and_no_order(zone):
    """Trust: what is stored stands, whatever the product's clock shows."""
    demonstration.show(NOON - timedelta(hours=2), 0)
    first, second = factories.filed(zone=zone), factories.filed(zone=zone)
    stored = list(Clock.objects.order_by("pk").values_list("due_at", "alarm_at"))
    line = list(Stage.objects.in_line().values_list("application", flat=True))
    for shown in (NOON + timedelta(hours=3), NOON - timedelta(hours=3)):
        demonstration.show(shown, 0)
        assert now() == shown
        assert list(Clock.objects.order_by("pk").values_list("due_at", "alarm_at")) == stored
        assert list(Stage.objects.in_line().values_list("application", flat=True)) == line
    demonstration.end()
    assert (
        line
        == [first.pk, second.pk]
        == list(Stage.objects.in_line().values_list("application", flat=True))
    )


def test_every_page_says_that_a_simulated_day_is_played(client, db):
    def page():
        answer = client.get(reverse("home"), headers={"accept-language": "en"})
        return strip_tags(answer.content.decode())

    assert "simulated day" not in page()
    demonstration.show(NOON, 60)
    assert (
        "The clock shows a simulated day, Friday, 20 November, and runs 60 times as fast as real time."
        in page()
    )


def test_breaches_are_recounted_from_the_trail_with_their_extensions(zone, travel):
    """Of three cases that go over 45 minutes, one was given more time before, and one when it was late already."""
    travel(factories.MORNING)
    day, supervisor = factories.MORNING.date(), User.objects.get(username="supervisor")
    cases = [factories.filed(zone=zone) for _place in range(3)]
    for minutes, case, more in ((40, cases[0], 30), (50, cases[1], 10)):
        travel(factories.MORNING + timedelta(minutes=minutes))
        given = {"clock": "licence_and_seals", "minutes": more, "ground": "asked"}
        actions.extend(actor=supervisor, application_id=case.pk, **given)
    for minutes, breaches in ((60, 2), (80, 3)):
        travel(at := factories.MORNING + timedelta(minutes=minutes))
        seen, audit = summary.as_supervised(zone, day, at), summary.from_trail(zone, day, at)
        assert audit.counted.breaches == seen.breaches == breaches and not summary.differences(
            seen, audit.counted
        )
