"""Reserving a name for a draft: nobody else can have it until the reservation runs out."""

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from kernel.cases import name_claims, rights
from kernel.cases.actions.submit import name_decided_by_the_database
from kernel.cases.locked_case import Case, locked_case
from kernel.cases.models import Application
from kernel.core.certain import certain
from kernel.core.errors import Incomplete, NotAllowed
from kernel.core.moment import now
from kernel.standards import evaluation, publishing

NOT_FREE = _("The name can't be reserved as it stands. Correct the points below first.")


def reserve_name(*, actor, application_id: int) -> Application:
    """Reserve a draft's name for the zone's months, which are more where an approval has to come first. A name that it
    has reserved already keeps its day.

    Raises Incomplete with what is wrong with the name, NotAllowed for a case that was filed.
    """

    def reserve() -> Application:
        with locked_case(application_id, actor) as case:
            rights.require_filling(actor, case.application)
            if case.application.state != Application.State.DRAFT:
                raise NotAllowed
            if not case.filing.holds_name:
                _reserve(case)
        return case.application

    with name_decided_by_the_database(NOT_FREE):
        return name_claims.ending_expired_reservations(reserve, localdate(now()))


def _reserve(case: Case) -> None:
    application, filing, today = case.application, case.filing_to_hold_a_name(), localdate(case.at)
    failed = [
        finding
        for finding in evaluation.evaluate(filing, publishing.current(today, filing.departments))
        if finding.failed and _is_on_name(finding)
    ]
    if failed:
        raise Incomplete(NOT_FREE, [(finding.sentence, finding.fields) for finding in failed])
    until = name_claims.months_after(today, name_claims.months_reserved(application.zone, filing))
    name_claims.hold(application, filing, certain(filing.names_found), until)
    application.save(update_fields=["name_claim", "name_reserved_until", "names_similar"])


def _is_on_name(finding: evaluation.StandardFinding) -> bool:
    return all(key.startswith("name.") and key != "name.company_type" for key in finding.fields)
