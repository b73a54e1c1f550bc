"""The applicant's side and the desks write to each other. A message is no return: it stops no clock, unless the officer
says that the work waits for the answer, and then the stage awaits it like anything else.

What the applicant's side asks is answered within the zone's minutes, on a side clock; whoever closed a stage still
answers, and may hand a question on once. Events say who wrote when, never what.
"""

from uuid import UUID

from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from kernel.cases import agency, rights, side_clocks, threads
from kernel.cases.actions.message_drafts import take_files
from kernel.cases.locked_case import Case, locked_case, locked_stage
from kernel.cases.models import Awaits, Event, Stage, ThreadMessage
from kernel.core import rows
from kernel.core.errors import Incomplete, NotAllowed, Refused, Stale
from kernel.core.moment import now
from kernel.core.typed import visible
from kernel.form import flow
from kernel.sla import clocks
from kernel.sla.models import Clock

LONGEST = 2000  # characters
MOST_AN_HOUR = 30  # messages of one person
MOST_OPEN = 10  # questions of a case that wait for their answers


def write_to_desk(
    *,
    actor,
    application_id: int,
    department: str,
    body: str,
    key: UUID,
    asks: bool = True,
    seen: int | None = None,
) -> ThreadMessage:
    """The applicant's side writes to a department that the case has reached; the files of its draft go along.

    It answers what that department asked, as far as the page showed it (`seen`, the key of the last message there), and
    asks itself unless it says not to. Sent again with the same `key` it does nothing. Raises Incomplete for an empty
    or a too long text, NotAllowed for who may not act for the founders, Refused where nobody reads it any more and for
    too many, Stale for a department that the case hasn't reached.
    """
    with locked_case(application_id, actor) as case:
        if sent := _sent(actor, key):
            return sent
        rights.require_writer(actor, case.application)
        if fault := rights.acting_fault(actor, case.application, case.filing):
            raise NotAllowed(agency.refusal(fault))
        if closed := threads.closed_for(case.application, case.at):
            raise Refused(closed)
        stage = case.stages.get(department)
        if stage is None or stage.state not in flow.AT_DESK:
            raise Stale(_("Choose a department that the case has reached."))
        _require_few(case)
        questions = _open(case, department, True, seen)
        message = _written(case, stage, body, key, asks=asks or not questions)
        _answered(case, questions, message)
        if stage.awaits == Awaits.ANSWER and any(question.waits for question in questions):
            case.end_awaiting(stage)
        if message.asks:
            _owed(case, message)
        _record(case, stage, message)
    return message


def write_to_applicant(
    *,
    actor,
    stage_id: int,
    body: str,
    key: UUID,
    asks: bool = False,
    waits: bool = False,
    seen: int | None = None,
) -> ThreadMessage:
    """An officer writes to the applicant's side: it answers what was asked of the department (`seen` as above), and may
    ask in its turn. With `waits` the stage awaits the answer, and its clock rests until it comes.

    Raises as `write_to_desk`, and Refused where a colleague works on the case, or nothing can wait.
    """
    with locked_stage(stage_id, actor) as (case, stage):
        if sent := _sent(actor, key):
            return sent
        _require_desk(actor, stage)
        _require_few(case)
        questions = _open(case, stage.department, False, seen)
        closed = threads.closed_for(case.application, case.at)
        if closed and not questions:
            raise Refused(closed)
        if waits and (fault := threads.waiting_fault(stage, actor)):
            raise Refused(fault)
        message = _written(case, stage, body, key, asks=asks or waits, waits=waits, from_desk=True)
        _answered(case, questions, message)
        _record(case, stage, message)
        if waits:
            case.begin_awaiting(stage, Awaits.ANSWER)
    return message


def settle_question(*, actor, stage_id: int, seen: int | None = None) -> None:
    """The department finds that what it was last written needs no answer; a second click does nothing."""
    with locked_stage(stage_id, actor) as (case, stage):
        _require_desk(actor, stage)
        if questions := _open(case, stage.department, False, seen):
            _answered(case, questions)
            case.record(Event.Kind.SETTLED, stage, messages=_named(questions))


def hand_on_question(*, actor, stage_id: int, to: str, seen: int | None = None) -> None:
    """What the department was asked is another's to answer: `to`, which the case has reached. Its clock goes on.

    Raises Refused for what was handed on before, and where there is no question; Stale for another department.
    """
    with locked_stage(stage_id, actor) as (case, stage):
        _require_desk(actor, stage)
        other = case.stages.get(to)
        if other is None or other.state not in flow.AT_DESK or other is stage:
            raise Stale(_("Choose a department that the case has reached."))
        questions = _open(case, stage.department, False, seen)
        if not questions:
            raise Refused(_("There is no question here that could be handed on."))
        if any(question.handed_from for question in questions):
            raise Refused(
                _("A question is handed on once. Answer it, or ask the supervisor (E) who should.")
            )
        ThreadMessage.objects.filter(pk__in=[question.pk for question in questions]).update(
            department=to, handed_from=stage.department, handed_by=actor, handed_at=case.at
        )
        case.record(Event.Kind.HANDED_ON, other, by=stage.department, messages=_named(questions))


def mark_read(*, actor, application_id: int, departments=None) -> None:
    """Somebody of the applicant's side, or with `departments` of their desks, has the thread before them. Not an event:
    nothing of the case changes."""
    unread = ThreadMessage.objects.filter(application=application_id, read_at=None)
    if departments is None:
        unread = unread.from_desks()
    else:
        unread = unread.from_applicants().filter(department__in=departments)
    unread.exclude(author=actor).update(read_at=now())


def _sent(actor, key: UUID) -> ThreadMessage | None:
    return ThreadMessage.objects.filter(author=actor, key=key).first()


def _require_desk(actor, stage: Stage) -> None:
    """Whoever holds the stage writes for it; once it is closed, or nobody has it, anybody of the desk."""
    rights.require_work(actor, stage)
    if stage.state not in flow.AT_DESK:
        raise Stale
    if fault := threads.held_fault(stage, actor):
        raise Refused(fault)


def _require_few(case: Case) -> None:
    mine = ThreadMessage.objects.filter(author=case.actor)
    if mine.filter(written_at__gt=case.at - threads.HOUR).count() >= MOST_AN_HOUR:
        raise Refused(_("You have written 30 messages within an hour. Go on later, or call."))
    if case.role == "applicant":
        waiting = mine.filter(application=case.application).unanswered()
        if waiting.count() >= MOST_OPEN:
            raise Refused(_("Ten of your messages wait for an answer. Wait for one of them first."))


def _open(case: Case, department: str, from_desk: bool, seen: int | None) -> list[ThreadMessage]:
    """What one side asked of the other and waits for its answer, as far as the page showed it."""
    asked = ThreadMessage.objects.filter(
        application=case.application,
        department=department,
        from_desk=from_desk,
        asks=True,
        answered_at=None,
    )
    return list((asked if seen is None else asked.filter(pk__lte=seen)).select_related("clock"))


def _written(case: Case, stage: Stage, body: str, key: UUID, **more) -> ThreadMessage:
    text = body.replace("\r\n", "\n").strip()
    if len(text) > LONGEST:
        raise Incomplete(_("The message is too long: %(n)s characters at most.") % {"n": LONGEST})
    desk = stage.department if more.get("from_desk") else ""
    files = take_files(case.application, case.actor, desk)
    if not visible(text) and not files:
        raise Incomplete(_("Write your message."))
    message = ThreadMessage(
        application=case.application,
        department=stage.department,
        author=case.actor,
        body=text,
        key=key,
        written_at=case.at,
        **{"from_desk": False} | more,
    )
    message.save()
    files.go_to(message)
    return message


def _answered(case: Case, questions: list[ThreadMessage], answer: ThreadMessage | None = None):
    keys = [question.pk for question in questions]
    ThreadMessage.objects.filter(pk__in=keys).update(
        answered_at=case.at, answer=answer, read_at=Coalesce("read_at", Value(case.at))
    )
    going = {question.clock_id: question.clock for question in questions if question.clock}
    running = [clock for clock in going.values() if clock.state != Clock.State.STOPPED]
    for clock in running:
        case.catch_up(clock)
        clocks.stop(clock, case.at)
    rows.update(running, clocks.FIELDS)


def _owed(case: Case, message: ThreadMessage) -> None:
    """The answer is owed from now on, or from when something asked before it was."""
    before = _open(case, message.department, False, message.pk - 1)
    clock = next((question.clock for question in before if question.clock), None)
    if clock is None:
        zone = case.application.zone
        clock = side_clocks.started(
            case.application,
            f"{flow.MESSAGE}:{message.pk}",
            zone.setting("message_answer_minutes"),
            case.at,
            zone.setting("warn_at_percent")[1:],
        )
        clock.save()
    message.clock = clock
    message.save(update_fields=["clock"])


def _record(case: Case, stage: Stage, message: ThreadMessage) -> None:
    case.record(
        Event.Kind.MESSAGE,
        stage,
        message=str(message.uid),
        by="desk" if message.from_desk else "applicant",
        asks=message.asks,
        files=message.files.count(),
    )


def _named(questions: list[ThreadMessage]) -> list[str]:
    return [str(question.uid) for question in questions]
