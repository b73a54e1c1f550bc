"""The places of a service in a zone: its diaries, what is free in them, and how full its week is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.timezone import localdate

from kernel.bookings import reading
from kernel.bookings.models import Booking, Diary, State
from kernel.bookings.rules import Slot
from kernel.core.moment import now
from kernel.sla.workdays import ONE_DAY
from services.booked.kinds import KINDS, ServiceKind
from services.booked.models import ServiceRequest, Session


def offered(zone) -> list[ServiceKind]:
    """The services of a zone, in order."""
    codes = zone.setting("services_offered")
    return [kind for kind in KINDS.values() if kind.code in codes]


def diaries(zone, kind: ServiceKind) -> list[Diary]:
    """The open diaries of a service; of extended hours one for each session that was opened and isn't over."""
    rows = Diary.objects.select_related("zone").filter(zone=zone, service=kind.code, is_open=True)
    today = localdate(now())
    return [diary for diary in rows if not diary.only_on or diary.only_on >= today]


def days(zone, kind: ServiceKind, at: datetime) -> dict[date, list[reading.Offer]]:
    """Local day → its times, full ones too; those of several diaries together."""
    together: dict[date, dict[datetime, reading.Offer]] = {}
    for diary in diaries(zone, kind):
        for day, offers in reading.days(diary, at).items():
            there = together.setdefault(day, {})
            for offer in offers:
                known = there.get(offer.begins_at)
                left = offer.left + (known.left if known else 0)
                there[offer.begins_at] = reading.Offer(offer.slot, left)
    return {
        day: [there[begins] for begins in sorted(there)] for day, there in sorted(together.items())
    }


def next_free(zone, kind: ServiceKind, at: datetime, count: int = 1) -> list[Slot]:
    free = [
        slot for diary in diaries(zone, kind) for slot in reading.next_free(diary, at, at, count)
    ]
    return sorted(set(free))[:count]


def diary_with(zone, kind: ServiceKind, begins_at: datetime, at: datetime) -> Diary | None:
    """The diary in which this time can be had; where it is full everywhere one that would have it, else the first."""
    known = diaries(zone, kind)
    fitting = [
        (offer.left, diary)
        for diary in known
        for offers in reading.days(diary, at).values()
        for offer in offers
        if offer.begins_at == begins_at
    ]
    if fitting:
        return max(fitting, key=lambda pair: pair[0])[1]
    return known[0] if known else None


@dataclass(frozen=True)
class Room:
    """How full something is: places that are taken of all."""

    taken: int
    places: int

    @property
    def left(self) -> int:
        return max(self.places - self.taken, 0)

    @property
    def percent(self) -> int:
        return min(100, round(100 * self.taken / self.places)) if self.places else 0


def room(zone, kind: ServiceKind, first: date, last: date, at: datetime) -> Room:
    """Of all places of a service from day to day, both included; of the green channel its requests a day."""
    if not kind.has_places:
        asked = ServiceRequest.objects.filter(
            zone=zone, kind=kind.code, asked_at__date__gte=first, asked_at__date__lte=last
        )
        workdays = (last - first).days + 1
        return Room(asked.count(), zone.setting("green_channel_a_day") * workdays)
    taken = places = 0
    every = Diary.objects.select_related("zone").filter(zone=zone, service=kind.code)
    for diary in every:
        for day in _days(first, last):
            one_taken, one_places = reading.fullness(diary, day, at)
            taken, places = taken + one_taken, places + one_places
    return Room(taken, places)


def this_week(zone, kind: ServiceKind, at: datetime) -> Room:
    """From today to Sunday; on a Sunday, and where nothing is left this week, the seven days ahead."""
    today = localdate(at)
    return room(zone, kind, today, today + timedelta(days=6 - today.weekday()), at)


def counted(zone, at: datetime) -> list[Session]:
    """The sessions whose wishes are counted and that are still ahead."""
    rows = Session.objects.filter(zone=zone, state=Session.State.COUNTED, date__gt=localdate(at))
    return list(rows)


def missed(request: ServiceRequest) -> Booking | None:
    """The booking that its owner missed, as long as no other follows it."""
    rows = Booking.objects.filter(
        owner=request.uid, service=request.kind, state=State.NO_SHOW, followed_by=None
    )
    return rows.last()


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + number * ONE_DAY
