"""The applicant's answer to a return: back to the officer who asked, and the clock goes on."""

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from kernel.bookings.actions import Taken
from kernel.cases import deferrals, name_claims, register, rights
from kernel.cases.actions import appointments
from kernel.cases.actions.submit import (
    keep_name,
    name_decided_by_the_database,
    require_filer,
    require_nobody_refuses,
)
from kernel.cases.actions.void_signatures import await_signatures
from kernel.cases.locked_case import locked_case
from kernel.cases.models import Application, Correction, Event
from kernel.core.certain import certain
from kernel.core.errors import Incomplete, Refused, Stale
from kernel.core.moment import now
from kernel.form import flow
from kernel.standards import evaluation, publishing, snapshots

STILL_OPEN = _("Some points are still open. Correct them, then send the case back.")


UNCHANGED = _(
    "Nothing was changed since the case was returned. Whoever returned it will see that. Press the button again to "
    "send it back all the same."
)


class Unchanged(Refused):
    """Nothing that was asked for was corrected; who means it says so."""

    sentence = UNCHANGED


def resubmit(*, actor, application_id: int, department: str, knowingly: bool = True) -> Application:
    """Send the corrected case back to the department that returned it. A second click does nothing.

    Raises Incomplete when a check that the system decides still fails, Stale where the department has nothing of it,
    and Unchanged where no answer differs from what was returned, unless that is meant (`knowingly`).
    """

    def send_back() -> Application:
        with locked_case(application_id, actor) as case:
            rights.require_acting(actor, case.application, case.filing)
            stage = case.stages.get(department)
            if stage is None or stage.state in (flow.WAITING, flow.ENDED):
                raise Stale
            if stage.state == flow.RETURNED:
                _send_back(case, stage, knowingly)
        return case.application

    with name_decided_by_the_database(STILL_OPEN):
        return name_claims.ending_expired_reservations(send_back, localdate(now()))


def _send_back(case, stage, knowingly: bool) -> None:
    standards, filing = (
        publishing.named(case.application.standards_versions),
        case.filing_to_hold_a_name(),
    )
    failed = deferrals.unmet(
        case.application, evaluation.evaluate(filing, standards, department=stage.department)
    )
    if failed:
        raise Incomplete(STILL_OPEN, [(finding.sentence, finding.fields) for finding in failed])
    if stage.department == flow.registrar():
        require_filer(case, STILL_OPEN)
        require_nobody_refuses(case, STILL_OPEN)
    asked = Correction.objects.filter(stage=stage, answered_at=None)
    last = certain(asked.order_by("-round").first())
    changed = snapshots.changes(last.snapshot, snapshots.snapshot(case.filing))
    if not changed and not knowingly:
        raise Unchanged
    Correction.objects.filter(pk=last.pk).update(answered_at=case.at)
    if not filing.holds_name:
        keep_name(case.application, filing)
        register.enter(case.application)
    stage.unit = case.filing.unit_of(stage.department)
    stage.open(case.at)
    if stage.holder_id:
        stage.touched_at = case.at
    case.record(Event.Kind.RESUBMITTED, stage, changed=[key for key, _old, _new in changed])
    try:
        appointments.meet(case, stage)
    except Taken as taken:
        raise Incomplete(STILL_OPEN, [(taken.sentence, (appointments.when(),))]) from taken
    await_signatures(case)
