"""What was done with a request, in one sentence for whoever pressed."""

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from services.booked.models import ServiceRequest, State


def said(asked: ServiceRequest) -> str:
    """What was done with a request, in one sentence."""
    if asked.state == State.WAITING and not asked.applicant_id:
        return _(
            "The wish is registered. You are told what becomes of it, and tell them by telephone."
        )
    if asked.state == State.WAITING:
        return _("Your wish is registered. You are told as soon as it is decided on.")
    if asked.state == State.ASKED:
        when = date_format(localtime(asked.decide_by), "DATETIME_FORMAT")
        return _("It is asked for. The supervisor decides by %(when)s.") % {"when": when}
    when = date_format(localtime(asked.begins_at), "DATETIME_FORMAT")
    return _("Booked: %(when)s.") % {"when": when}


def cancelled(before: ServiceRequest) -> str:
    """What has become of a request that was as this one says."""
    if before.begins_at:
        return _("Cancelled. The place is free for somebody else.")
    return _("Cancelled.")
