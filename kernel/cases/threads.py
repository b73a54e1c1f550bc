"""The thread of a case as both sides read it: its messages in the order of time, between them the stages that were
closed, and how long an answer took. Nothing is written here (`kernel.cases.actions.messages`)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from kernel.cases.models import Application, Awaits, Stage, ThreadFile, ThreadMessage
from kernel.cases.models.application import shared_with
from kernel.cases.side_clocks import minutes_between
from kernel.form import flow
from kernel.sla.clock_view import ClockView, view

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Entry:
    """A line of the thread: a message, or a stage that was closed between two of them.

    `minutes` are the working minutes within which a desk's message answered; `is_waited_for`: a stage awaits the answer
    to it; `is_own`: of the reader's side.
    """

    at: datetime
    message: ThreadMessage | None = None
    closed: Stage | None = None
    files: tuple[ThreadFile, ...] = ()
    minutes: int | None = None
    is_own: bool = False
    is_waited_for: bool = False

    @property
    def is_new(self) -> bool:
        """Of the other side, and nobody of the reader's has answered it."""
        return bool(self.message and self.message.is_open and not self.is_own)


def entries(application: Application, stages: list[Stage], for_desk: bool) -> list[Entry]:
    """The whole thread, for the applicant's side or a desk, in two queries."""
    rows = application.thread.select_related("author__window", "clock", "handed_by")
    messages = list(rows.prefetch_related("files", "answers"))
    by_department = {stage.department: stage for stage in stages}
    lines = [_entry(application, row, by_department, for_desk) for row in messages]
    if not lines:
        return []
    closed = [
        Entry(stage.closed_at, closed=stage)
        for stage in stages
        if stage.state == flow.DONE and stage.closed_at and stage.closed_at > lines[0].at
    ]
    return sorted([*lines, *closed], key=lambda line: line.at)


def _entry(
    application: Application, row: ThreadMessage, stages: dict[str, Stage], for_desk: bool
) -> Entry:
    stage, minutes = stages.get(row.department), None
    if row.from_desk and (answered := list(row.answers.all())):
        first = min(question.written_at for question in answered)
        minutes = minutes_between(application.zone, first, row.written_at)
    waited = row.is_open and row.waits and stage is not None and stage.awaits == Awaits.ANSWER
    return Entry(
        row.written_at,
        row,
        files=tuple(row.files.all()),
        minutes=minutes,
        is_own=row.from_desk == for_desk,
        is_waited_for=waited,
    )


def closed_for(application: Application, at: datetime) -> str:
    """Why nobody writes about this case yet, or any more; empty where both sides may."""
    if application.state == flow.DRAFT:
        return _("Messages to the departments begin once the case is filed.")
    if application.state in flow.GIVEN_UP:
        return _("The case has ended, and no department works on it any more. Nothing can be sent.")
    days = application.zone.setting("messages_days")
    if application.completed_at and application.completed_at + timedelta(days=days) < at:
        return _("The case was completed more than %(n)s days ago. Please call instead.") % {
            "n": days
        }
    return ""


def held_fault(stage: Stage, officer) -> str:
    """Why an officer of the desk doesn't write for this stage: a colleague has it in hand."""
    in_hand = stage.holder_id and stage.state in flow.UNDER_WAY
    if in_hand and stage.holder_id != officer.pk:
        return _("%(who)s is working on this case.") % {"who": stage.holder}
    return ""


def waiting_fault(stage: Stage, officer) -> str:
    """Why the work can't wait for an answer now; empty where it may."""
    if stage.state == flow.DONE:
        return _("This stage is closed, so nothing waits.")
    if stage.state_now != flow.OPEN:
        return _("The clock of this stage rests already.")
    if stage.holder_id != officer.pk:
        return _("Take the case first; only who has it in hand can let it wait.")
    return ""


def reached(stages: list[Stage]) -> list[Stage]:
    """The stages to whose departments the applicant's side may write."""
    return [stage for stage in stages if stage.state in flow.AT_DESK]


def addressee(stages: list[Stage], lines: list[Entry]) -> str:
    """The department to which one writes unless one chooses another: whose question waits, else which is at work."""
    asked = [line.message.department for line in lines if line.message and line.is_new]
    open_now = [stage.department for stage in stages if stage.state in flow.UNDER_WAY]
    there = [stage.department for stage in reached(stages)]
    return next(iter([*reversed(asked), *open_now, *reversed(there)]), "")


def answer_clock(lines: list[Entry], department: str, at: datetime) -> ClockView | None:
    """The clock within which the department answers; None where nothing waits for it."""
    clocks = (message.clock for message in asked_of(lines, department))
    return next((view(clock, at) for clock in clocks if clock), None)


# How much waits for whom


def for_applicant(user) -> QuerySet[ThreadMessage]:
    """What the desks wrote to this person's cases that nobody has read, or that waits for an answer."""
    cases = Application.objects.filter(applicant=user).order_by().values("pk")
    rows = ThreadMessage.objects.from_desks().filter(application__in=cases.union(shared_with(user)))
    waits = Q(asks=True, answered_at=None)
    return rows.filter(Q(read_at=None) | waits).exclude(application__state__in=flow.GIVEN_UP)


def for_officer(user, departments: Iterable[str]) -> QuerySet[ThreadMessage]:
    """The questions that an officer may answer at these desks: of cases in their hands, or closed by them, and of those
    that nobody has in hand; the first that falls due before the others."""
    mine = Stage.objects.at_desks(user).filter(
        Q(holder=user) | Q(holder=None) | Q(state=flow.DONE, holder__is_active=False),
        application=OuterRef("application"),
        department=OuterRef("department"),
    )
    rows = ThreadMessage.objects.from_applicants().unanswered()
    rows = rows.filter(Exists(mine), department__in=departments, application__zone=user.zone_id)
    return rows.order_by("clock__due_at", "pk")


def for_desk(user, department: str) -> QuerySet[ThreadMessage]:
    """The same of one desk, a row for each case, the first of them."""
    rows = for_officer(user, [department]).select_related("application", "clock")
    earlier = ThreadMessage.objects.from_applicants().unanswered()
    earlier = earlier.filter(
        application=OuterRef("application"), department=department, pk__lt=OuterRef("pk")
    )
    return rows.filter(~Exists(earlier)).defer("body", "application__answers")


# The thread and its page


def last_of(lines: list[Entry]) -> int:
    """The key of the last message that is shown; 0 for none."""
    return max((line.message.pk for line in lines if line.message), default=0)


def seen_of(text: str) -> int:
    """The same as an address gives it."""
    return int(text[:15]) if text.isdecimal() else 0


def asked_by_desks(lines: list[Entry]) -> list[ThreadMessage]:
    """What the desks asked and nobody has answered."""
    shown = [line.message for line in lines if line.message]
    return [message for message in shown if message.is_open and message.from_desk]


def asked_of(lines: list[Entry], department: str) -> list[ThreadMessage]:
    """What the department was asked and hasn't answered."""
    shown = [line.message for line in lines if line.message]
    return [
        message
        for message in shown
        if message.is_open and not message.from_desk and message.department == department
    ]
