"""The diaries of units with their own closed days, and who has booked. Bookings are read only: actions write them."""

from django import forms
from django.contrib import admin
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.accounts.administration import Lines, PortalAdmin, RecordAdmin
from kernel.accounts.models import Role
from kernel.bookings.models import Booking, BookingEvent, Closure, Diary, Way
from kernel.sla.forms import HoursField
from kernel.sla.wording import write_hours


class DiaryForm(forms.ModelForm):
    windows = HoursField(
        label=pgettext_lazy("diary", "hours"),
        required=False,
        widget=forms.TextInput(attrs={"size": 50}),
        help_text=_("Such as 09:00-12:00, 13:30-17:00; empty for the hours of the office."),
    )
    ways = forms.MultipleChoiceField(
        label=_("ways of meeting"), choices=Way.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Diary
        fields = (
            "service",
            "unit",
            "is_open",
            "windows",
            "after_hours",
            "only_on",
            "slot_minutes",
            "places",
            "ways",
            "days_ahead",
        )
        help_texts = {
            "after_hours": _(
                "Otherwise its hours count only within the working time of the zone's calendar."
            ),
            "only_on": _(
                "Empty: on every workday. A day given here is open whatever the calendar says."
            ),
            "places": _("Counters and video seats together."),
        }

    def clean(self):
        super().clean()
        given = self.cleaned_data
        if given.get("after_hours") and not given.get("windows"):
            self.add_error("windows", _("Write the hours outside the office's."))
        return given


class ClosureForm(forms.ModelForm):
    def clean(self):
        super().clean()
        given = self.cleaned_data
        first, last = given.get("date"), given.get("until")
        if first and last and last < first:
            self.add_error("until", _("The last day comes after the first one."))
        return given


class ClosureInline(Lines):
    model = Closure
    form = ClosureForm
    writers = makers = (Role.ADMINISTRATOR,)
    extra = 1

    def has_delete_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)


@admin.register(Diary)
class DiaryAdmin(PortalAdmin):
    """The diaries of the administrator's zone. A change counts at once; whoever has booked a time that is no longer
    offered is moved to the next free one by the next sweep, and told."""

    zone_path = "zone"
    writers = makers = (Role.ADMINISTRATOR,)
    form = DiaryForm
    fields = DiaryForm.Meta.fields  # what stays, once it was made, stands first all the same
    inlines = [ClosureInline]
    list_display = ["service", "unit", "hours_shown", "slot_minutes", "places", "is_open"]
    list_filter = ["service", "is_open"]

    def get_readonly_fields(self, request, obj=None):
        return ("service", "unit") if obj else ()

    def save_model(self, request, obj, form, change):
        if change:
            obj.version = F("version") + 1  # bookings of the version before are compared anew
        else:
            obj.zone = request.user.zone
        super().save_model(request, obj, form, change)

    @admin.display(description=pgettext_lazy("diary", "hours"))
    def hours_shown(self, diary):
        return write_hours(diary.windows) or _("As the office")


class EventInline(Lines):
    model = BookingEvent
    fields = readonly_fields = ("kind", "at", "actor")


@admin.register(Booking)
class BookingAdmin(RecordAdmin):
    zone_path = "diary__zone"
    list_display = ["begins_at", "diary", "reference", "way", "place", "state"]
    list_filter = ["state", "way"]
    list_select_related = ["diary"]
    date_hierarchy = "begins_at"
    ordering = ["-begins_at"]
    exclude = ["owner", "plan_version", "reminded"]
    inlines = [EventInline]
