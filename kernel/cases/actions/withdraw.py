"""The applicant takes a case back, until the licence is issued."""

from django_fsm import can_proceed

from kernel.cases import rights
from kernel.cases.locked_case import locked_case
from kernel.cases.models import Application, Event
from kernel.core.errors import Stale
from kernel.form import flow


def withdraw(*, actor, application_id: int) -> Application:
    """Discard a draft or withdraw a filed case. Raises Stale once the licence is out; a second click does nothing."""
    with locked_case(application_id, actor) as case:
        application = case.application
        rights.require_acting(actor, application, case.filing)
        if application.state == flow.WITHDRAWN:
            return application
        if not can_proceed(application.withdraw):
            raise Stale
        application.withdraw()
        case.end()
        case.record(Event.Kind.WITHDRAWN)
    return application
