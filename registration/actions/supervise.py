"""What only a supervisor decides about a case."""

from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from registration import rights
from registration.casework import casework
from registration.errors import Incomplete, Stale
from registration.models import Application, Event


def decline(*, actor, application_id: int, legal_basis: str) -> Application:
    """Decline a case with its legal basis; no window can. Raises Stale once the licence is out."""
    if not legal_basis.strip():
        raise Incomplete(_("A case is declined only with its legal basis. Write it down."))
    with casework(application_id, actor) as case:
        rights.require_supervisor(actor, case.application)
        if not can_proceed(case.application.decline):
            raise Stale
        case.application.decline()
        case.end()
        case.record(Event.Kind.DECLINED, legal_basis=legal_basis.strip())
    return case.application
