"""What happens at the counter: who has arrived, who took their turn, who didn't come. Writers, as `actions`."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from kernel.bookings.actions import Kind, end, live_locked, plan_version, record
from kernel.bookings.models import Booking, Diary, State
from kernel.core.errors import Refused
from kernel.core.moment import now

GRACE = timedelta(minutes=10)  # after the beginning: earlier nobody can be said not to have come


@transaction.atomic
def arrive(*, uid: UUID, by) -> Booking:
    """The person is here (or in the video room); also somebody who comes late, after all, on the same day."""
    booking, at = _locked(uid, State.FIRM, State.NO_SHOW), now()
    if localtime(booking.begins_at).date() != localtime(at).date():
        raise Refused(
            _("This appointment is not today's. Move it to today, or take the person as a walk-in.")
        )
    booking.arrived_at = at
    return end(booking, State.ARRIVED, Kind.ARRIVED, at, by, ("arrived_at",))


@transaction.atomic
def finish(*, uid: UUID, by) -> Booking:
    """The meeting took place. It can't have before the person arrived."""
    return end(_locked(uid, State.ARRIVED), State.DONE, Kind.DONE, now(), by)


@transaction.atomic
def miss(*, uid: UUID, by) -> Booking:
    """The person didn't come. It can be said some minutes after the beginning, so that nobody is written off early."""
    booking, at = _locked(uid, State.FIRM), now()
    if at < booking.begins_at + GRACE:
        raise Refused(
            _("Wait until %(time)s before you record that nobody came.")
            % {"time": f"{localtime(booking.begins_at + GRACE):%H:%M}"}
        )
    return end(booking, State.NO_SHOW, Kind.NO_SHOW, at, by)


@transaction.atomic
def walk_in(*, diary: Diary, owner: UUID, way: str, by, reference: str = "") -> Booking:
    """Somebody without an appointment is taken now; it needs no place and takes none from those who booked.

    What the owner had booked for later is let go: this is the meeting.
    """
    at = now()
    if before := live_locked(owner, diary.service):
        if before.state == State.ARRIVED:
            raise Refused(_("This person has arrived already."))
        is_held = before.state == State.HELD
        end(
            before,
            State.RELEASED if is_held else State.CANCELLED,
            Kind.RELEASED if is_held else Kind.CANCELLED,
            at,
            by,
        )
    booking = Booking.objects.create(
        diary=diary,
        owner=owner,
        service=diary.service,
        reference=reference,
        way=way,
        begins_at=at,
        ends_at=at + timedelta(minutes=diary.slot_minutes),
        state=State.ARRIVED,
        arrived_at=at,
        made_at=at,
        made_by=by,
        plan_version=plan_version(diary),
    )
    record(booking, Kind.ARRIVED, at, by, walk_in=True)
    return booking


def _locked(uid: UUID, *states: str) -> Booking:
    """The booking under its lock. Raises Refused where it is in none of these states."""
    booking = Booking.objects.select_for_update().get(uid=uid)
    if booking.state not in states:
        raise Refused(
            _("This can't be recorded: the booking is in the state “%(state)s”.")
            % {"state": booking.get_state_display()}
        )
    return booking
