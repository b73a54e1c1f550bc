"""Who may do what with a service. Actions ask here; pages ask here before they offer a button."""

from kernel.accounts.models import Role
from kernel.core.errors import NotAllowed
from services.booked.models import ServiceRequest, gives


def is_of_zone(user, request: ServiceRequest) -> bool:
    """Whether somebody of the request's zone gives services there."""
    return user.zone_id == request.zone_id and gives(user)


def is_own(user, request: ServiceRequest) -> bool:
    """Whether a request is somebody's own: they asked, took it down, or it is by their phone. Nobody decides on it."""
    if user.pk in (request.applicant_id, request.taken_down_by_id):
        return True
    return bool(request.phone_index) and request.phone_index == user.phone_index


def may_decide(user, request: ServiceRequest) -> bool:
    is_supervisor = user.holds(Role.SUPERVISOR) and user.zone_id == request.zone_id
    return is_supervisor and not is_own(user, request)


def require_giving(user, request: ServiceRequest) -> None:
    """Raises NotAllowed."""
    if not is_of_zone(user, request) or user.pk == request.applicant_id:
        raise NotAllowed


def require_deciding(user, request: ServiceRequest) -> None:
    """Raises NotAllowed."""
    if not may_decide(user, request):
        raise NotAllowed


def require_owner(user, request: ServiceRequest) -> None:
    """The applicant; of who has no account the staff of the zone, who are told by telephone. Raises NotAllowed."""
    has_account = request.applicant_id is not None
    if not (request.applicant_id == user.pk if has_account else is_of_zone(user, request)):
        raise NotAllowed
