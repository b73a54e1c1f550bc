"""Working calendars with the days that differ. Clocks are read only: they follow from what happened."""

from django.contrib import admin, messages
from django.db import transaction
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from kernel.accounts.administration import Lines, PortalAdmin, RecordAdmin
from kernel.accounts.models import Role
from kernel.sla import calendar_versions, recalculation
from kernel.sla.forms import CalendarForm, ClosedDayForm, ExceptionsFormSet, others
from kernel.sla.models import Calendar, CalendarVersion, Clock, ClosedDay, YearArrangement
from kernel.sla.wording import differences, write_hours

MOST_SECONDS = 5  # that an administrator waits for clocks to be reckoned; workers do the rest


KEEPERS = (Role.ADMINISTRATOR, Role.OPERATOR)


class ClosedDayInline(Lines):
    model = ClosedDay
    writers = makers = KEEPERS
    form, formset = ClosedDayForm, ExceptionsFormSet
    extra = 1
    ordering = ["-date"]

    def has_delete_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)


class ArrangementInline(Lines):
    """The years whose official arrangement was entered, on a page of its own."""

    model = YearArrangement
    readers = KEEPERS
    fields = readonly_fields = ("year", "source", "entered_by", "entered_at")


class VersionInline(Lines):
    """What was changed, when and by whom."""

    model = CalendarVersion
    readers = KEEPERS
    fields = readonly_fields = (
        "number",
        "in_force_from",
        "changed",
        "published_by",
        "published_at",
    )
    ordering = ["-number"]

    @admin.display(description=_("what changed"))
    def changed(self, version):
        before = version.calendar.versions.filter(number=version.number - 1).first()
        lines = differences(before.rules, version.rules) if before else [_("As it was at first")]
        return format_html_join("", "<div>{}</div>", ((line,) for line in lines))


@admin.register(Calendar)
class CalendarAdmin(PortalAdmin):
    """The calendar of the administrator's own zone, which no other zone has; the operator's are all of them. A change
    counts from the next whole minute or the one after it, and the deadlines of running clocks move with it."""

    writers = KEEPERS
    zone_path = "code"
    form = CalendarForm
    list_display = ["code", "timezone", "hours_shown", "round_the_clock", "use_public_holidays"]
    inlines = [ClosedDayInline, ArrangementInline, VersionInline]
    readonly_fields = ["code", "timezone"]
    fieldsets = [
        (None, {"fields": ["code", "timezone"]}),
        (
            _("Working time"),
            {
                "fields": ["windows", "round_the_clock", "use_public_holidays"],
                "description": _(
                    "A change counts within two minutes of being saved. Minutes that were used until then stay as they "
                    "were counted; the deadlines of all running clocks are reckoned anew, and the trail of each case "
                    "whose deadline moved says so."
                ),
            },
        ),
    ]

    def get_fieldsets(self, request, obj=None):
        taken = (_("The working time of another calendar"), {"fields": ["like"]})
        return (
            [self.fieldsets[0], taken, *self.fieldsets[1:]]
            if others(obj).exists()
            else self.fieldsets
        )

    def of_zone(self, rows, zone):
        return rows.filter(code=zone.calendar_code)

    def save_model(self, request, obj, form, change):
        calendar_versions.keep_present(obj.pk)
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if other := form.cleaned_data.get("like"):
            calendar_versions.take_over(form.instance, other)
        if version := calendar_versions.publish(calendar_id=form.instance.pk, by=request.user):
            # the clocks, batch after batch, once the change is committed
            transaction.on_commit(lambda: self._reckon(request, version))

    def _reckon(self, request, version):
        reckoned, has_more = recalculation.renew_for(MOST_SECONDS)
        told = {"at": date_format(localtime(version.in_force_from), "H:i"), "n": reckoned}
        messages.success(
            request,
            _("The new working time counts from %(at)s on. Running clocks reckoned anew: %(n)s.")
            % told,
        )
        if has_more:
            messages.info(request, _("There are more running clocks; they follow within minutes."))

    @admin.display(description=_("Office hours"))
    def hours_shown(self, calendar):
        return write_hours(calendar.windows)


@admin.register(Clock)
class ClockAdmin(RecordAdmin):
    """Clocks run by the calendar of their zone, which no other zone has."""

    zone_path = "calendar__code"
    list_display = [
        "name",
        "state",
        "budget_minutes",
        "extension_minutes",
        "started_at",
        "due_at",
        "breached_at",
        "stopped_at",
    ]
    list_filter = ["name", "state"]
    ordering = ["-started_at"]

    def of_zone(self, rows, zone):
        return rows.filter(calendar__code=zone.calendar_code)
