"""Approving at once: a case whose every standard the system decides, and finds met, needs nobody at the window.

A zone's switch, off by default. A share of these cases, drawn by chance, is looked at by a person afterwards.
"""

from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from kernel.cases import founders_papers, rights
from kernel.cases.actions.advance import advance
from kernel.cases.actions.texts import kept_text
from kernel.cases.desks import desk
from kernel.cases.locked_case import Case, locked_case
from kernel.cases.models import Application, Event, StraightApproval
from kernel.core import rows
from kernel.core.errors import AlreadyDecided, Incomplete, NotAllowed, Stale
from kernel.form import flow
from kernel.standards import evaluation, publishing

Outcome = StraightApproval.Outcome


def is_straight(case: Case, findings: list[evaluation.StandardFinding]) -> bool:
    """Whether the zone lets the system approve, no standard of the window asks a person or fails, and every name can be
    printed."""
    straight = case.application.zone.setting("straight_through") and all(
        finding.passed for finding in findings
    )
    return straight and not founders_papers.unprintable(case)


def approve(case: Case) -> None:
    """Approve a case that is just being filed: the same decision as at the window, taken by the system."""
    rows.update(
        [case.application], Application.MOVING
    )  # the database knows no move from a draft past the window
    stage, person = case.stage(flow.registrar()), case.actor
    case.actor = None
    stage.close(case.at)
    case.record(Event.Kind.CLOSED, stage, confirmed=[], straight_through=True)
    desk(flow.registrar()).closed(case, stage)
    advance(case)
    case.actor = person
    StraightApproval.objects.create(
        application=case.application, approved_at=case.at, drawn=is_drawn(case.application)
    )


def is_drawn(application) -> bool:
    """Whether a case falls into the zone's share. Its key was drawn by chance and stands nowhere that anybody reads."""
    return application.uid.int % 100 < application.zone.setting("after_audit_percent")


def record_audit(
    *, actor, application_id: int, outcome: str, cited: list[str], note: str
) -> StraightApproval:
    """What an officer of the window found, looking at a case that the system approved. Said once.

    A fault names at least one standard of the case's standards and says what was found. The licence stands; the trail
    and the supervisor are told.
    """
    with locked_case(application_id, actor) as case:
        row = StraightApproval.objects.filter(application=case.application, drawn=True).first()
        if row is None:
            raise Stale
        stage = case.stage(flow.registrar())
        if not rights.may_work(actor, stage):
            raise NotAllowed
        if row.looked_at:
            raise AlreadyDecided(str(row.officer), time_format(localtime(row.looked_at), "H:i"))
        note = kept_text(note, StraightApproval, "note")
        _check(case, outcome, cited, note)
        row.officer, row.looked_at, row.outcome, row.note = actor, case.at, outcome, note
        row.cited = cited if outcome == Outcome.FAULT else []
        row.save()
        case.record(Event.Kind.AUDITED, stage, outcome=outcome, standards=row.cited)
    return row


def _check(case: Case, outcome: str, cited: list[str], note: str) -> None:
    if outcome not in Outcome.values:
        raise Incomplete(_("Say whether the case was rightly approved."))
    if outcome != Outcome.FAULT:
        return
    standards = publishing.named(case.application.standards_versions)
    if not cited or any(not standards.has(id, flow.registrar()) for id in cited):
        raise Incomplete(_("Cite at least one standard that is not met."))
    if not note:
        raise Incomplete(_("Write what you found."))
