"""The stages of a case during a move, and the clocks, spans and events that follow from them.

An action changes the stages in memory. When the move is over, `locked_case` has the clocks set to what the stages ask
for then: no action starts or stops a clock of the flow.
"""

from datetime import datetime

from kernel.cases import awaiting, questions, register, side_clocks, trail
from kernel.cases.holders import COURIER, SENT, holder_of
from kernel.cases.models import Application, Event, Stage
from kernel.core import rows
from kernel.core.certain import certain
from kernel.core.moment import now
from kernel.form import flow
from kernel.sla import clocks
from kernel.sla.calendars import calendar_id
from kernel.sla.models import Alarm, Clock, Span

OURS = (flow.MATERIAL, flow.ESCALATION)  # side clocks of which a move says what fell due before it
Aim = tuple[str | None, datetime | None]  # of a clock: its state, and until when it rests

_FIELDS = {field.name: field for field in Stage._meta.concrete_fields}
_CHANGING = [_FIELDS[name] for name in Stage.CHANGING]
_STATE, _HOLDER, _ASKED = (Stage.CHANGING.index(name) for name in ("state", "holder", "asked_at"))


class MovingStages:
    """The stages of a locked case, as they were and as they are."""

    def __init__(self, application: Application, actor, stages: list[Stage]):
        self.application, self.actor, self.at = application, actor, now()
        self.role = actor.role if actor else ""  # in which the actor acts
        self.stages = {stage.department: stage for stage in stages}
        self.events: list[Event] = []
        self._alarms: list[Alarm] = []
        self._before = self._picture()
        self._awaited_before = {
            s.department: moment for s in stages if (moment := awaiting.until(s, self.at))
        }
        # department → until when its stage awaits the applicant
        self._awaited = dict(self._awaited_before)
        self._ended = False
        # departments whose finished work is on its way to the applicant
        self._carried: set[str] = set()

    def stage(self, department: str) -> Stage:
        return self.stages[department]

    def stages_of(self, wave: flow.Wave) -> list[Stage]:
        """Of the departments that the case was filed with."""
        return [self.stages[name] for name in wave.departments if name in self.stages]

    def record(self, kind: str, stage: Stage | None = None, **data) -> Event:
        """Append an event to the trail; `data` without personal data."""
        role = self.role if self.actor else ""  # what the system decides within a move, nobody did
        event = trail.append(self.application, kind, self.at, self.actor, stage, role=role, **data)
        self.events.append(event)
        return event

    def send(self, stage: Stage) -> None:
        """What the stage made goes to the applicant by courier, who holds it from now on; call it after the close."""
        self._carried.add(stage.department)
        self.record(Event.Kind.STEP, stage, step=SENT)

    def end(self) -> None:
        """The case is over before its end: what isn't done ends, its clocks stop, and nobody holds it."""
        self._ended = True
        register.let_go(self.application)
        for stage in self.stages.values():
            if stage.state != flow.DONE:
                stage.end(self.at)

    def _picture(self) -> dict[str, tuple]:
        return {
            name: tuple(getattr(stage, f.attname) for f in _CHANGING)
            for name, stage in self.stages.items()
        }

    def _moved(self) -> list[Stage]:
        """The stored stages that this move changed."""
        picture = self._picture()
        return [
            stage
            for name, stage in self.stages.items()
            if stage.pk and picture[name] != self._before.get(name)
        ]

    def _let_questions_go(self) -> None:
        """What was asked of the supervisor about a stage that has moved on is nobody's any more."""
        asked = [
            stage
            for name, stage in self.stages.items()
            if name in self._before and self._before[name][_ASKED] and stage.state != flow.OPEN
        ]
        if asked:
            questions.let_go(asked, self.at)

    def _write_clocks(self) -> None:
        if self._ended:
            return self._stop_all()
        if not self.stages:  # a draft: no desk holds it yet
            return
        states, before = (
            {name: stage.state for name, stage in self.stages.items()},
            self._states_before(),
        )
        self._awaited = {
            name: moment for name, moment in self._awaited.items() if states[name] == flow.OPEN
        }
        wanted = {
            rule.name: aim
            for rule in flow.clocks().values()
            if (aim := _aim(rule, states, self._awaited))
            != _aim(rule, before, self._awaited_before)
        }
        known = self._set_known_clocks(wanted)
        self._start_clocks(
            [
                rule
                for rule in flow.clocks().values()
                if rule.name in wanted and rule.name not in known
            ]
        )
        self._hand_over()

    def _stop_all(self) -> None:
        every = Clock.objects.filter(owner=self.application.uid)
        known = [
            clock for clock in every if flow.kind_of(clock.name) != flow.CONTACT
        ]  # a bad review is still answered
        for clock in known:
            self.catch_up(clock)
            clocks.stop(clock, self.at)
        rows.update(known, clocks.FIELDS)
        clocks.hold([], [clock.pk for clock in known], self.at)

    def hand_to(self, stage: Stage, officer) -> None:
        """Into an officer's hands; untouched for the zone's time, it goes back to the line."""
        stage.holder, stage.taken_at = officer, self.at
        stage.touched_at = self._awaited.get(stage.department, self.at)

    def catch_up(self, clock: Clock) -> None:
        """Before a clock is moved on: what fell due and no sweep has seen is recorded by the move."""
        is_ours = clock.name in flow.clocks() or flow.kind_of(clock.name) in OURS
        for alarm in clocks.catch_up(clock, self.at) if is_ours else ():
            kind, data = side_clocks.plain_entry(self.application, alarm)
            self.record(kind, **data)
            self._alarms.append(alarm)

    def _states_before(self) -> dict[str, str]:
        return {name: picture[_STATE] for name, picture in self._before.items()}

    def _set_known_clocks(self, wanted: dict[str, Aim]) -> set[str]:
        if not wanted or not self._before:
            return set()
        known = self._known_clocks(wanted)
        for name, clock in known.items():
            self.catch_up(clock)
            state, rests_until = wanted[name]
            awaiting.set_clock(clock, certain(state), self.at, rests_until)
        rows.update(list(known.values()), clocks.FIELDS)
        return set(known)

    def _known_clocks(self, names) -> dict[str, Clock]:
        """The clocks of these names that the case has: those read with the lock, and the rest if there can be any."""
        before = self._states_before()
        read = {stage.clock.name: stage.clock for stage in self.stages.values() if stage.clock}
        known = {name: clock for name, clock in read.items() if name in names}
        missing = [
            name
            for name in names
            if name not in known and flow.clock_state(flow.clocks()[name], before)
        ]
        rest = Clock.objects.filter(owner=self.application.uid, name__in=missing) if missing else ()
        return known | {clock.name: clock for clock in rest}

    def _start_clocks(self, rules: list[flow.ClockRule]) -> None:
        zone, application = self.application.zone, self.application
        started = [
            clocks.start(
                application.uid,
                rule.name,
                flow.budget(rule.name, zone.settings),
                calendar_id(zone.calendar_code),
                zone.setting("warn_at_percent"),
                self.at,
            )
            for rule in rules
        ]
        for rule, clock in zip(rules, started, strict=True):
            awaiting.set_clock(clock, "running", self.at, flow.rests_until(rule, self._awaited))
        filed = [] if self._before else [side_clocks.draft_clock_when_filed(application, self.at)]
        rows.insert([*started, *filed], met_by=("owner", "name"), changing=clocks.FIELDS)
        by_name = {clock.name: clock for clock in started}
        for department, stage in self.stages.items():
            if own := by_name.get(flow.stage_clocks()[department]):
                stage.clock = own

    def _hand_over(self) -> None:
        """Every minute has an owner: close and open spans where the holder of a stage changed."""
        begun, ended = [], set()
        for name, stage in self.stages.items():
            before = self._before.get(name)
            was = (
                holder_of(name, before[_STATE], before[_HOLDER], before[_ASKED]) if before else None
            )
            held = (
                COURIER
                if name in self._carried
                else holder_of(name, stage.state, stage.holder_id, stage.asked_at)
            )
            awaited, awaits = self._awaited_before.get(name), self._awaited.get(name)
            if (held, awaits) == (was, awaited):
                continue
            if was:
                ended.add(certain(stage.clock_id))
            for holder, since, to in awaiting.holdings(held, self.at, awaits):
                begun.append(
                    Span(
                        clock_id=certain(stage.clock_id),
                        holder=holder,
                        started_at=since,
                        ended_at=to,
                    )
                )
        clocks.hold(begun, ended, self.at)


def _aim(rule: flow.ClockRule, states: dict[str, str], awaited: dict[str, datetime]) -> Aim:
    """What a clock is to do: its state, and until when it rests if it runs."""
    state = flow.clock_state(rule, states) if states else None
    return state, flow.rests_until(rule, awaited) if state == "running" else None
