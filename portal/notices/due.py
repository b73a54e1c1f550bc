"""What falls due with what a notice tells of: whether it may wait, and until when it is of any use."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from kernel.sla.models import Clock
from portal.notices.models import Notice

OF_USE = timedelta(days=2)  # later than that a text would surprise; the inbox has it
INVITING = (
    "meeting_soon",
    "meeting_moved",
    "service_soon",
    "service_moved",
    "service_booked",
)  # to the appointment that they tell of


def meeting_of(notice: Notice) -> datetime | None:
    """The appointment that it tells of."""
    at = notice.params.get("at")
    return datetime.fromisoformat(at) if at else None


def useless_after(notice: Notice) -> datetime:
    """From when on no phone is told of it any more: what invites to an appointment, once that has begun."""
    late, meeting = notice.created_at + OF_USE, meeting_of(notice)
    return min(late, meeting) if meeting and notice.kind in INVITING else late


def moments_due(notices: Iterable[Notice]) -> dict[int, datetime | None]:
    """By the primary key of each, the moment by which its reader must act: the appointment, or the end of the clock.
    None where there is none."""
    moments, clocks = {}, {}
    for notice in notices:
        name = notice.params.get("clock")
        moments[notice.pk] = meeting_of(notice)
        if name and notice.application and moments[notice.pk] is None:
            clocks[notice.pk] = (notice.application.uid, name)
    ends = _ends_of(set(clocks.values())) if clocks else {}
    return moments | {key: ends.get(clock) for key, clock in clocks.items()}


def _ends_of(clocks: set[tuple[UUID, str]]) -> dict[tuple[UUID, str], datetime | None]:
    owners, names = zip(*clocks, strict=True)
    going = Clock.objects.filter(owner__in=set(owners), name__in=set(names))
    rows = going.exclude(state=Clock.State.STOPPED).order_by("-pk")
    return {(owner, name): due for owner, name, due in rows.values_list("owner", "name", "due_at")}
