"""Somebody who is named in a case says that it isn't them, or that they don't agree; and what comes of it.

Before the submit nothing can be submitted over them. Until the licence it is a question to the supervisor, whose the
minutes are, and no stage closes. After the licence it is a dispute, which the supervisor decides.
"""

from datetime import timedelta

from django.conf import settings
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from kernel.cases import questions, rights
from kernel.cases.actions.void_signatures import await_signatures
from kernel.cases.founders_papers import role_codes_of
from kernel.cases.locked_case import Case, locked_case
from kernel.cases.models import Application, Escalation, Event, Objection, Stage
from kernel.cases.numbers import next_number, readable_code
from kernel.cases.signers import refusal_key
from kernel.core import rows
from kernel.core.certain import certain
from kernel.core.errors import Incomplete, Refused
from kernel.core.moment import real_now
from kernel.core.text_messages.sending import send
from kernel.core.text_messages.wording import Kind
from kernel.form import flow
from kernel.form.codes import mobile_check
from kernel.form.filing import PersonFacts
from kernel.sla import clocks

NOT_NAMED = _("You are not named in this case any more: nothing of it can bind you.")
ENDED = _("This case has ended. Nothing of it can bind you any more.")
DECIDED = _("The supervisor has decided on this already.")
QUESTION = {
    Objection.Kind.NOT_ME: _(
        "Somebody named in this case says that it isn't them (%(number)s). Nothing is approved before you have decided."
    ),
    Objection.Kind.DISAGREE: _(
        "Somebody named in this case doesn't agree to it (%(number)s). Nothing is approved before you have decided."
    ),
}
TOLD_WITHIN = timedelta(days=1)


def object_to(
    *, application_id: int, person: str, kind: str, words: str = "", proof: dict
) -> Objection:
    """The person of this `uid` refuses. What they had signed is void; a second click gives the same receipt.

    Raises Incomplete without a kind, Refused where they aren't named any more or the case has ended.
    """
    if kind not in Objection.Kind.values:
        raise Incomplete(_("Say whether it isn't you, or whether you don't agree."))
    with locked_case(application_id) as case:
        if case.application.state in flow.GIVEN_UP:
            raise Refused(ENDED)
        named = case.filing.by_uid.get(person)
        if named is None:
            raise Refused(NOT_NAMED)
        undecided = case.application.objections.undecided()
        known = undecided.filter(number_index=refusal_key(named)).first()
        if known is not None:
            return known
        row = _receipt(case, named, kind, words, proof)
        _let_stand(case, row)
        case.record(Event.Kind.OBJECTED, number=row.number, what=kind)
        ask_the_next(case)
    return row


def take_back_objection(*, objection_id: int) -> None:
    """They said it by mistake. A second click does nothing. Raises Refused once it is decided."""
    row = Objection.objects.get(pk=objection_id)
    with locked_case(row.application_id) as case:
        row.refresh_from_db()
        if row.decided_at:
            raise Refused(DECIDED)
        if row.ended_at is None:
            end(case, row)
            await_signatures(case)


def end(case: Case, row: Objection) -> None:
    """Within a move: it doesn't stand any more, and the supervisor needs not decide."""
    row.ended_at = case.at
    row.save(update_fields=["ended_at"])
    _let_fall(case, row)
    case.record(Event.Kind.OBJECTION_ENDED, number=row.number, outcome="taken_back")
    if row.escalation is not None and row.escalation.is_waiting:
        stage = case.stage(flow.registrar())
        questions.let_go([stage], case.at)
        stage.asked_at = None
    ask_the_next(case)


def decide_objection(*, actor, objection_id: int, outcome: str, note: str) -> Objection:
    """The supervisor's decision, with its grounds; the case, and whoever refused, are told.

    Upheld, the refusal stands: nothing is submitted or approved while this person is named. Dismissed, they may be
    named, and their signature is still asked for. Raises NotAllowed, Incomplete, Refused once it is decided.
    """
    if outcome not in Objection.Outcome.values:
        raise Incomplete(_("Choose the decision."))
    if not note.strip():
        raise Incomplete(_("Write the grounds of the decision."))
    row = Objection.objects.get(pk=objection_id)
    with locked_case(row.application_id, actor) as case:
        rights.require_supervisor(actor, case.application)
        row.refresh_from_db()
        if row.decided_at or row.ended_at:
            raise Refused(DECIDED)
        row.decided_at, row.decided_by = case.at, actor
        row.outcome, row.note = outcome, note.strip()
        row.save(update_fields=["decided_at", "decided_by", "outcome", "note"])
        if outcome == Objection.Outcome.DISMISSED:
            _let_fall(case, row)
        _answer(case, row)
        case.record(Event.Kind.OBJECTION_ENDED, number=row.number, outcome=outcome)
        ask_the_next(case)
        if outcome == Objection.Outcome.DISMISSED:
            await_signatures(case)
        _tell(row)
    return row


def _receipt(case: Case, named: PersonFacts, kind: str, words: str, proof: dict) -> Objection:
    day = localdate(case.at)
    return Objection.objects.create(
        number=f"JS-{day:%Y-%m%d}-{next_number(f'objection-{day:%Y%m%d}'):04d}",
        application=case.application,
        person=named.uid,
        number_index=refusal_key(named),
        kind=kind,
        roles=list(role_codes_of(case.filing, named)),
        name=named.name,
        phone=mobile_check(named.phone).value,
        words=words.strip()[:500],
        state=case.application.state,
        proof=proof,
        check_code=readable_code(10),
        said_at=case.at,
    )


def _let_stand(case: Case, row: Objection) -> None:
    """The answers say that they refuse, and what they signed is void."""
    answers = case.application.answers
    signatures = {**answers.get("signatures", {})}
    signatures.pop(str(row.person), None)
    refused = {**answers.get("refusals", {}), row.number_index: row.number}
    _keep(case.application, {**answers, "signatures": signatures, "refusals": refused})


def _let_fall(case: Case, row: Objection) -> None:
    answers = case.application.answers
    refused = {**answers.get("refusals", {})}
    refused.pop(row.number_index, None)
    _keep(case.application, {**answers, "refusals": refused})


def _keep(application: Application, answers: dict) -> None:
    application.answers = answers
    application.save(update_fields=["answers"])


def ask_the_next(case: Case) -> None:
    """Of those who refuse and are still named the first is put to the supervisor: one question at a time."""
    stage = case.stages.get(flow.registrar())
    if stage is None or stage.state not in flow.AT_WORK or stage.asked_at:
        return
    named = [refusal_key(person) for person in case.filing.people]
    undecided = case.application.objections.undecided().filter(number_index__in=named)
    if row := undecided.order_by("pk").first():
        _ask(case, stage, row)


def _ask(case: Case, stage: Stage, row: Objection) -> None:
    """The supervisor's question, put by nobody of the window: the minutes of the stage are the supervisor's."""
    case.end_awaiting(stage)
    question = str(QUESTION[Objection.Kind(row.kind)]) % {"number": row.number}
    row.escalation = Escalation.objects.create(stage=stage, question=question, asked_at=case.at)
    row.save(update_fields=["escalation"])
    questions.asked(case.application, row.escalation, case.at)
    stage.asked_at = case.at
    due_at = certain(certain(row.escalation.clock).due_at).isoformat()
    case.record(Event.Kind.ESCALATED, stage, escalation=row.escalation.pk, due_at=due_at)


def _answer(case: Case, row: Objection) -> None:
    """The question that the refusal put is answered by the decision."""
    asked = row.escalation
    if asked is None or not asked.is_waiting:
        return
    asked.answer, asked.answered_by = f"{row.get_outcome_display()}: {row.note}"[:500], case.actor
    asked.answered_at = case.at
    asked.save(update_fields=["answer", "answered_by", "answered_at"])
    stage = case.stage(asked.stage.department)
    stage.asked_at = None
    if asked.clock:
        case.catch_up(asked.clock)
        clocks.stop(asked.clock, case.at)
        rows.update([asked.clock], clocks.FIELDS)
    case.record(Event.Kind.ANSWERED, stage, escalation=asked.pk)


def _tell(row: Objection) -> None:
    if row.phone:
        page = f"{settings.SITE_ADDRESS}/sign/receipts/{row.uid}/"
        words = {"number": row.number, "link": page}
        send(Kind.DECIDED, row.phone, words, real_now() + TOLD_WITHIN)
