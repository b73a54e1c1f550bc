"""The way of one request as its page tells it: what has been, and what is ahead."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from services.booked.kinds import How
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
    kind = request.of
    if request.state == State.ASKED:
        decision = _("The supervisor decides")
        return [decision, *_given(request)]
    if request.state == State.WAITING:
        return [_("Enough wishes, and the supervisor opens it"), *_given(request)]
    if request.state == State.CONFIRMED:
        is_reminded = kind.how is not How.ASKED or kind.has_places
        return ([_("Reminder")] if is_reminded and request.begins_at else []) + _given(request)
    return [pgettext("service", "Outcome")] if request.state == State.UNDER_WAY else []


def _given(request: ServiceRequest) -> list[str]:
    return [str(request.of.label), pgettext("service", "Outcome")]
