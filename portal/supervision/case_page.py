"""Cases as a supervisor reads them: rows of a list, and one case in full. No personal data is read for either."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from kernel.accounts import proposal_kinds
from kernel.accounts.models import Role
from kernel.cases import deferrals, proposed, reading, trail
from kernel.cases.access import access_application
from kernel.cases.breaches import unexplained
from kernel.cases.holders import APPLICANT, QUEUE, SUPERVISOR
from kernel.cases.models import Application, Event, Stage, StraightApproval
from kernel.cases.queries import case_view
from kernel.cases.reached import TELLING, last_unreached
from kernel.cases.rights import may_keep_licences, may_supervise
from kernel.cases.situation import StateWords, state_words
from kernel.core import departments
from kernel.core.outbox import channels
from kernel.core.ui.wording import moment
from kernel.form import flow
from kernel.form.choices import PriorityGround
from kernel.sla.calendars import work_calendar
from kernel.sla.clock_view import ClockView, view
from kernel.sla.models import Clock, Span
from kernel.sla.worktime import elapsed
from kernel.standards.records import label, named
from portal.notices.models import Delivery
from portal.supervision import owners
from portal.supervision.running import holder_label, what_waits

# Who holds a minute that no department holds.
OTHER_HOLDERS = {
    APPLICANT: pgettext_lazy("holder", "Applicant"),
    QUEUE: pgettext_lazy("holder", "In line, nobody yet"),
    SUPERVISOR: pgettext_lazy("holder", "Supervisor"),
}
SAID = ("legal_basis", "reason", "ground", "text")  # what somebody wrote into an event
URGENT = {"breached": 0, "at_risk": 1, "half": 2, "running": 3, "paused": 4, "stopped": 5}


def holder_name(holder: str) -> str:
    """A holder of a span as people say it."""
    return OTHER_HOLDERS.get(holder) or departments.label(holder)


@dataclass(frozen=True)
class Row:
    """A case in a list, with its most urgent clock (None when it has none) and who holds it now."""

    case: Application
    clock: ClockView | None
    clock_label: str
    holder: str
    words: StateWords | None


def rows(cases, at: datetime) -> list[Row]:
    """The cases of one page of a list with their clocks and holders, in two queries."""
    cases = list(cases)
    clocks = defaultdict(list)
    for clock in Clock.objects.filter(
        owner__in=[case.uid for case in cases], name__in=flow.clocks()
    ):
        clocks[clock.owner].append(view(clock, at))
    stages = defaultdict(list)
    under_way = Stage.objects.filter(application__in=cases, state__in=flow.UNDER_WAY)
    for stage in under_way.select_related("holder", "clock").order_by("pk"):
        stages[stage.application_id].append(stage)
    return [_row(case, clocks[case.uid], stages[case.pk], at) for case in cases]


def _row(case: Application, clocks: list[ClockView], stages: list[Stage], at: datetime) -> Row:
    urgent = min(clocks, key=lambda clock: (_urgency(clock), -clock.share), default=None)
    label = flow.clock_label(urgent.name) if urgent else ""
    ended = "" if case.state in flow.RUNNING_STATES else case.state
    words = state_words(urgent, what_waits(stages, at), ended) if urgent else None
    return Row(case, urgent, label, holder_label(stages) if stages else "", words)


def _urgency(clock: ClockView) -> int:
    return 0 if clock.over and clock.stopped_at is None else URGENT[clock.state]


def last_holders(clocks) -> dict[int, str]:
    """Who held each of these clocks at its end, by the clock's key; one query."""
    spans = Span.objects.filter(clock__in=list(clocks)).order_by("started_at", "pk")
    return {span.clock_id: holder_name(span.holder) for span in spans}


@dataclass(frozen=True)
class Held:
    """How long somebody held a clock; `minutes` are working minutes."""

    clock: str
    holder: str
    started_at: datetime
    ended_at: datetime | None
    minutes: float


def spans(application: Application, at: datetime) -> list[Held]:
    """Every span of the case, in the order of time: the minutes of a case and their owners."""
    lasting = Span.objects.filter(clock__owner=application.uid).exclude(ended_at=F("started_at"))
    rows = lasting.select_related("clock").order_by("started_at", "pk")
    return [
        Held(
            flow.clock_label(span.clock.name),
            holder_name(span.holder),
            span.started_at,
            span.ended_at,
            elapsed(span.started_at, span.ended_at or at, work_calendar(span.clock.calendar_id))
            / timedelta(minutes=1),
        )
        for span in rows
    ]


@dataclass(frozen=True)
class Told:
    """An event as a line of the timeline."""

    event: Event
    what: str
    detail: str

    @property
    def kind(self) -> str:
        return "wait" if self.event.kind in (Event.Kind.RETURNED, Event.Kind.BREACHED) else ""


def told(event: Event) -> Told:
    """The event in words: what, where, by whom, and what it says that is not personal."""
    what = event.get_kind_display()
    parts = []
    if event.department:
        parts.append(departments.label(event.department))
    if event.actor:
        parts.append(in_role(event))
    if event.kind in proposed.STEPS.values():
        parts.append(proposal_kinds.label(event.data["what"]))
    if clock := event.data.get("clock"):
        parts.append(str(flow.clock_label(clock)))
    if material := event.data.get("material"):
        parts.append(deferrals.label(material))
    if cited := [ground["standard"] for ground in event.data.get("grounds", [])]:
        parts.append(_("cites %(standards)s") % {"standards": " ".join(cited)})
    if numbers := event.data.get("standards_versions"):
        parts.append(_("by the standards %(versions)s") % {"versions": label(numbers)})
    if outcome := event.data.get("outcome"):
        parts.append(str(StraightApproval.Outcome(outcome).label))
    if event.data.get("straight_through"):
        parts.append(_("by the system"))
    if ground := event.data.get("priority_ground"):
        parts.append(str(PriorityGround(ground).label))
    if event.kind in reading.LOOKS:
        parts += reading.seen_in(event)
    if event.kind in TELLING:
        parts.append(channels.label(event.data["by"]))
    if fault := event.data.get("fault"):
        parts.append(str(Delivery.Fault(fault).label))
    if minutes := event.data.get("minutes"):
        parts.append(_("%(n)s minutes more") % {"n": minutes})
    parts += [_moved(row) for row in event.data.get("deadlines", [])]
    parts += [event.data[name] for name in SAID if event.data.get(name)]
    return Told(event, what, " · ".join(parts))


def in_role(event: Event) -> str:
    """Who did it, and in which role: of the applicant no name."""
    if event.role == Role.APPLICANT:
        return str(OTHER_HOLDERS[APPLICANT])
    return _("%(role)s %(name)s") % {"role": event.get_role_display(), "name": event.actor}


def _moved(row: dict) -> str:
    """A deadline that a change of the calendar moved."""
    before, after = (moment(datetime.fromisoformat(row[name])) for name in ("before", "after"))
    return f"{flow.clock_label(row['clock'])} {before} → {after}"


def context(user, number: str) -> dict:
    """Everything the page of a case shows. Raises Http404 for a case of another zone."""
    application = access_application(user, number)
    seen = case_view(application)
    asking = unexplained(application, seen.at)
    parts, life = owners.of_case(application, seen.at)
    clocks = [
        (flow.clock_label(rule.name), seen.clocks[rule.name])
        for rule in flow.clocks().values()
        if rule.name in seen.clocks
    ]
    return {
        "case": application,
        "versions": named(application.standards_versions),
        "seen": seen,
        "clocks": clocks,
        "stages": list(seen.stages.values()),
        "events": [told(event) for event in seen.events],
        "unreached": last_unreached(seen.events),
        "spans": spans(application, seen.at),
        "parts": parts,
        "life": life,
        "faults": trail.faults(application, seen.events),
        "may_act": may_supervise(user, application) and application.state in flow.RUNNING_STATES,
        "may_decline": may_supervise(user, application) and application.state == flow.LICENSING,
        "thread_count": application.thread.count() if may_supervise(user, application) else 0,
        "proposals": proposed.waiting(application, user),
        "may_keep_licence": may_keep_licences(user, application),
        "reasons": application.breach_reasons.select_related("clock", "given_by"),
        "unexplained": asking,
        "unexplained_names": pgettext("list", ", ").join(
            str(flow.clock_label(clock.name)) for clock in asking
        ),
        "following": [
            (deferral, deferrals.label(deferral.kind))
            for deferral in application.deferrals.select_related("clock")
        ],
        "documents": application.documents.defer("facts"),
    }
