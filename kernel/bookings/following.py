"""What workers do for the diaries: holds end, reminders fall due, and what no longer fits is moved and told.

A booking whose diary or calendar changed is behind (`plan_version`), and is looked at once: where its time is still
offered it stays, else it is moved to the next free one, which its owner may change like any other. The database is the
truth; a task may run twice or never at a given try.

Whoever owns bookings of a service says here how its owners are locked (`guard_owners`): that is done first and without
waiting, so that a sweep never stands in the way of somebody who is moving the owner on.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from kernel.bookings import reading, rules
from kernel.bookings.actions import (
    EXPIRED,
    Kind,
    end,
    follow,
    locked_diary,
    plan_version,
    record,
)
from kernel.bookings.models import Booking, Diary, State
from kernel.core.apart import apart
from kernel.core.moment import now
from kernel.sla import calendars
from kernel.sla.workdays import ONE_DAY, AnyCalendar

CLOSED = "closed"  # in an event's data: the unit no longer receives anybody at that time
REMINDERS = (
    "evening",
    "hour",
)  # before it; a booking's `reminded` is how many of them are behind it
BATCH = 200

Guard = Callable[[set[UUID]], set[UUID]]
_guards: dict[str, Guard] = {}

log = logging.getLogger(__name__)


def guard_owners(service: str, guard: Guard) -> None:
    """Register what locks the owners of a service's bookings without waiting, and returns those that it got."""
    _guards[service] = guard


def end_holds() -> int:
    """Release the holds that have ended; returns how many."""
    at = now()
    ended = Booking.objects.filter(state=State.HELD, held_until__lte=at).order_by("held_until")
    return _each(ended.values_list("pk", flat=True)[:BATCH], partial(_end_hold, at))


def remind() -> int:
    """Say the evening before, and an hour before, that there is an appointment; returns how many were said."""
    at = now()
    soon = Booking.objects.filter(
        state=State.FIRM, begins_at__gt=at, begins_at__lte=at + 2 * ONE_DAY, reminded__lt=2
    ).select_related("diary__zone")
    due = [booking.pk for booking in soon.order_by("begins_at") if _due(booking, at)]
    return _each(due[:BATCH], partial(_remind, at))


def behind() -> list[int]:
    """The booked places that lie ahead and were not compared with the newest version of diary and calendar."""
    ahead = Booking.objects.filter(state=State.FIRM, begins_at__gt=now(), place__isnull=False)
    known = ahead.order_by().values_list("diary", "plan_version").distinct()
    diaries = Diary.objects.select_related("zone").in_bulk({diary for diary, _version in known})
    old = [(pk, version) for pk, version in known if version != plan_version(diaries[pk])]
    return [
        booking
        for pk, version in old
        for booking in ahead.filter(diary=pk, plan_version=version)
        .order_by("begins_at")
        .values_list("pk", flat=True)[:BATCH]
    ]


def refit() -> int:
    """Compare what is behind with diary and calendar, and move what no longer fits; returns how many were looked at."""
    if not behind():
        return 0
    calendars.forget()  # this process may know an older version than the one they were compared with
    return _each(behind(), _refit)


def misfits(calendar_id: str, calendar: AnyCalendar) -> list[Booking]:
    """The booked places ahead that would have to move if the zones of this calendar's code worked by `calendar`."""
    ahead = Booking.objects.filter(
        state=State.FIRM,
        begins_at__gt=now(),
        place__isnull=False,
        diary__zone__calendar_code=calendar_id,
    ).select_related("diary__zone")
    return [
        booking
        for booking in ahead.order_by("begins_at")
        if not rules.is_offered(booking.slot, booking.diary.plan, calendar)
    ]


def _each(chosen: Iterable[int], work: Callable[[int], bool]) -> int:
    """One transaction for each, so that one that fails holds up nobody."""
    return apart(
        list(chosen),
        lambda some: sum(map(work, some)),
        lambda item, failure: log.error(
            "booking not swept", exc_info=failure, extra={"booking": item}
        ),
    )


def _mine(pk: int, **where) -> Booking | None:
    """The booking with its owner and its diary locked; None where somebody else has the owner, or it changed."""
    booking = Booking.objects.filter(pk=pk, **where).first()
    if booking is None:
        return None
    guard = _guards.get(booking.service, set)
    if booking.owner not in guard({booking.owner}):
        return None
    diary = locked_diary(booking.diary_id)
    booking = Booking.objects.select_for_update().filter(pk=pk, **where).first()
    if booking:
        booking.diary = diary
    return booking


def _due(booking: Booking, at: datetime) -> int:
    """How many of REMINDERS have fallen due, 0 where all of them were said."""
    due = rules.reminders_due(booking.begins_at, at, booking.diary.calendar.zone)
    return due if due > booking.reminded else 0


@transaction.atomic
def _end_hold(at: datetime, pk: int) -> bool:
    booking = _mine(pk, state=State.HELD, held_until__lte=at)
    if booking:
        end(booking, State.RELEASED, Kind.RELEASED, at, None, **EXPIRED)
    return bool(booking)


@transaction.atomic
def _remind(at: datetime, pk: int) -> bool:
    booking = _mine(pk, state=State.FIRM, begins_at__gt=at)
    if not booking or not (due := _due(booking, at)):
        return False
    booking.reminded = due
    booking.save(update_fields=["reminded"])
    record(booking, Kind.REMINDED, at, None, when=REMINDERS[due - 1])
    return True


@transaction.atomic
def _refit(pk: int) -> bool:
    at = now()
    booking = _mine(pk, state=State.FIRM, begins_at__gt=at)
    if not booking:
        return False
    diary = booking.diary
    if rules.is_offered(booking.slot, diary.plan, diary.calendar):
        booking.plan_version = plan_version(diary)
        booking.save(update_fields=["plan_version"])
    elif free := reading.next_free(diary, at, booking.begins_at, 1) or reading.next_free(
        diary, at, at, 1
    ):
        follow(booking, diary, free[0].begins_at, booking.way, at, None, why=CLOSED)
    else:
        end(booking, State.CANCELLED, Kind.CANCELLED, at, None, why=CLOSED)
    return True
