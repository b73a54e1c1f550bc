"""A case as a map: every node from the first minute, what is done, what is under way, and what is ahead with its time.

The stages that follow one another are nodes of a line; those that run side by side at the end are cards that hang from
it. What happened on the way (a correction, an extension) belongs to the node at which it happened.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from kernel.applicants.commitment import Commitment
from kernel.applicants.timeline import ENDS, Item, holder, tell
from kernel.cases import awaiting
from kernel.cases.models import Event
from kernel.cases.queries import CaseView, own_minutes
from kernel.cases.situation import TO_APPLICANT, StateWords
from kernel.core.certain import certain
from kernel.core.departments import department
from kernel.core.words import Words
from kernel.form import flow
from kernel.form.filing import Filing
from kernel.sla.calendars import calendar_id, work_calendar
from kernel.sla.clock_view import ClockView
from kernel.sla.worktime import deadline
from kernel.standards.display import display

DONE, NOW, STILL, AHEAD = "done", "now", "still", "ahead"  # classes of a node in the style sheet
_SAID_BY_NODES = (Event.Kind.SUBMITTED, Event.Kind.CLOSED, Event.Kind.COMPLETED)


@dataclass(frozen=True)
class Node:
    """A point of the line: `at` is when it was done, `by` until when it will be; `minutes` are its limit while nothing
    is known of either. `span` is the scale of its bar, in working minutes."""

    what: Words
    state: str
    at: datetime | None = None
    by: datetime | None = None
    words: StateWords | None = None
    clock: ClockView | None = None
    how: str = ""
    notes: tuple[Item, ...] = ()
    tag: Item | None = None


@dataclass(frozen=True)
class Branch:
    """A card: what its department does or did, what it yields, and where and when the applicant is met."""

    title: str
    state: str
    words: StateWords | None
    clock: ClockView | None
    how: str
    limit: int
    by: datetime | None = None
    since: datetime | None = None  # the appointment from which its minutes count
    yields: tuple[str, ...] = ()
    meeting: tuple[tuple[str, str], ...] = ()
    notes: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Map:
    """`before` the branches, the `branches` with the scale of their bars, the `end`, and what happened `after` it."""

    before: list[Node]
    branches: list[Branch]
    span: int
    end: Node | None
    after: list[Item]

    @property
    def branches_begun(self) -> bool:
        return any(branch.state != AHEAD for branch in self.branches)


def read(view: CaseView, filing: Filing, promise: Commitment) -> Map:
    """The map of a filed case; of a draft it is empty."""
    if not view.stages:
        return Map([], [], 1, None, [])
    notes, after = _notes(view)
    spine = [name for name in view.stages if name not in flow.beside()]
    beside = [name for name in flow.beside() if name in view.stages]
    given_up = view.application.state in flow.GIVEN_UP and view.application.completed_at is None
    if given_up:
        spine, beside = _begun(view, spine), _begun(view, beside)
    nodes = [_submitted(view, notes), *(_node(view, name, notes) for name in spine)]
    branches = [_branch(view, filing, name, notes) for name in beside]
    span = max((branch.limit for branch in branches), default=1)
    end = None if given_up else _end(view, promise, notes)
    return Map(nodes, branches, span, end, after)


def _begun(view: CaseView, names: list[str]) -> list[str]:
    return [name for name in names if view.stages[name].stage.opened_at]


# What happened, by the node at which it did


def _notes(view: CaseView) -> tuple[dict[str, list[Item]], list[Item]]:
    """(node → what happened there, what happened after the end). A node is a department, "" the submission, or
    COMPLETED."""
    notes: defaultdict[str, list[Item]] = defaultdict(list)
    after: list[Item] = []
    here = ""
    ended = False
    for event in view.events:
        if event.kind == Event.Kind.OPENED:
            beside = event.department in flow.beside()
            here = flow.COMPLETED if beside else event.department
        broken_off = event.kind in (Event.Kind.WITHDRAWN, Event.Kind.DECLINED)
        if ended or broken_off or event.kind == Event.Kind.REVOKED:
            after += _told(view, event)
        elif event.kind not in _SAID_BY_NODES:
            notes[event.department or here] += _told(view, event)
        ended = ended or event.kind in ENDS
    return notes, after


def _told(view: CaseView, event: Event) -> list[Item]:
    item = tell(view, event)
    return [item] if item else []


# The nodes of the line


def _submitted(view: CaseView, notes: dict) -> Node:
    event = next(event for event in view.events if event.kind == Event.Kind.SUBMITTED)
    item = certain(tell(view, event))
    return Node(item.what, DONE, event.at, how=item.how, notes=tuple(notes[""]))


def _node(view: CaseView, name: str, notes: dict) -> Node:
    """A stage before the branches."""
    item, desk = view.stages[name], department(name)
    stage, state = item.stage, _state(item)
    kept = tuple(notes[name])
    if state == DONE:
        closed = next(
            event
            for event in view.events
            if (event.kind, event.department) == (Event.Kind.CLOSED, name)
        )
        closing = certain(tell(view, closed))
        is_last = not any(
            view.stages[other].clock is item.clock and other != name and not _is_done(view, other)
            for other in view.stages
        )
        tag = closing if closing.tag_text else _own(view, name, certain(stage.closed_at))
        clock = item.clock if is_last and closing.tag_text else None
        return Node(
            closing.what, DONE, stage.closed_at, clock=clock, how=closing.how, tag=tag, notes=kept
        )
    if state == AHEAD:
        return Node(str(desk.title), AHEAD, by=_due(view, name), how=str(desk.note), notes=kept)
    return Node(
        str(desk.title),
        state,
        by=item.clock.due_at if item.clock else None,
        words=item.words_for(TO_APPLICANT),
        clock=item.clock,
        how=holder(view, name),
        notes=kept,
    )


def _own(view: CaseView, name: str, at: datetime) -> Item:
    """How long a stage took, where its clock went on over the next one; alone over the limit, it isn't done well."""
    n, clock = own_minutes(view, name), view.clocks.get(flow.stage_clocks()[name])
    took = ngettext("took %(n)s minute", "took %(n)s minutes", n) % {"n": n}
    kind, icon = ("breach", "") if clock and n > clock.limit else ("done", "check")
    return Item(at, took, tag_text=took, tag_kind=kind, tag_icon=icon)


def _is_done(view: CaseView, name: str) -> bool:
    return view.stages[name].stage.state == flow.DONE


def _state(item) -> str:
    if item.stage.state == flow.DONE:
        return DONE
    if item.stage.state == flow.WAITING:
        return AHEAD
    return STILL if item.waits or not (item.clock and item.clock.running) else NOW


def _end(view: CaseView, promise: Commitment, notes: dict) -> Node:
    done = view.application.completed_at
    kept = tuple(notes[flow.COMPLETED])
    if done:
        is_open = view.application.state == flow.COMPLETED
        how = _("Your company is open.") if is_open else ""
        return Node(_("All done"), DONE, done, how=how, notes=kept)
    return Node(_("All done"), AHEAD, by=promise.last, notes=kept)


# The cards


def _branch(view: CaseView, filing: Filing, name: str, notes: dict) -> Branch:
    item, desk = view.stages[name], department(name)
    state, clock_name = _state(item), flow.stage_clocks()[name]
    begun, ended = state != AHEAD, item.stage.state == flow.ENDED
    open_still = state != DONE and not ended
    limit = item.clock.limit if item.clock else _limit(view, clock_name)
    if state == DONE:
        clock_by = None
    else:
        clock_by = item.clock.due_at if item.clock else _due(view, name)
    return Branch(
        title=str(desk.title),
        state=state,
        words=item.words_for(TO_APPLICANT) if begun else None,
        clock=item.clock,
        how=holder(view, name) if begun else str(desk.note),
        limit=limit,
        by=clock_by,
        since=_appointment(view, filing, name) if open_still else None,
        yields=()
        if ended
        else tuple(str(paper.label) for paper in desk.papers if not paper.signed_by),
        meeting=_meeting(filing, name) if open_still else (),
        notes=tuple(notes[name]),
    )


def _limit(view: CaseView, clock: str) -> int:
    return flow.budget(clock, view.application.zone.settings)


def _due(view: CaseView, name: str) -> datetime | None:
    """By when a stage that hasn't begun is done at the latest; None while nobody can know, since the clock before it
    stands still or is late itself."""
    clock_name = flow.stage_clocks()[name]
    going = [clock for clock in view.clocks.values() if clock.stopped_at is None]
    if any(clock.over for clock in going if clock.name != flow.TOTAL):
        return None
    if clock_name in view.clocks:  # one that goes on over the next desk
        return view.clocks[clock_name].due_at
    before = [clock.due_at for clock in going if clock.name not in flow.spanning()]
    known = [due_at for due_at in before if due_at]
    if not before or len(known) < len(before):
        return None
    calendar = work_calendar(calendar_id(view.application.zone.calendar_code))
    return deadline(max(known), _limit(view, clock_name), calendar)


def _appointment(view: CaseView, filing: Filing, name: str) -> datetime | None:
    """The appointment from which the department's minutes count, while it lies ahead."""
    if name != flow.meeting():
        return None
    moment = awaiting.appointment(filing, view.application.zone)
    return moment if moment and moment > view.at else None


def _meeting(filing: Filing, name: str) -> tuple[tuple[str, str], ...]:
    """Where, when and how a department meets the applicant, each with its label."""
    met = department(name).meeting
    if met is None:
        return ()
    labels = (
        (pgettext("meeting", "Where"), met.where),
        (pgettext("meeting", "When"), met.when),
        (pgettext("meeting", "How"), met.how),
    )
    rows: Iterable[tuple[str, str]] = ((label, display(filing, key)) for label, key in labels)
    return tuple((label, shown) for label, shown in rows if shown)
