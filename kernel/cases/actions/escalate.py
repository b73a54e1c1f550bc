"""A window that can't settle a question by the standards asks its supervisor; the answer stays on the case.

Until it comes the minutes of the stage are the supervisor's (`kernel.cases.questions`).
"""

from django.utils.translation import gettext_lazy as _

from kernel.cases import questions, rights
from kernel.cases.actions.objections import ask_the_next
from kernel.cases.locked_case import locked_case, locked_stage
from kernel.cases.models import Escalation, Event, Objection
from kernel.core import rows
from kernel.core.certain import certain
from kernel.core.errors import Incomplete, Refused, Stale
from kernel.form import flow
from kernel.sla import clocks


def escalate(*, actor, stage_id: int, question: str) -> Escalation:
    """Ask the supervisor. The clock goes on; the stage stays with the officer. Raises Refused while one is open."""
    if not question.strip():
        raise Incomplete(_("Write what the supervisor has to decide."))
    with locked_stage(stage_id, actor) as (case, stage):
        rights.require_work(actor, stage)
        if stage.state not in flow.AT_WORK:
            raise Stale
        if stage.escalations.waiting().exists():
            raise Refused(_("The supervisor has been asked already; wait for the answer."))
        escalation = Escalation.objects.create(
            stage=stage, question=question.strip(), asked_by=actor, asked_at=case.at
        )
        case.end_awaiting(stage)  # whoever asks has gone on with it
        questions.asked(case.application, escalation, case.at)
        stage.asked_at = case.at
        case.record(
            Event.Kind.ESCALATED,
            stage,
            escalation=escalation.pk,
            due_at=certain(certain(escalation.clock).due_at).isoformat(),
        )
    return escalation


def answer_escalation(*, actor, escalation_id: int, answer: str) -> Escalation:
    """The answer of the supervisor or, once it is overdue, of the next level. Raises Refused when somebody answered
    first, or the window needs no answer any more."""
    if not answer.strip():
        raise Incomplete(_("Write the answer."))
    escalations = Escalation.objects.select_related("stage", "clock")
    asked = escalations.get(pk=escalation_id)
    with locked_case(asked.stage.application_id, actor) as case:
        asked = escalations.get(pk=escalation_id)
        rights.require_answering(actor, case.application, asked, case.at)
        if Objection.objects.undecided().filter(escalation=asked).exists():
            raise Refused(_("A signer refuses: decide on it on the page “Refusals to sign”."))
        if asked.answered_at:
            raise Refused(_("This question was answered already."))
        if asked.let_go_at:
            raise Refused(_("The window has settled this itself; no answer is needed any more."))
        asked.answer, asked.answered_by, asked.answered_at = answer.strip(), actor, case.at
        asked.save(update_fields=["answer", "answered_by", "answered_at"])
        stage = case.stage(asked.stage.department)
        stage.asked_at = None
        if stage.touched_at:  # the officer's time begins anew
            stage.touched_at = case.at
        if asked.clock:
            case.catch_up(asked.clock)
            clocks.stop(asked.clock, case.at)
            rows.update([asked.clock], clocks.FIELDS)
        case.record(Event.Kind.ANSWERED, stage, escalation=escalation_id)
        ask_the_next(case)
    return asked
