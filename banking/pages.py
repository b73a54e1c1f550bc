"""The bank's page of the form: the branch, and when to meet it."""

from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from kernel.applicants.inputs import Chosen, Picked
from kernel.applicants.pages import FormPage
from kernel.cases.locked_case import calendar_id
from kernel.form import choices, flow
from kernel.sla.calendars import work_calendar
from kernel.sla.worktime import deadline, windows_of
from kernel.standards.display import listed

SLOT = timedelta(minutes=30)
DAYS_AHEAD = 5  # working days on which an appointment can be made


class BankPage(FormPage):
    key = "bank"
    note = _("Choose a branch and a time, at the counter or by video")

    branch = Picked()
    meeting = Chosen(
        "bank.meeting", help_text=_("The one thing that the bank must do with you in person.")
    )
    appointment = Picked(
        help_text=_(
            "Ten minutes. If the licence and the seals take longer, agree on another time with the branch."
        )
    )

    @staticmethod
    def summary(filing):
        return listed(filing, "bank.branch", "bank.appointment")

    def prepare(self):
        self.fields["branch"].offer(choices.offered("bank.branch", self.draft.zone))
        slots = appointment_choices(self.draft.zone, self.draft.at)
        self.fields["appointment"].offer(
            _with_present(slots, self.now("appointment"), self.draft.at)
        )

    def clean(self):
        super().clean()
        branches = dict(choices.offered("bank.branch", self.draft.zone))
        if (
            branches
            and self.cleaned_data.get("branch")
            and self.cleaned_data["branch"] not in branches
        ):
            self.add_error("branch", _("This branch takes no new companies now. Choose another."))


def appointment_choices(zone, at: datetime) -> list:
    """Times in the working windows of the next working days, by day; none before licence and seals are due."""
    calendar = work_calendar(calendar_id(zone.calendar_code))
    earliest = deadline(at, flow.budget("licence_and_seals", zone.settings), calendar)
    days, day = [], localtime(at).date()
    for _look in range(30):
        times = [
            slot for opens, closes in windows_of(day, calendar) for slot in _slots(opens, closes)
        ]
        times = [slot for slot in times if slot >= earliest]
        if times:
            named = [(f"{slot:%Y-%m-%dT%H:%M}", f"{_named(slot)} {slot:%H:%M}") for slot in times]
            days.append((_named(times[0]), named))
        if len(days) == DAYS_AHEAD:
            break
        day += timedelta(days=1)
    return days


def _slots(opens: datetime, closes: datetime):
    while opens + SLOT <= closes:
        yield opens
        opens += SLOT


def _named(moment: datetime) -> str:
    return date_format(moment, pgettext("date format", "j F"))


def _with_present(groups: list, value: str, at: datetime) -> list:
    """What can be chosen, and what was chosen, where it still lies ahead but is no longer offered."""
    if value in {slot for _day, slots in groups for slot, _label in slots}:
        return groups
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return groups
    if moment.tzinfo is not None or moment < localtime(at).replace(tzinfo=None):
        return groups
    return [(value, f"{_named(moment)} {moment:%H:%M}"), *groups]
