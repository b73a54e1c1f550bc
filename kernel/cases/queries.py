"""Reads that cross models. Each runs a constant number of queries, whatever it lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from kernel.accounts.zones import zone
from kernel.cases import situation
from kernel.cases.models import Application, Correction, Event, Stage
from kernel.core.moment import now
from kernel.form import flow
from kernel.sla.calendars import calendar_id, work_calendar
from kernel.sla.clock_view import ClockView, view
from kernel.sla.models import Clock
from kernel.sla.worktime import elapsed


def waits_of(stage: Stage, clock: ClockView | None) -> str:
    """What a stage with this clock waits for (`kernel.cases.situation`), empty while its desk is to go on."""
    if stage.state == flow.RETURNED:
        return situation.RETURNED
    if stage.state_now == flow.AWAITING:
        return situation.AWAITING if stage.awaits_until else situation.WAITED_FOR
    if stage.state != flow.OPEN:
        return ""
    return situation.ASKED if stage.asked_at else ""


def foremost(waits: Iterable[str]) -> str:
    """Of what several stages wait for, what goes first: the applicant before the supervisor."""
    kinds = set(waits)
    ranks = (
        situation.RETURNED,
        situation.WAITED_FOR,
        situation.AWAITING,
        situation.ASKED,
    )
    return next((what for what in ranks if what in kinds), "")


@dataclass(frozen=True)
class StageView:
    """A stage with the clock that its desk watches (None before it opens)."""

    stage: Stage
    clock: ClockView | None
    correction: Correction | None

    @property
    def awaits(self) -> bool:
        """Whether it awaits its applicant though nothing is wrong."""
        return self.stage.state_now == flow.AWAITING

    @property
    def waits(self) -> str:
        """What it waits for (`kernel.cases.situation`), empty while its desk is to go on."""
        return waits_of(self.stage, self.clock)

    def words_for(self, reader: str = situation.TO_STAFF) -> situation.StateWords:
        """The words for it."""
        if self.stage.state == flow.DONE:  # its clock may go on over the next desk
            return situation.DONE
        ended = self.stage.application.state if self.stage.state == flow.ENDED else ""
        return situation.state_words(self.clock, self.waits, ended, reader=reader)

    @property
    def shown(self) -> str:
        """The state as pages show it: of one that awaits its applicant, what it awaits."""
        return self.stage.awaits if self.awaits else self.stage.state_now


@dataclass(frozen=True)
class CaseView:
    """A case as its timeline shows it. `clocks` is by name; `holders` are departments, or "applicant", at work now."""

    application: Application
    stages: dict[str, StageView]
    clocks: dict[str, ClockView]
    events: list[Event]
    at: datetime

    @property
    def total(self) -> ClockView | None:
        return self.clocks.get("total")

    @property
    def waits(self) -> str:
        """What the case waits for: the applicant before the supervisor."""
        return foremost(item.waits for item in self.stages.values())

    def words_for(self, reader: str = situation.TO_STAFF) -> situation.StateWords:
        """The words for the clock of the whole case."""
        state = self.application.state
        ended = state if state in (flow.COMPLETED, *flow.GIVEN_UP) else ""
        return situation.state_words(self.total, self.waits, ended, reader=reader)

    @property
    def holders(self) -> list[str]:
        held = []
        for name, item in self.stages.items():
            if item.stage.state_now in flow.WITH_APPLICANT and "applicant" not in held:
                held.append("applicant")
            if item.stage.state_now == flow.OPEN:
                held.append(name)
        return held

    @property
    def corrections(self) -> list[Correction]:
        """What waits for the applicant now."""
        return [
            item.correction
            for item in self.stages.values()
            if item.correction and item.stage.state == flow.RETURNED
        ]


def own_minutes(view: CaseView, department: str) -> int:
    """The whole working minutes that a stage itself took so far, where its clock goes on over another desk too: those
    while it was open, by the trail."""
    application, spent, since = view.application, timedelta(), None
    calendar = work_calendar(calendar_id(zone(application.zone_id).calendar_code))
    for event in view.events:
        if event.department == department and event.kind in _OPEN_FROM:
            since = event.at
        ends = event.kind in _OPEN_UNTIL and event.department in (department, "")
        if since and ends:
            spent, since = spent + elapsed(since, event.at, calendar), None
    if since:
        spent += elapsed(since, view.at, calendar)
    return spent // timedelta(minutes=1)


_OPEN_FROM = (Event.Kind.OPENED, Event.Kind.RESUBMITTED, Event.Kind.AWAITED)
_OPEN_UNTIL = (
    Event.Kind.AWAITING,
    Event.Kind.RETURNED,
    Event.Kind.CLOSED,
    Event.Kind.WITHDRAWN,
    Event.Kind.DECLINED,
    Event.Kind.REVOKED,
)


def case_view(application: Application) -> CaseView:
    """Everything a timeline needs, in four queries."""
    at = now()
    stages = list(application.stages.select_related("holder__window", "application"))
    clock_rows = list(Clock.objects.filter(owner=application.uid, name__in=flow.clocks()))
    corrections = {
        correction.stage_id: correction
        for correction in Correction.objects.filter(stage__application=application).order_by(
            "round"
        )
    }
    clocks = {clock.name: view(clock, at) for clock in clock_rows}
    return CaseView(
        application=application,
        stages={
            stage.department: StageView(
                stage,
                clocks.get(flow.stage_clocks()[stage.department])
                if stage.state != flow.WAITING
                else None,
                corrections.get(stage.pk),
            )
            for stage in stages
        },
        clocks=clocks,
        events=list(application.events.select_related("actor").order_by("seq")),
        at=at,
    )


def open_corrections(application: Application) -> list[Correction]:
    """What departments wait for now."""
    if application.state not in flow.RUNNING_STATES:
        return []
    waiting = Correction.objects.filter(
        stage__application=application, stage__state=flow.RETURNED, answered_at=None
    )
    return list(waiting.select_related("stage", "asked_by__window"))


def pinned_by(corrections: Iterable[Correction]) -> dict[str, list[str]]:
    """Department that waits for the applicant → the fields that it pinned."""
    return {
        correction.stage.department: [
            key for ground in correction.grounds for key in ground["fields"]
        ]
        for correction in corrections
    }


def confirmed(application: Application, department: str) -> frozenset[str]:
    """The standards that a person answered "met" when the department's stage was closed."""
    closed = application.events.filter(kind=Event.Kind.CLOSED, department=department).last()
    return frozenset(closed.data.get("confirmed", ())) if closed else frozenset()


@dataclass(frozen=True)
class QueueRow:
    """A stage in a queue, beside the clock that its desk watches."""

    stage: Stage
    clock: ClockView

    @property
    def words(self) -> situation.StateWords:
        return situation.state_words(self.clock, waits_of(self.stage, self.clock))


@dataclass(frozen=True)
class Queue:
    """A desk as its officer sees it: in hand, waiting for applicants, in line (nobody picks), done today, and whose
    appointments lie ahead, the nearest first."""

    mine: list[QueueRow]
    waiting: list[QueueRow]
    line: list[QueueRow]
    done: list[QueueRow]
    in_line: int  # in all; `line` are the first LISTED of them
    ahead: list[QueueRow]

    @property
    def at_risk(self) -> int:
        return sum(row.clock.state in ("at_risk", "breached") for row in (*self.mine, *self.line))


LISTED = 50  # rows of a line shown at once; its head says how many there are in all


def desk_queue(user, today_start: datetime) -> Queue:
    """The queue of the officer's desk, in three queries (in four at the desk that meets applicants); `today_start` is
    the local midnight."""
    at = now()
    desk = Stage.objects.for_desk(user).select_related("application", "clock")
    mine = desk.filter(holder=user, state__in=flow.UNDER_WAY).order_by("opened_at")
    in_hand: list[QueueRow] = []
    waiting: list[QueueRow] = []
    for stage in mine:
        rests = stage.state == flow.RETURNED or (
            stage.state == flow.AWAITING and not stage.awaits_until
        )
        (waiting if rests else in_hand).append(QueueRow(stage, view(stage.clock, at)))
    line = [QueueRow(stage, view(stage.clock, at)) for stage in desk.in_line()[:LISTED]]
    closed = desk.filter(holder=user, state=flow.DONE, closed_at__gte=today_start).order_by(
        "-closed_at"
    )
    done = [QueueRow(stage, view(stage.clock, at)) for stage in closed]
    in_line = len(line) if len(line) < LISTED else desk.in_line().count()
    booked = desk.awaiting().filter(holder=None) if user.department == flow.meeting() else ()
    ahead = [QueueRow(stage, view(stage.clock, at)) for stage in booked]
    return Queue(in_hand, waiting, line, done, in_line, ahead)


def first(rows, most: int) -> tuple[list, bool]:
    """The first of many rows, and whether there are more: the page that shows them says so."""
    listed = list(rows[: most + 1])
    return listed[:most], len(listed) > most
