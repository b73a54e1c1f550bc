"""The applicant's answer to a return: back to the officer who asked, and the clock goes on."""

from django.utils.translation import gettext_lazy as _

from registration import deferrals, flow, rights, standards
from registration.actions.submit import name_decided_by_the_database, require_signatures
from registration.casework import casework
from registration.errors import Incomplete, Stale
from registration.models import Application, Correction, Event

STILL_OPEN = _("Some points are still open. Correct them, then send the case back.")


def resubmit(*, actor, application_id: int, department: str) -> Application:
    """Send the corrected case back to the department that returned it. A second click does nothing.

    Raises Incomplete when a check that the system decides still fails.
    """
    with name_decided_by_the_database(STILL_OPEN), casework(application_id, actor) as case:
        rights.require_applicant(actor, case.application)
        stage = case.stages.get(department)
        if stage is None or stage.state == flow.WAITING:
            raise Stale
        if stage.state == flow.RETURNED:
            _send_back(case, stage)
    return case.application


def _send_back(case, stage) -> None:
    version = standards.version(case.application.standards_version)
    failed = deferrals.unmet(
        case.application, standards.evaluate(case.filing, version, department=stage.department)
    )
    if failed:
        raise Incomplete(STILL_OPEN, [(finding.sentence, finding.fields) for finding in failed])
    if stage.department == flow.REGISTRATION:
        require_signatures(case, STILL_OPEN)
    last = Correction.objects.filter(stage=stage, answered_at=None).order_by("-round").first()
    Correction.objects.filter(pk=last.pk).update(answered_at=case.at)
    case.application.name = case.filing.name
    stage.unit = case.filing.unit_of(stage.department)
    stage.open(case.at)
    changed = standards.changes(last.snapshot, standards.snapshot(case.filing))
    case.record(Event.Kind.RESUBMITTED, stage, changed=[key for key, _old, _new in changed])
