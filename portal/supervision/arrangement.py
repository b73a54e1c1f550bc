"""The official arrangement of a year, entered by the administrator: a form or a file, a look at what moves, done.

Nothing is kept between the look and the entering: the page carries the days, and they are judged again.
"""

from datetime import date, datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from kernel.accounts.models import Role, Zone
from kernel.bookings import following
from kernel.cases.models import Application
from kernel.core.moment import now
from kernel.core.written import require_seen
from kernel.form import flow
from kernel.form.uploads import takes_files
from kernel.sla import calendar_versions, recalculation
from kernel.sla.arrangement import (
    CLOSED,
    LONGEST_SOURCE,
    MAKEUP,
    Arrangement,
    Unreadable,
    days_of,
    faults,
    read,
    row,
    wanted_years,
    written,
)
from kernel.sla.calendars import calendar_id, followed_by, work_calendar
from kernel.sla.models import Calendar
from kernel.sla.statutory import holidays_of
from kernel.sla.workdays import unsettled_years
from portal.supervision.permissions import overseers_only

MOST_BYTES = 100_000
SHOWN = 12  # clocks and bookings named in the look
MOST_SECONDS = 5  # that an administrator waits for clocks to be reckoned; workers do the rest


def may_enter(user) -> bool:
    return user.role == Role.ADMINISTRATOR and user.zone_id is not None


def unsettled(zone: Zone | None, at: datetime) -> tuple[int, ...]:
    """The years for whose arrangement the administrator of a zone is asked by now."""
    if zone is None:
        return ()
    return unsettled_years(
        wanted_years(localdate(at)), work_calendar(calendar_id(zone.calendar_code))
    )


class DaysField(forms.CharField):
    """Days as "2027-02-06 2027-02-20", with any marks between them; its value is a list of dates."""

    def to_python(self, value):
        text = "".join(c if c.isdigit() or c == "-" else " " for c in super().to_python(value))
        try:
            return [date.fromisoformat(part) for part in text.split()]
        except ValueError:
            raise forms.ValidationError(
                _("Write days as 2027-02-06, with a space between two of them.")
            ) from None


def _named(holiday: str, label: str) -> dict:
    """What a field of a line is called for those who don't see the line."""
    return {"class": "form-control", "aria-label": f"{holiday} {label}", "autocomplete": "off"}


def _day_field(holiday: str, label: str, day: date) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", **_named(holiday, label)}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, initial=day, widget=widget)


class ArrangementForm(forms.Form):
    """A line for each holiday of the law, or a file; `arrangement` is what came of it."""

    source = forms.CharField(
        label=gettext_lazy("Notice"),
        required=False,
        max_length=LONGEST_SOURCE,
        validators=[require_seen],
        help_text=gettext_lazy(
            "Title and date of the State Council's notice. A file may say it itself."
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a file"),
        required=False,
        help_text=gettext_lazy(
            "JSON with “source” and “exceptions”. The lines above are not looked at then."
        ),
    )

    def __init__(self, *args, year: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.year, self.arrangement = year, None
        self.holidays = list(holidays_of(year).items())
        for number, (name, days) in enumerate(self.holidays):
            self.fields |= {
                f"first_{number}": _day_field(name, _("First day off"), days[0]),
                f"last_{number}": _day_field(name, _("Last day off"), days[-1]),
                f"makeup_{number}": DaysField(
                    label=_("Make-up workdays"),
                    required=False,
                    widget=forms.TextInput(attrs=_named(name, _("Make-up workdays"))),
                ),
            }

    def lines(self):
        """Name of the holiday with its three fields."""
        for number, (name, _days) in enumerate(self.holidays):
            yield name, [self[f"{field}_{number}"] for field in ("first", "last", "makeup")]

    def clean(self):
        given = super().clean()
        if self.errors:
            return given
        try:
            arrangement = (
                self._of_file(given["file"]) if given.get("file") else self._of_lines(given)
            )
        except Unreadable as unreadable:
            raise forms.ValidationError(str(unreadable)) from unreadable
        if wrong := faults(arrangement):
            raise forms.ValidationError(wrong)
        self.arrangement = arrangement
        return given

    def _of_file(self, file) -> Arrangement:
        if file.size > MOST_BYTES:
            raise Unreadable(_("The file is too large for an arrangement."))
        try:
            text = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise Unreadable(_("The file is not text in UTF-8.")) from None
        arrangement = read(text, self.year)
        return Arrangement(
            self.year, self.cleaned_data["source"] or arrangement.source, arrangement.exceptions
        )

    def _of_lines(self, given) -> Arrangement:
        rows = []
        for number, (name, _days) in enumerate(self.holidays):
            first, last = given.get(f"first_{number}"), given.get(f"last_{number}")
            if first or last:
                rows.append(row(CLOSED, first or last, last or first, name))
            rows += [row(MAKEUP, day, None, name) for day in given.get(f"makeup_{number}") or ()]
        return Arrangement(self.year, given["source"].strip(), tuple(rows))


@never_cache
@takes_files(4 * MOST_BYTES)  # so that a file slightly too large is told so by the form
@overseers_only
def page(request, year: int):
    """Write or upload, look at what moves, enter."""
    if not may_enter(request.user):
        raise PermissionDenied
    zone, at = request.user.zone, now()
    if year not in range(localdate(at).year, localdate(at).year + 2) or not holidays_of(year):
        raise Http404
    if request.method != "POST":
        return _show(request, year, ArrangementForm(year=year))
    if "enter" in request.POST:
        return _enter(request, year, zone)
    form = ArrangementForm(request.POST, request.FILES, year=year)
    if not form.is_valid():
        return _show(request, year, form, status=422)
    return _show(request, year, form, **look(zone, form.arrangement, at))


def look(zone: Zone, arrangement: Arrangement, at: datetime) -> dict:
    """What the arrangement would do: its days, and the clocks and bookings that move."""
    calendar = Calendar.objects.get(code=zone.calendar_code)
    rules = calendar_versions.arranged(calendar, arrangement)
    then = followed_by(calendar.pk, rules, at)
    clocks = recalculation.would_move(calendar.pk, then)
    bookings = following.misfits(calendar.code, then)
    numbers = dict(
        Application.objects.filter(
            uid__in=[moved.clock.owner for moved in clocks[:SHOWN]]
        ).values_list("uid", "filing_number")
    )
    named = [
        {
            "number": numbers.get(moved.clock.owner, ""),
            "clock": flow.clock_label(moved.clock.name),
            "before": moved.due_before,
            "after": moved.clock.due_at,
        }
        for moved in clocks[:SHOWN]
    ]
    return {
        "arrangement": arrangement,
        "written": written(arrangement),
        "days": [
            {**row, "count": len(list(days_of(row)))}
            for row in sorted(arrangement.exceptions, key=lambda row: row["date"])
        ],
        "clocks": named,
        "clocks_count": len(clocks),
        "bookings": bookings[:SHOWN],
        "bookings_count": len(bookings),
    }


def _enter(request, year: int, zone: Zone):
    try:
        arrangement = read(request.POST.get("arrangement", ""), year)
        version = calendar_versions.arrange(
            calendar_id=calendar_id(zone.calendar_code), arrangement=arrangement, by=request.user
        )
    except ValueError:
        messages.error(
            request, _("Nothing was entered: the days were incomplete. Write them again.")
        )
        return redirect("supervision:arrangement", year)
    if version is None:
        messages.info(request, _("The calendar has these days already. Nothing was changed."))
        return redirect("supervision:live")
    reckoned, has_more = recalculation.renew_for(MOST_SECONDS)
    messages.success(
        request,
        _(
            "The arrangement of %(year)s is entered and counts from %(at)s on. Running clocks reckoned anew: %(n)s. "
            "Whoever's deadline moves is told."
        )
        % {
            "year": year,
            "at": date_format(localtime(version.in_force_from), "H:i"),
            "n": reckoned,
        },
    )
    if has_more:
        messages.info(request, _("There are more running clocks; they follow within minutes."))
    return redirect("supervision:live")


def _show(request, year: int, form: ArrangementForm, status: int = 200, **more):
    zone = request.user.zone
    before = Calendar.objects.get(code=zone.calendar_code).arrangements.filter(year=year).first()
    context = {"form": form, "year": year, "before": before, **more}
    return render(request, "supervision/arrangement.html", context, status=status)
