"""What changes a day that is over: a review of one of its cases, and a correction of the type of one that was filed, or
waited, on it.

Everything else that the summaries count never changes once it has happened.
"""

from django.utils.timezone import localdate

from kernel.cases import signals
from kernel.cases.models import Event
from portal.supervision import day_summaries


def reviewed(sender, application, events, **_kwargs) -> None:
    if application.completed_at is None:
        return  # one that was withdrawn or declined is in no summary of completed cases
    if any(event.kind == Event.Kind.REVIEWED for event in events):
        day_summaries.forget(application.zone_id, localdate(application.completed_at))


def corrected(sender, application, events, **_kwargs) -> None:
    """The company type may be corrected; a case filed today is in no summary yet."""
    for event in events:
        filed_on = localdate(application.submitted_at) if application.submitted_at else None
        today = localdate(event.at)
        if event.kind != Event.Kind.RESUBMITTED or filed_on is None or filed_on >= today:
            continue
        day_summaries.forget(application.zone_id, filed_on)
        if "name.company_type" in event.data.get("changed", ()):
            moments = application.events.filter(seq__lt=event.seq).values_list("at", flat=True)
            for day in {localdate(at) for at in moments} - {filed_on, today}:
                day_summaries.forget(application.zone_id, day)


def connect() -> None:
    signals.case_moved.connect(reviewed, dispatch_uid="portal.supervision.reviewed")
    signals.case_moved.connect(corrected, dispatch_uid="portal.supervision.corrected")
