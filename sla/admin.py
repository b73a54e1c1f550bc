"""Working calendars with their closed and make-up days. Clocks are read only: they follow from what happened."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from sla.models import Calendar, Clock, ClosedDay
from sla.worktime import parse_windows, zone_of


class CalendarForm(forms.ModelForm):
    """Refuses windows that the arithmetic of working time couldn't use."""

    class Meta:
        model = Calendar
        fields = ["code", "timezone", "windows", "round_the_clock", "use_public_holidays"]
        labels = {"windows": _("Office hours")}
        help_texts = {"windows": _('Such as [["09:00", "12:00"], ["13:30", "17:00"]], in order and without overlap')}

    def clean_windows(self):
        windows = self.cleaned_data["windows"]
        try:
            parse_windows(windows)
        except (TypeError, ValueError) as error:
            raise forms.ValidationError(_("Give pairs of times in order, without overlap.")) from error
        return windows

    def clean_timezone(self):
        try:
            zone_of(self.cleaned_data["timezone"])
        except ValueError as error:
            raise forms.ValidationError(_("This time zone is not known.")) from error
        return self.cleaned_data["timezone"]


class ClosedDayInline(admin.TabularInline):
    model = ClosedDay
    extra = 1
    ordering = ["-date"]


@admin.register(Calendar)
class CalendarAdmin(admin.ModelAdmin):
    form = CalendarForm
    list_display = ["code", "timezone", "windows", "use_public_holidays"]
    inlines = [ClosedDayInline]

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Clock)
class ClockAdmin(admin.ModelAdmin):
    list_display = [
        "name", "state", "budget_minutes", "extension_minutes", "started_at", "due_at", "breached_at", "stopped_at",
    ]  # fmt: skip
    list_filter = ["name", "state"]
    ordering = ["-started_at"]
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
