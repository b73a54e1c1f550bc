"""One move of one case: the lock, what changes under it, and the single write at the end.

    with casework(application_id, actor) as case:
        case.stage(TAX).close(case.at)
        case.record(Event.Kind.CLOSED, case.stage(TAX))

The case's row is locked first, then its stages and clocks are read; on leaving the block everything that changed is
written in a fixed order in the same transaction, the clocks are set to what the stages ask for, and the event chain
is extended. Few statements, whatever the move (tests/registration/test_statement_budget.py).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from django.db import connection, transaction
from django.utils.timezone import localdate

from accounts.zones import zone
from registration import filing, flow, signals, trail
from registration.models import Application, Document, Event, Stage
from registration.wake import wake_papers
from sla import clocks, rows
from sla.calendars import calendar_id
from sla.models import Clock
from sla.moment import now

APPLICANT, QUEUE = "applicant", "queue"
# What every move reads, as SQL: making these two statements anew cost a move more than executing them.
_CASE = "SELECT * FROM registration_application WHERE id = {which} {lock}"
_ITSELF, _OF_STAGE = "%s", "(SELECT application_id FROM registration_stage WHERE id = %s)"
_STAGES = "SELECT * FROM registration_stage WHERE application_id = %s ORDER BY id"


class Case:
    """A locked case during a move."""

    def __init__(self, application: Application, actor, stages: list[Stage]):
        self.application, self.actor, self.at = application, actor, now()
        self.stages = {stage.department: stage for stage in stages}
        self.documents: list[Document] = []
        self.events: list[Event] = []
        self._before = self._picture()
        self._ended = False

    def stage(self, department: str) -> Stage:
        return self.stages[department]

    @cached_property
    def filing(self) -> filing.Filing:
        application = self.application
        return filing.read(application, application.people.all(), application.materials.all(), localdate(self.at))

    def record(self, kind: str, stage: Stage | None = None, **data) -> Event:
        """Append an event to the trail; `data` without personal data."""
        event = trail.append(self.application, kind, self.at, self.actor, stage, **data)
        self.events.append(event)
        return event

    def issue(self, kind: str, department: str, facts: dict, verify_code: str | None = None) -> Document:
        """Issue a paper with these facts; a worker makes its PDF after the commit."""
        document = Document(
            application=self.application, kind=kind, department=department, facts=facts,
            verify_code=verify_code, issued_at=self.at,
        )  # fmt: skip
        self.documents.append(document)
        return document

    def begin(self) -> None:
        """Create the five stages (a submit)."""
        application, priority = self.application, self.application.priority
        self.stages = {
            department: Stage(
                application=application, department=department, zone_id=application.zone_id, priority=priority,
                unit=self.filing.unit_of(department),
            )
            for department in flow.DEPARTMENTS
        }  # fmt: skip

    def end(self) -> None:
        """The case is over before its end: every stage ends, every clock stops, and nobody holds it."""
        self._ended = True
        for stage in self.stages.values():
            stage.end(self.at)

    def _picture(self) -> dict[str, tuple]:
        return {name: tuple(getattr(stage, f.attname) for f in _CHANGING) for name, stage in self.stages.items()}

    def write(self) -> None:
        """Write everything that changed; no event, no change. Called once, on leaving the block."""
        if not self.events:
            return
        self._write_clocks()
        fresh = [stage for stage in self.stages.values() if stage.pk is None]
        now_shown = self._picture()
        moved = [s for name, s in self.stages.items() if s.pk and now_shown[name] != self._before.get(name)]
        rows.insert(fresh)
        rows.update(moved, Stage.CHANGING)
        rows.insert(self.documents)
        rows.insert(self.events)
        self.application.version += 1
        rows.update([self.application], Application.MOVING)
        if self.documents:
            wake_papers()
        signals.case_moved.send(sender=Application, application=self.application, events=self.events)

    def _write_clocks(self) -> None:
        if self._ended:
            return self._stop_all()
        states = {name: stage.state for name, stage in self.stages.items()}
        before = self._states_before()
        wanted = {
            rule.name: state
            for rule in flow.CLOCKS
            if (state := flow.clock_state(rule, states)) != (flow.clock_state(rule, before) if before else None)
        }
        known = self._set_known_clocks(wanted)
        self._start_clocks([rule for rule in flow.CLOCKS if rule.name in wanted and rule.name not in known])
        self._hand_over()

    def _stop_all(self) -> None:
        known = list(Clock.objects.filter(owner=self.application.uid))
        for clock in known:
            clocks.stop(clock, self.at)
        rows.update(known, clocks.FIELDS)
        clocks.hold({}, [clock.pk for clock in known], self.at)

    def _states_before(self) -> dict[str, str]:
        return {name: picture[_STATE] for name, picture in self._before.items()}

    def _set_known_clocks(self, wanted: dict[str, str]) -> set[str]:
        if not wanted or not self._before:
            return set()
        known = {clock.name: clock for clock in Clock.objects.filter(owner=self.application.uid, name__in=wanted)}
        for name, clock in known.items():
            _COMMANDS[wanted[name]](clock, self.at)
        rows.update(list(known.values()), clocks.FIELDS)
        return set(known)

    def _start_clocks(self, rules: list[flow.ClockRule]) -> None:
        zone, application = self.application.zone, self.application
        started = [
            clocks.start(
                application.uid, rule.name, flow.budget(rule.name, zone.settings), calendar_id(zone.calendar_code),
                zone.setting("warn_at_percent"), self.at,
            )
            for rule in rules
        ]  # fmt: skip
        rows.insert(started)
        by_name = {clock.name: clock for clock in started}
        for department, stage in self.stages.items():
            if clock := by_name.get(flow.STAGE_CLOCK[department]):
                stage.clock = clock

    def _hand_over(self) -> None:
        """Every minute has an owner: close and open spans where the holder of a stage changed."""
        begun, ended = {}, set()
        for name, stage in self.stages.items():
            before = self._before.get(name)
            held_before = holder_of(name, before[_STATE], before[_HOLDER]) if before else None
            held_now = holder_of(name, stage.state, stage.holder_id)
            if held_now != held_before:
                if held_before:
                    ended.add(stage.clock_id)
                if held_now:
                    begun[stage.clock_id] = held_now
        clocks.hold(begun, ended, self.at)


_CHANGING = [Stage._meta.get_field(name) for name in Stage.CHANGING]
_STATE, _HOLDER = Stage.CHANGING.index("state"), Stage.CHANGING.index("holder")
_COMMANDS = {"running": clocks.resume, "paused": clocks.pause, "stopped": clocks.stop}


def holder_of(department: str, state: str, officer_id: int | None) -> str | None:
    """Who holds a stage: the applicant, the department, nobody yet (queue), or None when it isn't under way."""
    if state == flow.RETURNED:
        return APPLICANT
    if state == flow.OPEN:
        return department if officer_id else QUEUE
    return None


@contextmanager
def casework(application_id: int, actor=None) -> Iterator[Case]:
    """Lock a case and move it; everything is written in one transaction on leaving the block, or nothing is."""
    with _locked(actor, _ITSELF, application_id) as case:
        yield case


@contextmanager
def stagework(stage_id: int, actor=None, wait: bool = True) -> Iterator[tuple[Case, Stage]]:
    """`casework` on the case of a stage, with the stage as it stands under the lock.

    Without `wait`, a case that somebody else is moving raises Application.DoesNotExist at once.
    """
    with _locked(actor, _OF_STAGE, stage_id, wait) as case:
        yield case, next(stage for stage in case.stages.values() if stage.pk == stage_id)


@contextmanager
def _locked(actor, which: str, key: int, wait: bool = True) -> Iterator[Case]:
    with transaction.atomic():
        application = _lock(which, key, wait)
        # Read after the lock is held, not joined to it: a row that wasn't locked may be older than the wait.
        stages = [] if application.state == flow.DRAFT else list(Stage.objects.raw(_STAGES, [application.pk]))
        for stage in stages:
            stage.application = application
        case = Case(application, actor, stages)
        yield case
        case.write()


def _lock(which: str, key: int, wait: bool) -> Application:
    lock = "FOR UPDATE" if connection.features.has_select_for_update else ""  # SQLite locks whole transactions
    lock += "" if wait or not lock else " SKIP LOCKED"
    for application in Application.objects.raw(_CASE.format(which=which, lock=lock), [key]):
        application.zone = zone(application.zone_id)
        return application
    raise Application.DoesNotExist
