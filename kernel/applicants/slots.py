"""The places of a diary as the applicant chooses among them: days, their hours, how many are left, and by when the
department is done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django import forms
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel.applicants.inputs import Picked
from kernel.cases import appointments
from kernel.cases.appointments import Place
from kernel.core import departments
from kernel.core.departments import SOON
from kernel.form import flow

DAYS_SHOWN = 5  # as many as the strip of days has columns


@dataclass
class Day:
    """A day of the diary: what it is called and its date, how many places are left, and its hours before and after
    noon. The one that has the chosen place is open, else the first; none for who needs no appointment."""

    title: str
    date: str
    left: int
    within: int
    is_open: bool
    halves: list[list[Place]]


class SlotField(Picked):
    """When a department meets the applicant: as soon as it is ready, or a place in the diary of its unit.

    What is no longer offered is judged by the standards and the booking, so that nothing chosen is lost.
    """

    block = "applicants/_slots.html"

    def __init__(self, **options):
        super().__init__(**options)
        self.widget = forms.RadioSelect()
        self.more, self.soon, self.days, self.present, self.hint, self.minutes = (
            False,
            False,
            [],
            "",
            "",
            0,
        )

    def show(
        self,
        zone,
        *,
        unit: str,
        may_be_soon: bool,
        value: str,
        at: datetime,
        earliest: datetime | None = None,
        filed_at: datetime | None = None,
    ) -> None:
        """Set what can be chosen at a unit, by default of a draft that is submitted at this moment."""
        self.soon, self.present = may_be_soon, value
        self.minutes, self.by = (
            appointments.minutes(zone),
            departments.department(flow.meeting()).named,
        )
        diary = appointments.diary(zone, unit)
        earliest = earliest or appointments.possible_from(zone, at)
        offered = appointments.days(zone, diary, at, earliest, filed_at) if diary else {}
        self.offer_days(offered, value, at)
        if not unit:
            self.hint = _("Choose where first: the free times are shown then.")

    def offer_days(self, offered: Mapping[date, list[Place]], value: str, at: datetime) -> None:
        """Set the days with their hours; `value` is the one that is chosen."""
        self.present = value
        days = [_day(day, places, value, at) for day, places in offered.items()]
        self.days = [day for place, day in enumerate(days) if place < DAYS_SHOWN or day.is_open]
        self.more = len(days) > len(self.days)
        if self.days and value != SOON and not any(day.is_open for day in self.days):
            self.days[0].is_open = True
        if not self.days:
            self.hint = _("No times can be booked here in the next days.")
        values = [place.value for places in offered.values() for place in places]
        self.widget.choices = [(name, name) for name in ([SOON] if self.soon else []) + values]


def _day(day: date, places: list[Place], value: str, at: datetime) -> Day:
    morning = [place for place in places if place.begins_at.hour < 12]
    halves = [half for half in (morning, places[len(morning) :]) if half]
    is_chosen = any(place.value == value for place in places)
    left = sum(place.left for place in places)
    within = sum(place.left for place in places if place.is_within)
    return Day(*_called(day, at), left, within, is_chosen, halves)


def _called(day: date, at: datetime) -> tuple[str, str]:
    """What a day is called and its date, short enough for a column: "Today" and "Wed 18 Mar", or "Monday" and "23
    March"."""
    near = {0: _("today"), 1: _("tomorrow")}.get((day - localdate(at)).days)
    if near:
        return capfirst(near), date_format(day, pgettext("date format", "D j M"))
    return date_format(day, "l"), date_format(day, pgettext("date format", "j F"))
