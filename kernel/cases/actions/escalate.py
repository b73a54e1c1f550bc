"""A window that can't settle a question by the standards asks its supervisor; the answer stays on the case."""

from django.utils.translation import gettext_lazy as _

from kernel.cases import rights
from kernel.cases.locked_case import locked_case, locked_stage
from kernel.cases.models import Escalation, Event
from kernel.core.errors import Incomplete, Refused, Stale
from kernel.form import flow


def escalate(*, actor, stage_id: int, question: str) -> Escalation:
    """Ask the supervisor. The clock goes on; the stage stays with the officer. Raises Refused while one is open."""
    if not question.strip():
        raise Incomplete(_("Write what the supervisor has to decide."))
    with locked_stage(stage_id, actor) as (case, stage):
        rights.require_work(actor, stage)
        if stage.state not in flow.AT_WORK:
            raise Stale
        if stage.escalations.filter(answered_at=None).exists():
            raise Refused(_("The supervisor has been asked already; wait for the answer."))
        escalation = Escalation.objects.create(
            stage=stage, question=question.strip(), asked_by=actor, asked_at=case.at
        )
        case.record(Event.Kind.ESCALATED, stage, escalation=escalation.pk)
    return escalation


def answer_escalation(*, actor, escalation_id: int, answer: str) -> Escalation:
    """The supervisor's answer. Raises Refused when somebody answered first."""
    if not answer.strip():
        raise Incomplete(_("Write the answer."))
    escalation = Escalation.objects.select_related("stage").get(pk=escalation_id)
    with locked_case(escalation.stage.application_id, actor) as case:
        rights.require_supervisor(actor, case.application)
        open_ones = Escalation.objects.filter(pk=escalation_id, answered_at=None)
        if not open_ones.update(answer=answer.strip(), answered_by=actor, answered_at=case.at):
            raise Refused(_("This question was answered already."))
        case.record(
            Event.Kind.ANSWERED, case.stage(escalation.stage.department), escalation=escalation_id
        )
    escalation.refresh_from_db()
    return escalation
