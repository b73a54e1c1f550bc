"""The stages of a case during a move, and the clocks, spans and events that follow from them.

An action changes the stages in memory. When the move is over, `locked_case` has the clocks set to what the stages ask
for then: no action starts or stops a clock of the flow.
"""

from datetime import datetime

from kernel.bookings import actions as bookings
from kernel.cases import awaiting, name_claims, questions, side_clocks, trail
from kernel.cases.models import Application, Event, Stage
from kernel.core import rows
from kernel.core.certain import certain
from kernel.core.moment import now
from kernel.form import flow
from kernel.sla import clocks
from kernel.sla.calendars import calendar_id
from kernel.sla.models import Alarm, Clock, Span

OURS = (
    flow.MATERIAL,
    flow.ESCALATION,
    flow.MESSAGE,
)  # side clocks of which a move says what fell due before it
Aim = tuple[
    str | None, datetime | None
]  # of a clock: its state, and from when on if it rests first

_FIELDS = {field.name: field for field in Stage._meta.concrete_fields}
_CHANGING = [_FIELDS[name] for name in Stage.CHANGING]
_ASKED = Stage.CHANGING.index("asked_at")
_NOT_BEGUN: Aim = (None, None)


class MovingStages:
    """The stages of a locked case, as they were and as they are."""

    def __init__(self, application: Application, actor, stages: list[Stage]):
        self.application, self.actor, self.at = application, actor, now()
        self.role = actor.role if actor else ""  # in which the actor acts
        self.stages = {stage.department: stage for stage in stages}
        self.events: list[Event] = []
        self._alarms: list[Alarm] = []
        self._before = self._picture()
        self._end_what_has_come()
        self._aims_before, self._held_before = self._aims(), self._held()
        self._ended = False
        self._beside: list[Clock] = []

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

    def begin_awaiting(
        self, stage: Stage, awaits: str, reason: str = "", until: datetime | None = None
    ) -> None:
        """An open stage awaits its applicant: from now on the minutes are theirs, until `end_awaiting` or by itself
        until a moment that is known. Nothing goes back to the line meanwhile. `reason` holds no personal data."""
        stage.await_applicant(awaits, reason, self.at, until)
        data = {"awaits": str(awaits)} | ({"reason": reason} if reason else {})
        self.record(
            Event.Kind.AWAITING, stage, **data, **({awaiting.UNTIL: _iso(until)} if until else {})
        )

    def end_awaiting(self, stage: Stage) -> None:
        """What an awaiting stage waited for has come, or the desk goes on without it. No effect on any other."""
        if stage.state == flow.AWAITING:
            awaits = stage.awaits
            stage.go_on(self.at)
            self.record(Event.Kind.AWAITED, stage, awaits=awaits)

    def _end_what_has_come(self) -> None:
        """Waits that ended by themselves are written down by whoever moves the case first; nobody ended them."""
        for stage in self.stages.values():
            if stage.ends_awaiting(self.at):
                awaits, until = stage.awaits, stage.awaits_until
                stage.go_on(until)
                self.events.append(
                    trail.append(
                        self.application,
                        Event.Kind.AWAITED,
                        self.at,
                        None,
                        stage,
                        awaits=awaits,
                        ended_at=_iso(certain(until)),
                    )
                )

    def begin_beside(self, clock: Clock) -> None:
        """Start a side clock (`side_clocks.started`) with this move; one of its name begins anew."""
        self._beside.append(clock)

    def end(self) -> None:
        """The case is over before its end: what isn't done ends, its clocks stop, nobody holds it, and nothing stays
        booked."""
        self._ended = True
        name_claims.release(self.application)
        if meeting := flow.meeting():
            bookings.let_go(owner=self.application.uid, service=meeting, by=self.actor)
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
            if name in self._before
            and self._before[name][_ASKED]
            and stage.state not in flow.AT_WORK
        ]
        if asked:
            questions.let_go(asked, self.at)

    def _write_clocks(self) -> None:
        if self._ended:
            return self._stop_all()
        if not self.stages:  # a draft: no desk holds it yet
            return
        wanted = {
            name: aim
            for name, aim in self._aims().items()
            if aim != self._aims_before.get(name, _NOT_BEGUN)
        }
        known = self._set_known_clocks(wanted)
        self._start_clocks({name: aim for name, aim in wanted.items() if name not in known})
        self._hand_over()

    def _stop_all(self) -> None:
        every = Clock.objects.filter(owner=self.application.uid)
        known = [
            clock for clock in every if flow.kind_of(clock.name) not in flow.OF_REVIEWS
        ]  # a bad review is still answered, and what it is about repaired
        for clock in known:
            self.catch_up(clock)
            clocks.stop(clock, self.at)
        rows.update(known, clocks.FIELDS)
        clocks.hold([], [clock.pk for clock in known], self.at)

    def hand_to(self, stage: Stage, officer) -> None:
        """Into an officer's hands; untouched for the zone's time, it goes back to the line."""
        stage.holder, stage.taken_at = officer, self.at
        is_with_applicant = stage.state in flow.WITH_APPLICANT
        stage.touched_at = stage.awaits_until if is_with_applicant else self.at

    def catch_up(self, clock: Clock) -> None:
        """Before a clock is moved on: what fell due and no sweep has seen is recorded by the move."""
        is_ours = clock.name in flow.clocks() or flow.kind_of(clock.name) in OURS
        for alarm in clocks.catch_up(clock, self.at) if is_ours else ():
            kind, data = side_clocks.plain_entry(self.application, alarm)
            self.record(kind, **data)
            self._alarms.append(alarm)

    def _aims(self) -> dict[str, Aim]:
        """What each clock of the flow is to do as the stages stand; before a submit there are none."""
        states = {name: stage.state for name, stage in self.stages.items()}
        ends = {
            name: stage.awaits_until for name, stage in self.stages.items() if stage.awaits_until
        }
        rules = flow.clocks().values() if states else ()
        return {rule.name: flow.clock_aim(rule, states, ends) for rule in rules}

    def _held(self) -> dict[str, awaiting.Held]:
        """Department → who holds its stage."""
        return {
            name: awaiting.held_by(
                name, stage.state, stage.holder_id, stage.awaits_until, stage.asked_at
            )
            for name, stage in self.stages.items()
        }

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
        read = {stage.clock.name: stage.clock for stage in self.stages.values() if stage.clock}
        known = {name: clock for name, clock in read.items() if name in names}
        missing = [
            name for name in names if name not in known and self._aims_before[name] != _NOT_BEGUN
        ]
        rest = Clock.objects.filter(owner=self.application.uid, name__in=missing) if missing else ()
        return known | {clock.name: clock for clock in rest}

    def _start_clocks(self, wanted: dict[str, Aim]) -> None:
        zone, application = self.application.zone, self.application
        started = [
            clocks.start(
                application.uid,
                name,
                flow.budget(name, zone.settings, among=self.stages),
                calendar_id(zone.calendar_code),
                zone.setting("warn_at_percent"),
                self.at,
            )
            for name in wanted
        ]
        for clock, (state, rests_until) in zip(started, wanted.values(), strict=True):
            awaiting.set_clock(clock, certain(state), self.at, rests_until)
        filed = [] if self._before else [side_clocks.draft_clock_when_filed(application, self.at)]
        begun = [*started, *filed, *self._beside]
        rows.insert(begun, met_by=("owner", "name"), changing=clocks.FIELDS)
        by_name = {clock.name: clock for clock in started}
        for department, stage in self.stages.items():
            if own := by_name.get(flow.stage_clocks()[department]):
                stage.clock = own

    def _hand_over(self) -> None:
        """Every minute has an owner: close and open spans where the holder of a stage changed."""
        begun, ended = [], set()
        for name, held in self._held().items():
            was, stage = self._held_before.get(name, (None, None)), self.stages[name]
            if held == was:
                continue
            if was[0]:
                ended.add(certain(stage.clock_id))
            for holder, since, to in awaiting.holdings(held, self.at):
                clock_id = certain(stage.clock_id)
                begun.append(Span(clock_id=clock_id, holder=holder, started_at=since, ended_at=to))
        clocks.hold(begun, ended, self.at)


def _iso(moment: datetime) -> str:
    return moment.isoformat()
