"""That the applicant was told something outside the portal, or couldn't be."""

from collections.abc import Callable

from kernel.cases.locked_case import locked_case
from kernel.cases.models import Event


def record_told(
    *, application_id: int, claim: Callable[[], bool], what: str, by: str, fault: str = ""
) -> bool:
    """An event: `what` (a kind of message) went out by the channel `by`, or didn't for `fault`, a code. `claim` is
    asked within the move, so that one thing is written once; returns its answer.

    Raises Application.DoesNotExist where somebody is moving the case at this moment.
    """
    with locked_case(application_id, wait=False) as case:
        claimed = claim()
        if claimed and fault:
            case.record(Event.Kind.UNREACHED, what=what, by=by, fault=fault)
        elif claimed:
            case.record(Event.Kind.TOLD, what=what, by=by)
    return claimed
