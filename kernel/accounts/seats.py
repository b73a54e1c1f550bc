"""At which desk somebody sits who works at several: the door of a desk says it, and the session remembers the last."""

from kernel.accounts.requests import PersonRequest

DESK = "desk"  # the session's own name for it


def sit(request: PersonRequest, department: str) -> bool:
    """The person of this request acts for that department from now on; False for who is none of its officers."""
    if not request.user.sit_at(department):
        return False
    if len(request.user.desks) > 1 and request.session.get(DESK) != department:
        request.session[DESK] = department
    return True


def seat(request: PersonRequest) -> str | None:
    """The desk that this page belongs to; on a page that is no desk's, the one at which they sat last."""
    user = request.user
    last = request.session.get(DESK) if len(user.departments) > 1 else None
    return last if last in user.departments else user.department
