"""What roles may do, whatever the case."""

from kernel.accounts.models import Role
from kernel.core.errors import NotAllowed


def require_administrator(user, zone_id: int | None = None) -> None:
    """Of that zone, where one is given. Raises NotAllowed."""
    if not user.holds(Role.ADMINISTRATOR) or (zone_id is not None and user.zone_id != zone_id):
        raise NotAllowed


def require_operator(user) -> None:
    """For what counts in every zone. Raises NotAllowed."""
    if not user.is_operator:
        raise NotAllowed
