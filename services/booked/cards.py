"""The services of a zone as its page shows them: the next place, how full, and one honest verb."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from kernel.core.moment import now
from services.booked import places
from services.booked.kinds import How, ServiceKind
from services.booked.models import OPEN, ServiceRequest, Session, State
from services.booked.places import Room

SHOWN = 5  # of one's own; the list of all is a link away


@dataclass(frozen=True)
class Card:
    """`next` is the first time that can be had (None: none now), `session` the next evening whose wishes are counted
    with how many more open it; `of` says of when the room is."""

    kind: ServiceKind
    next: datetime | None
    room: Room
    of: str
    verb: str
    note: str
    session: Session | None = None
    wishes: int = 0

    @property
    def is_today(self) -> bool:
        return self.next is not None and localdate(self.next) == localdate(now())

    @property
    def is_had(self) -> bool:
        """Whether it can be had, asked for or wished for at present."""
        return bool(self.next or self.session or (not self.kind.has_places and self.room.left))


def cards(zone) -> list[Card]:
    at = now()
    return [card(zone, kind, at) for kind in places.offered(zone)]


def own(user) -> list[ServiceRequest]:
    """What somebody has ahead, and what they missed and may make up for; the next first."""
    if not user.is_authenticated or user.is_staff_member:
        return []
    rows = ServiceRequest.objects.filter(applicant=user, state__in=(*OPEN, State.NO_SHOW))
    return list(rows.select_related("zone").order_by("begins_at", "pk")[:SHOWN])


def card(zone, kind: ServiceKind, at: datetime) -> Card:
    free = places.next_free(zone, kind, at) if kind.has_places else []
    first = free[0].begins_at if free else None
    if kind.how is How.COUNTED:
        return _counted(zone, kind, first, at)
    if not kind.has_places:
        today = localdate(at)
        room = places.room(zone, kind, today, today, at)
        minutes = zone.setting(kind.minutes)
        note = ngettext(
            "decided within %(n)s working minute", "decided within %(n)s working minutes", minutes
        ) % {"n": minutes}
        return Card(kind, None, room, _("Today"), str(kind.verb), note)
    room, of = places.this_week(zone, kind, at), _("This week")
    if first and not room.left:
        day = localdate(first)
        monday = day - timedelta(days=day.weekday())
        room = places.room(zone, kind, monday, monday + timedelta(days=6), at)
        of = _("Week of the next place")
    note = _("decided by the supervisor") if kind.is_decided else ""
    return Card(kind, first, room, of, str(kind.verb), note)


def _counted(zone, kind: ServiceKind, first: datetime | None, at: datetime) -> Card:
    """The next evening that is open, else the next whose wishes are counted."""
    if first:
        day = localdate(first)
        room = places.room(zone, kind, day, day, at)
        return Card(kind, first, room, _("This session"), pgettext("service", "Book it"), "")
    sessions = places.counted(zone, at)
    if not sessions:
        return Card(kind, None, Room(0, 0), "", str(kind.verb), "")
    session, enough = sessions[0], zone.setting("extended_enough")
    wishes = session.requests.filter(state=State.WAITING).count()
    missing = max(enough - wishes, 0)
    note = (
        ngettext(
            "%(n)s more wish, and the supervisor decides",
            "%(n)s more wishes, and the supervisor decides",
            missing,
        )
        % {"n": missing}
        if missing
        else _("enough wishes: the supervisor decides")
    )
    return Card(
        kind, None, Room(wishes, enough), _("Wishes"), str(kind.verb), note, session, wishes
    )
