"""Names that are taken: one case holds a name from its submit until it is withdrawn or declined."""

from registration import flow
from registration.filing import Filing
from registration.models import Application

HOLDING = (*flow.RUNNING_STATES, flow.COMPLETED)


def taken_by_another(filing: Filing) -> str | None:
    """The filing's name if another case holds it; the database refuses a second holder too."""
    others = Application.objects.filter(name=filing.name, state__in=HOLDING)
    if filing.case_uid:
        others = others.exclude(uid=filing.case_uid)
    return filing.name if filing.name and others.exists() else None
