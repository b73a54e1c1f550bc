"""A diary as people read it: the slots of its days with what is left of them, and who comes when."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet
from django.utils.timezone import localtime

from kernel.bookings import rules
from kernel.bookings.models import LIVE, TAKING, Booking, Diary, State
from kernel.bookings.rules import Plan, Slot, Taken
from kernel.core.certain import certain
from kernel.sla.workdays import ONE_DAY, AnyCalendar


@dataclass(frozen=True)
class Offer:
    """A slot of a day with the places that are left; full ones are shown too, struck out."""

    slot: Slot
    left: int

    @property
    def begins_at(self) -> datetime:
        return self.slot.begins_at

    @property
    def ends_at(self) -> datetime:
        return self.slot.ends_at


def diary(zone, service: str, unit: str = "") -> Diary | None:
    """The open diary of a unit; None where it has none."""
    return (
        Diary.objects.select_related("zone")
        .filter(zone=zone, service=service, unit=unit, is_open=True)
        .first()
    )


def days_ahead(zone, service: str) -> int:
    """How many days ahead the open diaries of a service can be booked at the most; 0 where there is none."""
    diaries = Diary.objects.filter(zone=zone, service=service, is_open=True)
    return diaries.aggregate(most=Max("days_ahead"))["most"] or 0


def live(at: datetime) -> Q:
    """What still stands at a moment: a hold that has ended is nobody's, though no worker has seen it yet."""
    return Q(state__in=LIVE) & (~Q(state=State.HELD) | Q(held_until__gt=at))


def live_booking(owner: UUID, service: str, at: datetime) -> Booking | None:
    """The one booking of an owner that stands, with its diary."""
    return (
        Booking.objects.select_related("diary__zone")
        .filter(live(at), owner=owner, service=service)
        .first()
    )


def taken(diary: Diary, at: datetime, since: datetime, until: datetime) -> list[Taken]:
    """The places of a diary that somebody has between two moments, as of `at`."""
    ended = Q(state=State.HELD, held_until__lte=at)
    rows = Booking.objects.filter(
        ~ended,
        diary=diary,
        state__in=TAKING,
        place__isnull=False,
        begins_at__lt=until,
        ends_at__gt=since,
    )
    rows_taken = rows.values_list("place", "begins_at", "ends_at")
    return [Taken(certain(place), begins_at, ends_at) for place, begins_at, ends_at in rows_taken]


def days(diary: Diary, at: datetime, not_before: datetime | None = None) -> dict[date, list[Offer]]:
    """Local day → its slots that begin after now (and not before a moment), through all days that are offered.

    Days without a slot are left out. One statement for the closed days and one for what is taken.
    """
    plan, calendar = diary.plan, diary.calendar
    since = max(at, not_before or at)
    slots = list(_slots(diary, plan, calendar, at, since))
    if not slots:
        return {}
    busy = taken(diary, at, slots[0].begins_at, slots[-1].ends_at)
    offers: dict[date, list[Offer]] = {}
    for slot in slots:
        left = len(rules.free_places(slot, plan, busy))
        offers.setdefault(slot.begins_at.date(), []).append(Offer(slot, left))
    return offers


def next_free(
    diary: Diary, at: datetime, since: datetime | None = None, count: int = 3
) -> list[Slot]:
    """The next slots with a place left, from a moment on that lies ahead."""
    plan, calendar = diary.plan, diary.calendar
    slots = list(_slots(diary, plan, calendar, at, max(at, since or at)))
    if not slots:
        return []
    busy = taken(diary, at, slots[0].begins_at, slots[-1].ends_at)
    return rules.next_free(slots, plan, busy, count)


def _slots(
    diary: Diary, plan: Plan, calendar: AnyCalendar, at: datetime, since: datetime
) -> Iterator[Slot]:
    """Slots from a moment on, as far ahead of now as the diary is open."""
    last = at.astimezone(calendar.zone).date() + timedelta(days=diary.days_ahead)
    through = (last - since.astimezone(calendar.zone).date()).days + 1
    return rules.slots_from(since, plan, calendar, through)


def of_day(diary: Diary, day: date) -> QuerySet[Booking]:
    """Who comes on a day, in order: all but those that were let go, moved or cancelled."""
    opens = localtime().replace(
        year=day.year, month=day.month, day=day.day, hour=0, minute=0, second=0, microsecond=0
    )
    shown = (State.FIRM, State.ARRIVED, State.DONE, State.NO_SHOW)
    return (
        Booking.objects.filter(
            diary=diary, state__in=shown, begins_at__gte=opens, begins_at__lt=opens + ONE_DAY
        )
        .select_related("diary__zone")
        .order_by("begins_at", "place", "pk")
    )


def counts(diaries: Iterable[Diary], since: datetime, until: datetime) -> Counter[str]:
    """How many bookings that begin between two moments (the second not included) came to which state."""
    rows = Booking.objects.filter(diary__in=diaries, begins_at__gte=since, begins_at__lt=until)
    states = rows.order_by().values_list("state").annotate(n=Count("pk"))
    return Counter(dict(states))


def fullness(diary: Diary, day: date, at: datetime) -> tuple[int, int]:
    """Places of a local day that somebody has, and all that the day has; past ones count as well."""
    return fullness_of_days(diary, [day], at).get(day, (0, 0))


def fullness_of_days(
    diary: Diary, days: Iterable[date], at: datetime
) -> dict[date, tuple[int, int]]:
    """Local day → the same of each that has a slot, in two statements however many there are."""
    plan, calendar = diary.plan, diary.calendar
    slots = {day: found for day in days if (found := rules.slots_of(day, plan, calendar))}
    if not slots:
        return {}
    spans = [slot for found in slots.values() for slot in (found[0], found[-1])]
    since, until = min(slot.begins_at for slot in spans), max(slot.ends_at for slot in spans)
    busy: dict[date, list[Taken]] = {}
    for place in taken(diary, at, since, until):
        busy.setdefault(place.begins_at.astimezone(calendar.zone).date(), []).append(place)
    return {day: _fullness(found, plan, busy.get(day, [])) for day, found in slots.items()}


def _fullness(slots: Sequence[Slot], plan: Plan, busy: Iterable[Taken]) -> tuple[int, int]:
    free = sum(len(rules.free_places(slot, plan, busy)) for slot in slots)
    return len(slots) * plan.places - free, len(slots) * plan.places
