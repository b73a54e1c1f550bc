"""The day of the desk that meets people: who comes when, who is here, and who didn't come."""

from dataclasses import dataclass

from django.utils.timezone import localdate

from kernel.bookings import reading
from kernel.bookings.models import Booking, Diary, State
from kernel.cases.models import Stage
from kernel.core.moment import now
from kernel.form import flow


@dataclass(frozen=True)
class Appointment:
    """A booking of today with the stage that it is for (None where the case isn't at the desk yet)."""

    booking: Booking
    stage: Stage | None
    can_come: bool

    @property
    def has_come(self) -> bool:
        return self.booking.state == State.ARRIVED


@dataclass(frozen=True)
class Day:
    """Today's appointments in order; `here` are those who have arrived, `ahead` those who are still to come."""

    appointments: list[Appointment]

    @property
    def here(self) -> int:
        return sum(row.has_come for row in self.appointments)

    @property
    def ahead(self) -> int:
        return sum(row.booking.state == State.FIRM for row in self.appointments)


def today(user) -> Day | None:
    """The day of the officer's unit; None at a desk that meets nobody."""
    if not flow.meeting() or user.department != flow.meeting():
        return None
    diaries = Diary.objects.filter(zone=user.zone_id, service=flow.meeting())
    if user.unit:
        diaries = diaries.filter(unit=user.unit)
    at = now()
    bookings = [booking for diary in diaries for booking in reading.of_day(diary, localdate(at))]
    bookings.sort(key=lambda booking: (booking.begins_at, booking.pk))
    stages = Stage.objects.filter(
        department=flow.meeting(), application__uid__in=[booking.owner for booking in bookings]
    ).select_related("application")
    by_owner = {stage.application.uid: stage for stage in stages.defer("application__answers")}
    return Day([_row(booking, by_owner.get(booking.owner)) for booking in bookings])


def _row(booking: Booking, stage: Stage | None) -> Appointment:
    can_come = (
        stage is not None
        and stage.state in flow.AT_WORK
        and booking.state in (State.FIRM, State.NO_SHOW)
    )
    return Appointment(booking, stage, can_come)
