"""Personal data shown in full: whoever needs it for the work sees it, and the trail says who saw what and when."""

from collections.abc import Collection

from kernel.cases import rights
from kernel.cases.locked_case import locked_case
from kernel.cases.models import Event


def reveal(*, actor, application_id: int, fields: Collection[str]) -> None:
    """Record that these fields are shown in full to `actor`: keys of the form, or `rights.APPLICANT_PHONE`.

    Whoever shows them records first. Raises NotAllowed.
    """
    with locked_case(application_id, actor) as case:
        stage = case.stages.get(actor.department)
        rights.require_reveal(actor, case.application, stage, fields)
        case.record(Event.Kind.REVEALED, stage, fields=sorted(fields))
