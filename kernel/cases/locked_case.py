"""One move of one case: the lock, what changes under it, and the single write at the end.

    with locked_case(application_id, actor) as case:
        case.stage(department).close(case.at)
        case.record(Event.Kind.CLOSED, case.stage(department))

The case's row is locked and read with its stages and their clocks; on leaving the block everything that changed is
written in a fixed order in the same transaction, the clocks are set to what the stages ask for, and the event chain
is extended. Few statements, whatever the move (tests/kernel/cases/test_statement_budget.py).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cached_property

from django.db import transaction
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import localdate

from kernel.accounts.zones import zone
from kernel.cases import awaiting, breaches, locking, register, side_clocks, signals, trail
from kernel.cases.awaiting import APPLICANT
from kernel.cases.models import Application, Deferral, Document, Event, Stage
from kernel.cases.paper_gaps import require_facts
from kernel.cases.people_and_materials import read_people_and_materials
from kernel.cases.wake import wake_papers
from kernel.core import rows
from kernel.core.moment import now
from kernel.core.outbox.models import Message, post
from kernel.form import flow
from kernel.form.filing import Filing, read
from kernel.sla import clocks
from kernel.sla.calendars import calendar_id
from kernel.sla.models import Alarm, Clock, Span

QUEUE = "queue"
Aim = tuple[str | None, datetime | None]  # of a clock


class Case:
    """A locked case during a move."""

    def __init__(self, application: Application, actor, stages: list[Stage]):
        self.application, self.actor, self.at = application, actor, now()
        self.role = actor.role if actor else ""  # in which the actor acts
        self.stages = {stage.department: stage for stage in stages}
        self.documents: list[Document] = []
        self.events: list[Event] = []
        self.following: list[Deferral] = []  # materials that this move lets follow later
        self._outgoing: list[Message] = []
        self._alarms: list[Alarm] = []
        self._before = self._picture()
        self._awaited_before = {
            s.department: moment for s in stages if (moment := awaiting.until(s, self.at))
        }
        self._awaited = dict(
            self._awaited_before
        )  # department → until when its stage awaits the applicant
        self._ended = False
        self._beside: list[Clock] = []

    def stage(self, department: str) -> Stage:
        return self.stages[department]

    def stages_of(self, wave: flow.Wave) -> list[Stage]:
        """Of the departments that the case was filed with."""
        return [self.stages[name] for name in wave.departments if name in self.stages]

    @cached_property
    def filing(self) -> Filing:
        beside = SimpleLazyObject(
            lambda: read_people_and_materials(self.application)
        )  # read when a rule looks at it, not before
        people, materials = (
            SimpleLazyObject(lambda place=place: beside[place]) for place in (0, 1)
        )
        return read(self.application, people, materials, localdate(self.at))

    def filing_to_hold_a_name(self) -> Filing:
        """The filing, with what the register says of its name unless the case holds it.

        What it says stays true until this move is over: nobody else takes a name of the registry meanwhile.
        """
        if self.filing.holds_name:
            return self.filing
        beside = read_people_and_materials(
            self.application, register.turn_of(self.filing.name_registry)
        )
        self.filing = read(self.application, *beside, localdate(self.at))
        return replace(self.filing, names_found=register.conflicts_of(self.filing))

    def record(self, kind: str, stage: Stage | None = None, **data) -> Event:
        """Append an event to the trail; `data` without personal data."""
        role = self.role if self.actor else ""  # what the system decides within a move, nobody did
        event = trail.append(self.application, kind, self.at, self.actor, stage, role=role, **data)
        self.events.append(event)
        return event

    def issue(
        self, kind: str, department: str, facts: dict, verify_code: str | None = None
    ) -> Document:
        """Issue a paper with these facts; a worker makes its PDF after the commit. Raises Incomplete where it would
        have a hole in it, KeyError for a kind that nothing prints."""
        document = Document(
            application=self.application,
            kind=kind,
            department=department,
            facts=facts,
            verify_code=verify_code,
            issued_at=self.at,
        )
        require_facts(
            kind, dict(document._meta.get_field("kind").flatchoices).get(kind, kind), facts
        )
        self.documents.append(document)
        return document

    def tell(self, channel: str, **payload) -> None:
        """Have a system outside told of this move, once it is committed (`kernel.core.outbox`); after its event."""
        self._outgoing.append(
            Message(
                channel=channel,
                key=f"{channel}:{self.application.trail_head}",
                subject=self.application.number,
                zone=self.application.zone_id,
                payload=payload,
                written_at=self.at,
            )
        )

    def begin(self) -> None:
        """Create the stages of all departments whose standards the case names (a submit)."""
        application, priority = self.application, self.application.priority
        self.stages = {
            department: Stage(
                application=application,
                department=department,
                zone_id=application.zone_id,
                priority=priority,
                unit=self.filing.unit_of(department),
            )
            for department in flow.departments()
            if department in application.standards_versions
        }

    def await_appointment(self, stage: Stage) -> dict[str, str]:
        """What the trail says of a stage that has just been opened, beside that: until when it awaits the applicant.

        Until then the clocks over it rest, and nothing goes back to the line.
        """
        self._awaited.pop(stage.department, None)
        moment = (
            awaiting.appointment(self.filing, self.application.zone)
            if stage.department == flow.meeting()
            else None
        )
        if moment is None or moment <= self.at:
            return {}
        self._awaited[stage.department] = moment
        if stage.holder_id:
            stage.touched_at = moment
        return {awaiting.UNTIL: moment.isoformat()}

    def begin_beside(self, clock: Clock) -> None:
        """Start a side clock (`side_clocks.started`) with this move; one of its name begins anew."""
        self._beside.append(clock)

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

    def write(self) -> None:
        """Write everything that changed; no event, no change. Called once, on leaving the block."""
        if not self.events:
            return
        self._write_clocks()
        fresh = [stage for stage in self.stages.values() if stage.pk is None]
        now_shown = self._picture()
        moved = [
            s
            for name, s in self.stages.items()
            if s.pk and now_shown[name] != self._before.get(name)
        ]
        rows.insert(fresh)
        rows.update(moved, Stage.CHANGING)
        rows.insert(self.documents)
        rows.insert(self.events)
        rows.insert(self._alarms)
        breaches.ask({self.application.uid: self.application}, self._alarms, self.at)
        self.application.version += 1
        rows.update([self.application], Application.MOVING)
        post(self._outgoing)
        if self.documents:
            wake_papers()
        signals.case_moved.send(
            sender=Application, application=self.application, events=self.events
        )

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
        is_ours = clock.name in flow.clocks() or flow.kind_of(clock.name) == flow.MATERIAL
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
            awaiting.set_clock(clock, state, self.at, rests_until)
        rows.update(list(known.values()), clocks.FIELDS)
        return set(known)

    def _known_clocks(self, names) -> dict[str, Clock]:
        """The clocks of these names that the case has: those read with the lock, and the rest if there can be any."""
        before = self._states_before()
        read = {stage.clock.name: stage.clock for stage in self.stages.values() if stage.clock_id}
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
        begun = [*started, *filed, *self._beside]
        rows.insert(begun, met_by=("owner", "name"), changing=clocks.FIELDS)
        by_name = {clock.name: clock for clock in started}
        for department, stage in self.stages.items():
            if clock := by_name.get(flow.stage_clocks()[department]):
                stage.clock = clock

    def _hand_over(self) -> None:
        """Every minute has an owner: close and open spans where the holder of a stage changed."""
        begun, ended = [], set()
        for name, stage in self.stages.items():
            before = self._before.get(name)
            was = holder_of(name, before[_STATE], before[_HOLDER]) if before else None
            held = holder_of(name, stage.state, stage.holder_id)
            awaited, awaits = self._awaited_before.get(name), self._awaited.get(name)
            if (held, awaits) == (was, awaited):
                continue
            if was:
                ended.add(stage.clock_id)
            for holder, since, to in awaiting.holdings(held, self.at, awaits):
                begun.append(
                    Span(clock_id=stage.clock_id, holder=holder, started_at=since, ended_at=to)
                )
        clocks.hold(begun, ended, self.at)


_CHANGING = [Stage._meta.get_field(name) for name in Stage.CHANGING]
_STATE, _HOLDER = Stage.CHANGING.index("state"), Stage.CHANGING.index("holder")


def _aim(rule: flow.ClockRule, states: dict[str, str], awaited: dict[str, datetime]) -> Aim:
    """What a clock is to do: its state, and until when it rests if it runs."""
    state = flow.clock_state(rule, states) if states else None
    return state, flow.rests_until(rule, awaited) if state == "running" else None


def holder_of(department: str, state: str, officer_id: int | None) -> str | None:
    """Who holds a stage: the applicant, the department, nobody yet (queue), or None when it isn't under way."""
    if state == flow.RETURNED:
        return APPLICANT
    if state == flow.OPEN:
        return department if officer_id else QUEUE
    return None


@contextmanager
def locked_case(application_id: int, actor=None) -> Iterator[Case]:
    """Lock a case and move it; everything is written in one transaction on leaving the block, or nothing is."""
    with _locked(actor, locking.ITSELF, [application_id]) as case:
        yield case


@contextmanager
def locked_stage(stage_id: int, actor=None, wait: bool = True) -> Iterator[tuple[Case, Stage]]:
    """`locked_case` on the case of a stage, with the stage as it stands under the lock.

    Without `wait`, a case that somebody else is moving raises Application.DoesNotExist at once.
    """
    with _locked(actor, locking.OF_STAGE, [stage_id], wait) as case:
        stage = next(stage for stage in case.stages.values() if stage.pk == stage_id)
        case.role = actor.role_at(stage.department) if actor else ""
        yield case, stage


@contextmanager
def first_in_line(line, actor) -> Iterator[tuple[Case, Stage]]:
    """`locked_stage` on the first stage of `line` (a queryset of the actor's desk), found and locked in one statement.

    Raises Application.DoesNotExist when the line is empty or somebody is moving the first one.
    """
    sql, keys = line.values("application_id")[:1].query.sql_with_params()
    with _locked(actor, f"({sql})", keys, wait=False) as case:
        yield case, case.stage(actor.department)


@contextmanager
def _locked(actor, which: str, keys: Sequence, wait: bool = True) -> Iterator[Case]:
    with transaction.atomic():
        application, stages = locking.read_locked(which, keys, wait)
        application.zone = zone(application.zone_id)
        case = Case(application, actor, stages)
        yield case
        case.write()
