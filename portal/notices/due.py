"""What falls due with what a notice tells of: whether it may wait, and until when it is of any use."""

from datetime import datetime, timedelta

from kernel.sla.models import Clock
from portal.notices.models import Notice

OF_USE = timedelta(days=2)  # later than that a text would surprise; the inbox has it
INVITING = ("meeting_soon", "meeting_moved")  # to the appointment that they tell of


def meeting_of(notice: Notice) -> datetime | None:
    """The appointment that it tells of."""
    at = notice.params.get("at")
    return datetime.fromisoformat(at) if at else None


def useless_after(notice: Notice) -> datetime:
    """From when on no phone is told of it any more: what invites to an appointment, once that has begun."""
    late, meeting = notice.created_at + OF_USE, meeting_of(notice)
    return min(late, meeting) if meeting and notice.kind in INVITING else late


def due_of(notice: Notice) -> datetime | None:
    """The moment by which its reader must act: the appointment, or the end of the clock. None where there is none."""
    if at := meeting_of(notice):
        return at
    name = notice.params.get("clock")
    if not name or notice.application is None:
        return None
    going = Clock.objects.filter(owner=notice.application.uid, name=name)
    return going.exclude(state=Clock.State.STOPPED).values_list("due_at", flat=True).first()
