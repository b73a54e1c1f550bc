"""What changes a day that is over: a review of one of its cases, and a correction of one that was filed on it.

Everything else that the summaries count never changes once it has happened.
"""

from django.utils.timezone import localdate

from kernel.cases import signals
from kernel.cases.models import Event
from portal.supervision import day_summaries


def reviewed(sender, application, events, **_kwargs) -> None:
    if any(event.kind == Event.Kind.REVIEWED for event in events):
        day_summaries.forget(application.zone_id, localdate(application.completed_at))


def corrected(sender, application, events, **_kwargs) -> None:
    """The company type may be corrected; a case filed today is in no summary yet."""
    for event in events:
        filed_on = localdate(application.submitted_at) if application.submitted_at else None
        if event.kind == Event.Kind.RESUBMITTED and filed_on and filed_on < localdate(event.at):
            day_summaries.forget(application.zone_id, filed_on)


def connect() -> None:
    signals.case_moved.connect(reviewed, dispatch_uid="portal.supervision.reviewed")
    signals.case_moved.connect(corrected, dispatch_uid="portal.supervision.corrected")
