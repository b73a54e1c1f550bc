"""Sentences that several of the hall's actions and pages say."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from kernel.core.certain import certain
from kernel.core.moment import now
from services.hall.models import Ticket
from services.hall.opening import Opening


def hour(moment: datetime) -> str:
    return f"{localtime(moment):%H:%M}"


def when(moment: datetime) -> str:
    """The hour, with its day where that isn't today."""
    if localdate(moment) == localdate(now()):
        return hour(moment)
    return f"{date_format(localtime(moment), 'MONTH_DAY_FORMAT')} {hour(moment)}"


def closed_until(hall: Opening) -> str:
    opens = {"time": when(certain(hall.opens_at))}
    if hall.is_lunch:
        return _("The hall gives no tickets at lunch. It opens again at %(time)s.") % opens
    return _("The hall is closed and gives no tickets. It opens %(time)s.") % opens


def not_any_more(ticket: Ticket) -> str:
    facts = {"ticket": ticket.label, "state": ticket.get_state_display()}
    return _("This can't be done with %(ticket)s any more: %(state)s.") % facts
