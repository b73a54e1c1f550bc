"""The way of one request as its page tells it: what has been, and what is ahead."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel.bookings import reading
from kernel.bookings.following import REMINDERS
from kernel.core.moment import now
from services.booked.locked import Kind
from services.booked.models import ServiceEvent, ServiceRequest, State

# What the applicant is shown of the events; who looked at what stands with the staff.
SHOWN = frozenset(Kind.values) - {Kind.LOOKED, Kind.ERASED}


@dataclass(frozen=True)
class Step:
    title: str
    at: datetime | None
    who: str = ""

    @property
    def is_ahead(self) -> bool:
        return self.at is None


def steps(request: ServiceRequest) -> list[Step]:
    rows = request.events.filter(kind__in=SHOWN).select_related("actor")
    return [_step(event) for event in rows] + [Step(title, None) for title in _ahead(request)]


def _step(event: ServiceEvent) -> Step:
    who = str(event.actor) if event.actor and event.actor.is_staff_member else ""
    return Step(event.get_kind_display(), event.at, who)


def _ahead(request: ServiceRequest) -> list[str]:
    """What is still to come of a request that goes on."""
    if request.state == State.ASKED:
        decision = _("The supervisor decides")
        return [decision, *_given(request)]
    if request.state == State.WAITING:
        return [_("Enough wishes, and the supervisor decides"), *_given(request)]
    if request.state == State.CONFIRMED:
        return ([_("Reminder")] if _is_to_be_reminded(request) else []) + _given(request)
    return [pgettext("service", "Outcome")] if request.state == State.UNDER_WAY else []


def _is_to_be_reminded(request: ServiceRequest) -> bool:
    """Whether a message is still ahead: none reaches who has no account, or who booked shortly before."""
    booking = reading.live_booking(request.uid, request.kind, now())
    if booking is None or request.applicant_id is None:
        return False
    return booking.begins_at > now() and booking.reminded < len(REMINDERS)


def _given(request: ServiceRequest) -> list[str]:
    return [str(request.of.label), pgettext("service", "Outcome")]
