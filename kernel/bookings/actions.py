"""Who has which place: the only writers of bookings. Whoever calls has checked that the person may.

    hold(...)         while one fills in the form; another hold of the same owner lets go of the first
    confirm(...)      at the submit: from then on it is firm
    book(...)         both at once
    let_go(...), move(...), cancel(...)

Every change appends a `BookingEvent` and sends `signals.booking_changed` in its transaction. A place is given away
under the lock of its diary, so that of many who want the last one at one moment each is answered at once; the database
refuses a second one on a place whatever the code does (`kernel.bookings.database_guards`).
Lock order: whatever owns the booking, then the diary, then the booking.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel.bookings import reading, rules
from kernel.bookings.models import LIVE, Booking, BookingEvent, Diary, State
from kernel.bookings.rules import Plan, Slot
from kernel.bookings.signals import booking_changed
from kernel.core.certain import certain
from kernel.core.errors import Refused
from kernel.core.moment import now

HOLD = timedelta(minutes=15)  # of the product's clock, while a form is filled in
EXPIRED: dict[str, Any] = {"expired": True}  # the data of an event: nobody let go, the time was up
OFFERED = 3  # places named to somebody who came too late
Kind = BookingEvent.Kind


class Taken(Refused):
    """The place can't be had; `why` says so alone, `offers` are the next slots that can."""

    def __init__(self, sentence: str, offers: Sequence[Slot]):
        self.why, self.offers = sentence, list(offers)
        full = (
            _("The next free ones: %(times)s.") % {"times": times(self.offers)}
            if self.offers
            else _("Nothing is free in the days that can be booked. Choose another place.")
        )
        super().__init__(f"{sentence} {full}")


def times(slots: Sequence[Slot]) -> str:
    return pgettext("list", ", ").join(
        date_format(localtime(slot.begins_at), "MONTH_DAY_FORMAT")
        + f" {localtime(slot.begins_at):%H:%M}"
        for slot in slots
    )


@transaction.atomic
def hold(
    *,
    diary: Diary,
    owner: UUID,
    begins_at: datetime,
    way: str,
    by,
    reference: str = "",
    not_before: datetime | None = None,
) -> Booking:
    """Keep a place for `HOLD` while the owner fills in the rest. Raises Taken where it can't be had.

    `not_before` is the first moment at which the place makes sense. The same place held again is held anew.
    """
    locked = locked_diary(diary.pk)
    at = now()
    if before := live_locked(owner, locked.service):
        if before.state != State.HELD:
            raise Refused(_("A place is booked already. Move it instead of booking another one."))
        end(before, State.RELEASED, Kind.RELEASED, at, by)
    return _take(locked, owner, begins_at, way, at, by, reference, not_before)


@transaction.atomic
def confirm(*, owner: UUID, service: str, by, reference: str = "") -> Booking:
    """Make the held place firm. Where the hold has ended, the place is taken once more if nobody has it by now.

    Raises Taken where somebody has, Refused where the owner never held one.
    """
    last = _last_of(owner, service)
    if last is None:
        raise Refused(_("No place is held. Choose one."))
    diary, at = locked_diary(last.diary_id), now()
    held = Booking.objects.select_for_update().get(pk=last.pk)
    if held.state == State.FIRM:
        return held
    if held.state == State.RELEASED or certain(held.held_until) <= at:
        if held.state == State.HELD:
            end(held, State.RELEASED, Kind.RELEASED, at, None, **EXPIRED)
        held = _take(diary, owner, held.begins_at, held.way, at, by, held.reference, None)
    elif not rules.is_offered(held.slot, diary.plan, diary.calendar):
        raise _closed(diary, held.begins_at, at)
    held.reference = reference or held.reference
    held.held_until = None
    return end(held, State.FIRM, Kind.FIRM, at, by, ("reference", "held_until"))


@transaction.atomic
def book(*, by, reference: str = "", **place) -> Booking:
    """Hold a place and make it firm; the fields are those of `hold`."""
    held = hold(by=by, reference=reference, **place)
    return confirm(owner=held.owner, service=held.service, by=by)


@transaction.atomic
def let_go(*, owner: UUID, service: str, by) -> Booking | None:
    """The owner needs no place any more (a withdrawal, another choice): what is held is released, what is booked
    cancelled. Does nothing where nothing stands."""
    booking = live_locked(owner, service)
    if booking is None:
        return None
    if booking.state == State.HELD:
        return end(booking, State.RELEASED, Kind.RELEASED, now(), by)
    return end(booking, State.CANCELLED, Kind.CANCELLED, now(), by)


@transaction.atomic
def move(
    *,
    uid: UUID,
    begins_at: datetime,
    by,
    way: str = "",
    diary: Diary | None = None,
    not_before: datetime | None = None,
) -> Booking:
    """Another time for a booked place, or for one whose owner didn't come; in another diary of the service if given.

    The old place is free at once and the new one firm; where the new one can't be had, the old one stays.
    """
    old = Booking.objects.get(uid=uid)
    pair = sorted({old.diary_id, diary.pk if diary else old.diary_id})
    locked = {pk: locked_diary(pk) for pk in pair}
    old = Booking.objects.select_for_update().get(pk=old.pk)
    to, at = locked[diary.pk if diary else old.diary_id], now()
    if old.state not in (State.FIRM, State.NO_SHOW):
        raise Refused(
            _("This booking can't be moved any more: %(state)s.")
            % {"state": old.get_state_display()}
        )
    if to.service != old.service:
        raise Refused(_("Choose a place of the same service."))
    return follow(old, to, begins_at, way or old.way, at, by, not_before)


@transaction.atomic
def cancel(*, uid: UUID, by) -> Booking:
    """Nobody comes. Raises Refused for a booking that took place or is over."""
    booking = Booking.objects.select_for_update().get(uid=uid)
    if booking.state not in (State.FIRM, State.ARRIVED):
        raise Refused(
            _("This booking can't be cancelled any more: %(state)s.")
            % {"state": booking.get_state_display()}
        )
    return end(booking, State.CANCELLED, Kind.CANCELLED, now(), by)


def follow(
    old: Booking,
    diary: Diary,
    begins_at: datetime,
    way: str,
    at: datetime,
    by,
    not_before: datetime | None = None,
    **data,
) -> Booking:
    """A firm booking instead of a locked one, in a locked diary; `data` goes into the old one's event."""
    was_missed = old.state == State.NO_SHOW
    if not was_missed:
        old.state = State.MOVED
        old.save(update_fields=["state"])
    new = _take(diary, old.owner, begins_at, way, at, by, old.reference, not_before, follows=old)
    if not was_missed:
        record(old, Kind.MOVED, at, by, to=new.begins_at.astimezone(UTC).isoformat(), **data)
    new.held_until = None
    return end(new, State.FIRM, Kind.FIRM, at, by, ("held_until",), followed=str(old.uid))


def end(
    booking: Booking,
    state: str,
    kind: str,
    at: datetime,
    by,
    fields: Sequence[str] = (),
    **data: Any,
) -> Booking:
    """Bring a locked booking to another state and record it."""
    booking.state = state
    booking.save(update_fields=["state", *fields])
    record(booking, kind, at, by, **data)
    return booking


def record(booking: Booking, kind: str, at: datetime, by, **data) -> None:
    event = BookingEvent.objects.create(booking=booking, kind=kind, at=at, actor=by, data=data)
    booking_changed.send(sender=Booking, booking=booking, event=event)


def plan_version(diary: Diary) -> str:
    """What a booking was found to fit: the version of the diary and that of its calendar."""
    return f"{diary.version}.{diary.calendar.version}"


def locked_diary(pk: int) -> Diary:
    """The diary as it stands once nobody else gives its places away."""
    diaries = Diary.objects.select_related("zone").select_for_update(of=("self",), no_key=True)
    return diaries.get(pk=pk)


def _last_of(owner: UUID, service: str) -> Booking | None:
    """What the owner holds or has booked, or held until it ended by itself."""
    last = (
        Booking.objects.filter(
            owner=owner, service=service, state__in=(State.HELD, State.FIRM, State.RELEASED)
        )
        .order_by("-pk")
        .first()
    )
    if last and last.state == State.RELEASED and certain(last.events.last()).data != EXPIRED:
        return None
    return last


def live_locked(owner: UUID, service: str) -> Booking | None:
    """The booking of an owner that no other could stand beside, under its lock."""
    rows = Booking.objects.select_for_update().filter(owner=owner, service=service)
    return rows.filter(state__in=LIVE).first()


def _take(
    diary: Diary,
    owner: UUID,
    begins_at: datetime,
    way: str,
    at: datetime,
    by,
    reference: str,
    not_before: datetime | None,
    follows: Booking | None = None,
) -> Booking:
    """A new hold on a free place of a locked diary."""
    plan = diary.plan
    slot = _checked(diary, plan, begins_at, way, at, not_before)
    _sweep_ended(diary, slot, at)
    free = rules.free_places(slot, plan, reading.taken(diary, at, *slot))
    if not free:
        raise Taken(
            _("Somebody else has just taken this place."), _others(diary, begins_at, at, not_before)
        )
    booking = Booking.objects.create(
        diary=diary,
        owner=owner,
        service=diary.service,
        reference=reference,
        way=way,
        begins_at=slot.begins_at,
        ends_at=slot.ends_at,
        place=free[0],
        held_until=at + HOLD,
        made_at=at,
        made_by=by,
        follows=follows,
        plan_version=plan_version(diary),
        reminded=rules.reminders_due(begins_at, at, diary.calendar.zone),
    )
    record(booking, Kind.HELD, at, by)
    return booking


def _checked(
    diary: Diary,
    plan: Plan,
    begins_at: datetime,
    way: str,
    at: datetime,
    not_before: datetime | None,
) -> Slot:
    """The slot that begins at a moment. Raises Refused, or Taken with others, where the diary doesn't offer it."""
    if way not in diary.ways:
        raise Refused(_("This place doesn't offer that way of meeting. Choose another one."))
    if begins_at <= at:
        raise Taken(_("This time has passed."), _others(diary, at, at, not_before))
    if not_before and begins_at < not_before:
        raise Taken(
            _("This time is too early: the steps before it may not be done by then."),
            _others(diary, not_before, at, not_before),
        )
    last = localtime(at).date() + timedelta(days=diary.days_ahead)
    if not diary.is_open or localtime(begins_at).date() > last:
        raise _closed(diary, begins_at, at)
    slot = Slot(begins_at, begins_at + plan.length)
    if not rules.is_offered(slot, plan, diary.calendar):
        raise _closed(diary, begins_at, at)
    return slot


def _closed(diary: Diary, begins_at: datetime, at: datetime) -> Taken:
    return Taken(_("Nobody is received at this time."), _others(diary, begins_at, at, None))


def _others(
    diary: Diary, begins_at: datetime, at: datetime, not_before: datetime | None
) -> list[Slot]:
    """The next free ones from the wanted time on; where there is none, from the first that can be had."""
    if not diary.is_open:
        return []
    first = max(at, not_before or at)
    return reading.next_free(diary, at, max(first, begins_at), OFFERED) or reading.next_free(
        diary, at, first, OFFERED
    )


def _sweep_ended(diary: Diary, slot: Slot, at: datetime) -> None:
    """Holds on these places that have ended are released now: the database counts them until somebody says so."""
    ended = Booking.objects.select_for_update().filter(
        diary=diary,
        state=State.HELD,
        held_until__lte=at,
        begins_at__lt=slot.ends_at,
        ends_at__gt=slot.begins_at,
    )
    for booking in ended:
        end(booking, State.RELEASED, Kind.RELEASED, at, None, **EXPIRED)
