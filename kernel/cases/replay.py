"""A case as its events tell it, folded from the trail alone: the state of the case and of its stages, its clocks, and
who held them.

Only what a clock was started with (its calendar, budget and warnings) is taken from the stored one: the trail doesn't
repeat the zone's settings of the day.
"""

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from datetime import datetime, timedelta

from kernel.cases import awaiting
from kernel.cases.models import Application, Event
from kernel.form import flow
from kernel.sla import clocks
from kernel.sla.calendars import work_calendar
from kernel.sla.models import Clock, Span
from kernel.sla.recalculation import MOMENTS

Held = tuple[
    str, str, datetime, datetime | None
]  # the clock's name, its holder, from when, to when

_STAGE_AFTER: dict[str, str] = {
    Event.Kind.OPENED: flow.OPEN,
    Event.Kind.RETURNED: flow.RETURNED,
    Event.Kind.RESUBMITTED: flow.OPEN,
    Event.Kind.AWAITING: flow.AWAITING,
    Event.Kind.AWAITED: flow.OPEN,
    Event.Kind.CLOSED: flow.DONE,
}
_END_AFTER: dict[str, str] = {
    Event.Kind.WITHDRAWN: flow.WITHDRAWN,
    Event.Kind.DECLINED: flow.DECLINED,
    Event.Kind.REVOKED: flow.REVOKED,
}
# Whoever decides has it in hand, though the sweep may have put it back in line on the way.
_IN_HAND_AFTER: dict[str, bool] = {
    Event.Kind.TAKEN: True,
    Event.Kind.REASSIGNED: True,
    Event.Kind.RETURNED: True,
    Event.Kind.GIVEN_BACK: False,
}

COMPARED = (
    "state",
    "started_at",
    "running_since",
    "spent",
    *MOMENTS,
    "breached_at",
    "stopped_at",
    "extension_minutes",
    "alarm_level",
)


def fold(events: Iterable[Event]) -> tuple[str, dict[str, str]]:
    """The state of the case and `{department: state}` after these events, in their order, as they were written down.

    A case without events is a draft without stages.
    """
    last: tuple[str, dict[str, str]] = (flow.DRAFT, {})
    for _event, state, stages, _awaited in steps(events, as_written=True):
        last = state, stages
    return last


def steps(
    events: Iterable[Event], as_written: bool = False
) -> Iterator[tuple[Event, str, dict[str, str], dict[str, datetime]]]:
    """Each event with the state of the case and of its stages after it, and until when which of them await their
    applicant, where that is known. A wait whose moment has come by an event is over with it, written down
    or not; `as_written` only once it is."""
    state = flow.DRAFT
    stages: dict[str, str] = {}
    awaited: dict[str, datetime] = {}
    for event in events:
        over = [name for name, moment in awaited.items() if moment <= event.at]
        if not as_written:
            stages = stages | dict.fromkeys(over, flow.OPEN)
        if state in flow.GIVEN_UP:
            pass
        elif event.kind == Event.Kind.SUBMITTED:
            stages = dict.fromkeys(_filed_with(event), flow.WAITING)
        elif event.kind in _STAGE_AFTER:
            stages = stages | {event.department: _STAGE_AFTER[event.kind]}
        elif event.kind in _END_AFTER:
            state = _END_AFTER[event.kind]
            stages = {
                name: flow.DONE if was == flow.DONE else flow.ENDED for name, was in stages.items()
            }
        if stages and state not in flow.GIVEN_UP:
            state = _state_of(stages)
        if moment := awaiting.heard(event):
            stages = stages | {event.department: flow.AWAITING}
            awaited = awaited | {event.department: moment}
        awaited = {
            name: moment for name, moment in awaited.items() if stages.get(name) == flow.AWAITING
        }
        yield event, state, stages, awaited


def _filed_with(event: Event) -> list[str]:
    """The departments of a case that was submitted: those whose standards it names."""
    return [name for name in flow.departments() if name in event.data["standards_versions"]]


def _state_of(stages: dict[str, str]) -> str:
    for wave in flow.waves():
        if any(stages.get(name, flow.DONE) != flow.DONE for name in wave.departments):
            return wave.state
    return flow.COMPLETED


def clocks_of(events: Iterable[Event], started_with: Mapping[str, Clock]) -> dict[str, Clock]:
    """The clocks of the flow after these events, by name; not saved. `started_with` are the stored ones, by name.

    Raises KeyError for a clock that should be there and isn't.
    """
    by_name: dict[str, Clock] = {}
    for event, _state, stages, awaited in steps(events):
        if clock := by_name.get(event.data.get("clock", "")):
            _heard(clock, event)
        for rule in flow.clocks().values() if stages else ():
            _set(by_name, rule, stages, event.at, started_with, awaited)
    return by_name


def _heard(clock: Clock, event: Event) -> None:
    """What an event says of a clock itself."""
    if event.kind == Event.Kind.EXTENDED:
        clocks.extend(clock, event.data["minutes"], event.at)
    elif event.kind in (Event.Kind.WARNED, Event.Kind.BREACHED):
        clock.alarm_level = event.data["level"]
        if event.kind == Event.Kind.BREACHED:
            clock.breached_at = clock.breached_at or datetime.fromisoformat(
                event.data["fell_due_at"]
            )


def _set(
    by_name: dict,
    rule: flow.ClockRule,
    stages: dict,
    at: datetime,
    started_with: Mapping[str, Clock],
    awaited: Mapping[str, datetime],
) -> None:
    state, rests_until = flow.clock_aim(rule, stages, awaited)
    if flow.ENDED in stages.values():
        state = "stopped"
    if rule.name in by_name:
        if state:
            awaiting.set_clock(by_name[rule.name], state, at, rests_until)
    elif state in ("running", "paused"):
        like = started_with[rule.name]
        by_name[rule.name] = clocks.start(
            like.owner, rule.name, like.budget_minutes, like.calendar_id, like.warn_at_percent, at
        )
        awaiting.set_clock(by_name[rule.name], state, at, rests_until)


def spans_of(events: Iterable[Event]) -> list[Held]:
    """Who held the clock of each desk, from when to when, in the order of time; None while it is held."""
    spans: list[Held] = []
    begun: dict[str, tuple[awaiting.Held, list[awaiting.Holding]]] = {}  # by department
    in_hand: dict[str, bool] = {}
    asked: set[str] = set()  # departments that wait for their supervisor's answer
    for event, _state, stages, awaited in steps(events):
        if event.kind == Event.Kind.ESCALATED and "due_at" in event.data:  # else the desk kept it
            asked.add(event.department)
        elif event.kind == Event.Kind.ANSWERED:
            asked.discard(event.department)
        asked = {name for name in asked if stages.get(name) in flow.AT_WORK}
        if event.kind in _IN_HAND_AFTER:
            in_hand[event.department] = _IN_HAND_AFTER[event.kind]
        for department, state in stages.items():
            aim = awaiting.held_by(
                department,
                state,
                in_hand.get(department),
                awaited.get(department),
                department in asked,
            )
            (was, since), held = begun.get(department, ((None, None), []))
            if aim != (was, since if since and since > event.at else None):
                spans += [(flow.stage_clocks()[department], *part) for part in _cut(held, event.at)]
                held = awaiting.holdings(aim, event.at)
            begun[department] = aim, held
    open_ones = (
        (flow.stage_clocks()[name], *part) for name, (_aim, held) in begun.items() for part in held
    )
    return sorted([*spans, *open_ones], key=lambda span: (span[0], span[2]))


def _cut(held: list[awaiting.Holding], at: datetime) -> list[awaiting.Holding]:
    """What has come of it by now, when it ends."""
    return [(holder, since, min(to or at, at)) for holder, since, to in held if since <= at]


def differences(
    case: Application, events: list[Event], stored: list[Clock], spans: list[Span]
) -> list[str]:
    """In what the stored clocks of the flow and their spans differ from what the events give, in plain English."""
    by_name = {clock.name: clock for clock in stored}
    try:
        replayed = clocks_of(events, by_name)
    except KeyError as missing:
        return [f"the clock {missing.args[0]} is missing"]
    sentences = [
        f"the clock {name} should not be there" for name in by_name if name not in replayed
    ]
    put_back = {event.data["clock"] for event in events if event.kind == Event.Kind.PUT_BACK}
    for name, clock in replayed.items():
        sentences += _unlike(by_name[name], clock, _untold(by_name[name], name in put_back))
    held = sorted(
        (
            (by_id.name, span.holder, span.started_at, span.ended_at)
            for by_id, span in _with_clocks(stored, spans)
        ),
        key=lambda span: (span[0], span[2]),
    )
    lasting = [span for span in spans_of(events) if span[2] != span[3]]
    if [span for span in held if span[2] != span[3]] != lasting:
        sentences.append("who held the clocks is told otherwise by the trail")
    return sentences


def _with_clocks(stored: list[Clock], spans: list[Span]) -> Iterator[tuple[Clock, Span]]:
    by_id = {clock.pk: clock for clock in stored}
    return ((by_id[span.clock_id], span) for span in spans)


def _untold(clock: Clock, was_put_back: bool) -> set[str]:
    """What the trail doesn't tell of a clock that is set aside: what it hasn't announced; and, while it rests, also
    after it was put back, the moments that it keeps for that."""
    untold = {"alarm_level"} if clock.aside_at else set()
    if clock.state != Clock.State.RUNNING and (clock.aside_at or was_put_back):
        untold.update(MOMENTS)
    return untold


def _unlike(stored: Clock, replayed: Clock, untold: set[str]) -> list[str]:
    clock = copy(stored)
    if (
        clock.state == Clock.State.RUNNING
        and clock.calendar_version != work_calendar(clock.calendar_id).version
    ):
        clocks.reckon(clock)  # its calendar has just been changed, and no sweep has come by yet
    return [
        f"{clock.name}: {name} is {_said(getattr(clock, name))}, the trail gives {_said(getattr(replayed, name))}"
        for name in COMPARED
        if name not in untold and getattr(clock, name) != getattr(replayed, name)
    ]


def _said(value) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return f"{value / timedelta(minutes=1)} minutes" if isinstance(value, timedelta) else str(value)
