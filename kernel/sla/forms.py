"""The forms of a calendar. They refuse what the arithmetic of working time couldn't use, and say what to write."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from kernel.accounts.administration import NamedFormSet
from kernel.core.moment import now
from kernel.sla.calendar_versions import check
from kernel.sla.calendars import rules_of
from kernel.sla.models import Calendar, ClosedDay
from kernel.sla.wording import read_hours, write_hours
from kernel.sla.workdays import parse_windows

Kind = ClosedDay.Kind
LONGEST = timedelta(days=366)
BOTH = _(
    "Either take over another calendar, or change hours and days yourself. Do one, save, then the other."
)
EXAMPLE = _("Such as 09:00-12:00, 13:30-17:00; 24:00 is midnight.")


class HoursField(forms.CharField):
    """Hours as text; its value is a list of `["HH:MM", "HH:MM"]`."""

    def prepare_value(self, value):
        return write_hours(value) if isinstance(value, list) else value

    def to_python(self, value):
        try:
            rows = read_hours(super().to_python(value) or "")
            parse_windows(rows)
        except ValueError as error:
            wrong = _(
                "Write from–to in order and without overlap, such as 09:00-12:00, 13:30-17:00."
            )
            raise forms.ValidationError(wrong) from error
        return rows

    def has_changed(self, initial, data):
        try:
            return self.to_python(data) != (initial or [])
        except forms.ValidationError:
            return True


class CalendarForm(forms.ModelForm):
    like = forms.ModelChoiceField(
        Calendar.objects.none(),
        label=_("take over"),
        required=False,
        help_text=_(
            "The hours and days of that calendar replace all that stands below; the change counts like any other. "
            "What is changed there later doesn't change this calendar."
        ),
    )
    windows = HoursField(
        label=_("Office hours"), help_text=EXAMPLE, widget=forms.TextInput(attrs={"size": 50})
    )

    class Meta:
        model = Calendar
        fields = ["windows", "round_the_clock", "use_public_holidays"]
        help_texts = {
            "round_the_clock": _(
                "Every minute counts, day and night; hours and days below are not looked at."
            ),
            "use_public_holidays": _(
                "Public holidays are days off and their make-up days are worked, for the years that are published. "
                "For later years Monday to Friday are worked, but for the days that the law itself closes (New Year, "
                "Spring Festival, Qingming, 1–2 May, Dragon Boat, Mid-Autumn, 1–3 October), until the official "
                "arrangement of the year is entered: from November on the first page of the administration asks for it."
            ),
        }

    fields: dict[str, Any]  # of many classes, each with what it can do

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["like"].queryset = others(self.instance)

    def clean(self):
        super().clean()
        given = self.cleaned_data
        if given.get("like") and set(self.changed_data) != {"like"}:
            self.add_error("like", BOTH)
        return given


def others(calendar: Calendar):
    """The calendars whose hours and days it may take over: those of its time zone."""
    return (
        Calendar.objects.filter(timezone=calendar.timezone).exclude(pk=calendar.pk).order_by("code")
    )


class ClosedDayForm(forms.ModelForm):
    hours = HoursField(
        label=_("hours"),
        required=False,
        widget=forms.TextInput(attrs={"size": 22}),
        help_text=_(
            "What a day with other hours has instead of the usual ones, and what an evening adds to a working day. "
            "A make-up day without hours has the usual ones."
        ),
    )

    class Meta:
        model = ClosedDay
        fields = ["kind", "date", "until", "hours", "note"]
        widgets = {"note": forms.TextInput(attrs={"size": 24})}

    def clean(self):
        super().clean()
        given = self.cleaned_data
        kind, first, last = given.get("kind"), given.get("date"), given.get("until")
        if first and last and not timedelta() <= last - first <= LONGEST:
            self.add_error(
                "until", _("The last day comes after the first one, within a year of it.")
            )
        if first and self.has_changed() and (last or first) < localdate(now()):
            self.add_error("date", _("These days are over. What was counted stays counted."))
        hours = given.get("hours")
        if kind in (Kind.HALF, Kind.EVENING) and hours == []:
            self.add_error("hours", _("Write the hours of these days."))
        if kind == Kind.CLOSED and hours:
            self.add_error(
                "hours",
                _("A day that is closed has no hours. Choose another kind, or leave them out."),
            )
        return given


class ExceptionsFormSet(NamedFormSet):
    def clean(self):
        super().clean()
        if any(self.errors):
            return
        if self.data.get("like") and self.has_changed():
            raise forms.ValidationError(BOTH)
        kept = [
            form for form in self.forms if form not in self.deleted_forms and form.instance.date
        ]
        try:
            check(self.instance.timezone, rules_of(self.instance, [form.instance for form in kept]))
        except ValueError as error:
            raise forms.ValidationError(
                _("With these hours and days nobody would work for a year. Leave some days open.")
            ) from error
