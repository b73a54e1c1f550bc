"""What an officer does with a stage: take it, close it, return it once with everything said. There is no reject."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from kernel.accounts import authorities
from kernel.accounts.zones import zone
from kernel.cases import deferrals, return_rules, rights
from kernel.cases.actions.advance import advance
from kernel.cases.actions.deferring import defer, to_follow
from kernel.cases.desks import Desk
from kernel.cases.locked_case import Case, first_in_line, locked_stage
from kernel.cases.models import Application, Correction, Event, Stage
from kernel.cases.signers import judged
from kernel.core.errors import AlreadyDecided, Incomplete, NotAllowed, Refused, Stale
from kernel.form import flow
from kernel.standards import evaluation, publishing, snapshots

LOOK_AHEAD = 8  # places in line: more than the officers of a desk who can press at once


def take_next(*, actor) -> Stage | None:
    """Hand the next stage in line to the officer: priority lane first, then oldest; nobody picks.

    Returns None when the line is empty. Two officers at once get two different stages. Raises Refused for who has as
    many in hand as the zone allows, so that the work is spread evenly.
    """
    most = zone(actor.zone_id).setting("most_in_hand")
    line = Stage.objects.for_desk(actor).handed_to(actor, most)
    stage = _taken(first_in_line(line, actor), actor) or _further_down(line, actor)
    if stage is None and Stage.objects.filter(holder=actor, state=flow.OPEN).count() >= most:
        raise Refused(
            _("You have %(n)s cases in hand. Finish one of them before you take the next.")
            % {"n": most}
        )
    return stage


def _further_down(line, actor) -> Stage | None:
    """The first one is being handed to a colleague at this moment, or the line is empty."""
    for stage_id in line.values_list("pk", flat=True)[:LOOK_AHEAD]:
        if stage := _taken(locked_stage(stage_id, actor, wait=False), actor):
            return stage
    return None


def take(*, actor, stage_id: int) -> Stage:
    """Put a stage of one's own desk into one's hands (a colleague's hand-over, a case at the counter).

    Raises NotAllowed for a case that they filled in at the counter.
    """
    stage = _taken(locked_stage(stage_id, actor), actor)
    if stage is None:
        raise Stale
    return stage


def _taken(work, actor) -> Stage | None:
    """The stage of this piece of work in the actor's hands; None when it can't be had."""
    try:
        with work as (case, stage):
            rights.require_work(actor, stage)
            if stage.holder_id == actor.pk:
                return stage
            if stage.state not in flow.AT_WORK or stage.holder_id:
                return None
            rights.require_not_helped(actor, case.application)
            case.hand_to(stage, actor)
            case.record(Event.Kind.TAKEN, stage)
    except Application.DoesNotExist:
        return None
    return stage


def close_stage(
    desk: Desk,
    *,
    actor,
    stage_id: int,
    round: int,
    confirmed: frozenset[str],
    deferring: bool = False,
    **granted,
) -> Application:
    """What each desk's `close` does, and nobody else calls: approve the licence, deliver the seals, register, open the
    account.

    `round` is the round that the page showed; `confirmed` are the standards that the officer answered "met"; `granted`
    is what the desk needs to record; with `deferring` the promised materials may follow later. Raises AlreadyDecided,
    Stale, NotAllowed (for another department's stage too), or Incomplete with everything that stands in the way.
    """
    with _deciding(actor, stage_id, round, Event.Kind.CLOSED) as (case, stage):
        if stage.department != desk.department:
            raise NotAllowed
        following = to_follow(case, stage) if deferring else []
        problems = _open_checks(case, stage, confirmed, following)
        problems += [
            (sentence, ())
            for sentence in authorities.unnamed(case.application.zone, stage.department)
        ]
        problems += [(sentence, ()) for sentence in desk.conditions(case, stage, **granted)]
        if problems:
            raise Incomplete(_("This can't be closed yet."), problems)
        stage.close(case.at)
        case.record(Event.Kind.CLOSED, stage, confirmed=sorted(confirmed))
        defer(case, stage, following)
        desk.closed(case, stage, **granted)
        advance(case)
    return case.application


def return_stage(*, actor, stage_id: int, round: int, grounds: list[dict]) -> Application:
    """Return the stage to the applicant with everything that is wrong, each ground citing a standard.

    `grounds`: `{"standard": id, "fields": [key], "how_to_fix": text}`, one for each field. Raises Incomplete when a
    ground cites no known standard, pins not exactly one field or says not how to fix it, and when a failing check is
    left out; when a later return raises something new on a field that hasn't changed, it is refused (tell once): the
    way out is to escalate.
    """
    with _deciding(actor, stage_id, round, Event.Kind.RETURNED) as (case, stage):
        standards = publishing.named(case.application.standards_versions)
        before = list(stage.corrections.order_by("round"))
        snapshot = snapshots.snapshot(case.filing)
        findings = evaluation.evaluate(judged(case), standards, department=stage.department)
        failing = [finding for finding in findings if finding.failed]
        problems = return_rules.faults(
            grounds, standards, stage.department, before, snapshot, failing
        )
        if problems:
            raise Incomplete(
                _("The return can't be sent like this."), [(sentence, ()) for sentence in problems]
            )
        Correction.objects.create(
            stage=stage,
            round=stage.round,
            grounds=grounds,
            snapshot=snapshot,
            asked_by=actor,
            asked_at=case.at,
        )
        stage.give_back(case.at)
        cited = [
            {"standard": ground["standard"], "fields": list(ground["fields"])} for ground in grounds
        ]
        case.record(Event.Kind.RETURNED, stage, grounds=cited)
    return case.application


def record_step(*, actor, stage_id: int, change, **data) -> Application:
    """A step of a department's own work within an open stage (a seal engraved, an identity captured).

    `change(case, stage)` makes the department's change under the lock and raises Refused when it can't; `data` goes
    to the trail.
    """
    with locked_stage(stage_id, actor) as (case, stage):
        rights.require_work(actor, stage)
        if stage.state != flow.OPEN:
            raise Stale
        change(case, stage)
        case.record(Event.Kind.STEP, stage, **data)
    return case.application


@contextmanager
def _deciding(actor, stage_id: int, round: int, kind: str) -> Iterator[tuple[Case, Stage]]:
    """The lock for one decision on one round by its holder."""
    with locked_stage(stage_id, actor) as (case, stage):
        rights.require_work(actor, stage)
        if stage.state not in flow.AT_WORK or stage.round != round:
            raise _too_late(case, stage, round, kind)
        if stage.holder_id and stage.holder_id != actor.pk:
            raise Refused(_("%(who)s is working on this case.") % {"who": stage.holder})
        if not stage.holder_id:  # it may have gone back to the line on the way
            rights.require_not_helped(actor, case.application)
            case.hand_to(stage, actor)
        case.end_awaiting(stage)  # whoever decides waits no longer
        yield case, stage


def _too_late(case: Case, stage: Stage, round: int, kind: str) -> Refused:
    """What to say to who decides a round that isn't open any more: who was first, if anybody was."""
    decided = case.application.events.filter(
        department=stage.department, round=round, kind__in=(Event.Kind.CLOSED, Event.Kind.RETURNED)
    )
    first = decided.select_related("actor").first()
    if first is None:
        return Stale()
    repeated = (first.actor_id, first.kind) == (case.actor.pk, kind)
    return AlreadyDecided(str(first.actor), time_format(localtime(first.at), "H:i"), repeated)


def _open_checks(
    case: Case, stage: Stage, confirmed: frozenset[str], following: list
) -> list[tuple]:
    """Failing checks, and questions that nobody answered, on what the case was filed under.

    `following` are the promises that this decision grants: their materials are neither missed nor asked about.
    """
    standards = publishing.named(case.application.standards_versions)
    findings = evaluation.evaluate(judged(case), standards, department=stage.department)
    granted = {deferral.standard for deferral in following}
    unmet = deferrals.unmet(case.application, findings, deferrals.STANDING)
    failing = [
        (finding.sentence, finding.fields)
        for finding in unmet
        if finding.standard.id not in granted
    ]
    later = {
        finding.standard.id
        for finding in deferrals.postponed(findings, [deferral.kind for deferral in following])
    }
    asked = [
        (
            _("%(standard)s is not confirmed yet.") % {"standard": finding.standard.id},
            finding.fields,
        )
        for finding in findings
        if finding.asks and finding.standard.id not in confirmed | later
    ]
    return failing + asked
