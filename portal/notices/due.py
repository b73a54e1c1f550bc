"""What falls due with what a notice tells of: whether it may wait, and until when it is of any use."""

from datetime import datetime

from kernel.sla.models import Clock
from portal.notices.models import Notice


def meeting_of(notice: Notice) -> datetime | None:
    """The appointment that it tells of."""
    at = notice.params.get("at")
    return datetime.fromisoformat(at) if at else None


def due_of(notice: Notice) -> datetime | None:
    """The moment by which its reader must act: the appointment, or the end of the clock. None where there is none."""
    if at := meeting_of(notice):
        return at
    name = notice.params.get("clock")
    if not name or notice.application is None:
        return None
    going = Clock.objects.filter(owner=notice.application.uid, name=name)
    return going.exclude(state=Clock.State.STOPPED).values_list("due_at", flat=True).first()
