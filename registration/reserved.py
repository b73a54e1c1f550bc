"""Names that are taken: one case holds a name from its submit until it is withdrawn or declined."""

from registration import flow
from registration.filing import Filing
from registration.models import Application


def taken_by_another(filing: Filing) -> str | None:
    """The filing's name if another case holds it; the database refuses a second holder too."""
    if filing.holds_name or not filing.name:
        return None
    others = Application.objects.filter(name=filing.name, state__in=flow.NAME_HELD)
    if filing.case_uid:
        others = others.exclude(uid=filing.case_uid)
    return filing.name if others.exists() else None
