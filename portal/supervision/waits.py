"""What waited for applicants, and what came of their appointments: by the day on which it ended, from the trail and
from the diaries. Figures, lists and the public's files count these rows and no others.

A wait lasts from the return, or from when a stage began to await its applicant, until it was sent back or went on, by
the calendar: nights, weekends and holidays count. A wait that ended with its case isn't counted, since nothing went on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import pgettext_lazy

from kernel.bookings.models import BookingEvent
from kernel.cases.models import Application, Awaits, Event
from kernel.core.words import Words
from kernel.form import flow

CORRECTION = "correction"
WAITS: dict[str, Words] = {
    CORRECTION: pgettext_lazy("waited for", "Correction"),
    Awaits.APPOINTMENT: pgettext_lazy("waited for", "Appointment"),
    Awaits.CALL: pgettext_lazy("waited for", "Video call"),
    Awaits.SIGNATURE: pgettext_lazy("waited for", "Signature"),
    Awaits.ANSWER: pgettext_lazy("waited for", "Answer"),
}
_BEGINS = (Event.Kind.RETURNED, Event.Kind.AWAITING)
_ENDS = (Event.Kind.RESUBMITTED, Event.Kind.AWAITED)
Kind = BookingEvent.Kind
OUTCOMES: dict[str, Words] = {
    Kind.DONE: pgettext_lazy("appointments", "Took place"),
    Kind.MOVED: pgettext_lazy("appointments", "Moved"),
    Kind.CANCELLED: pgettext_lazy("appointments", "Cancelled"),
    Kind.NO_SHOW: pgettext_lazy("appointments", "Nobody came"),
}

MISSED = Kind.NO_SHOW
PUBLIC = (Kind.DONE, MISSED, Kind.MOVED)  # what everybody reads, month by month
DUE = (Kind.DONE, MISSED)  # of appointments whose time came


@dataclass(frozen=True)
class Wait:
    """A wait that an event of `ended` ended: when that was written down, what it says, and when the wait began."""

    written_at: datetime
    data: Mapping[str, str]
    began_at: datetime

    @property
    def kind(self) -> str:
        """One of WAITS."""
        return self.data.get("awaits", CORRECTION)

    @property
    def ended_at(self) -> datetime:
        """What ended by itself says when; it may have been written down a moment later."""
        moment = self.data.get("ended_at")
        return datetime.fromisoformat(moment) if moment else self.written_at

    @property
    def seconds(self) -> int:
        return int((self.ended_at - self.began_at).total_seconds())


def ended(zone, when: Q, kind: str = "") -> QuerySet[Event]:
    """The events with which waits ended, the latest first: `when` says which moments, `kind` which of WAITS (all)."""
    before = Event.objects.filter(
        application=OuterRef("application"),
        department=OuterRef("department"),
        seq__lt=OuterRef("seq"),
        kind__in=_BEGINS,
    )
    rows = Event.objects.filter(when, application__zone=zone, kind__in=_ENDS)
    if kind == CORRECTION:
        rows = rows.filter(kind=Event.Kind.RESUBMITTED)
    elif kind:
        rows = rows.filter(kind=Event.Kind.AWAITED, data__awaits=kind)
    began = Subquery(before.order_by("-seq").values("at")[:1])
    return rows.annotate(began_at=began).order_by("-at", "-pk")


def appointments(zone, when: Q, outcome: str = "") -> QuerySet[BookingEvent]:
    """What came of the appointments with the department that meets applicants, the latest first: one of OUTCOMES, or
    all of them. Who walked in had none. Each has the company type of its case."""
    cases = Application.objects.filter(uid=OuterRef("booking__owner")).order_by()
    rows = BookingEvent.objects.filter(
        when,
        kind__in=[outcome] if outcome else list(OUTCOMES),
        booking__service=flow.meeting(),
        booking__diary__zone=zone,
        booking__place__isnull=False,
    )
    return rows.annotate(company_type=Subquery(cases.values("company_type")[:1])).order_by(
        "-at", "-pk"
    )
