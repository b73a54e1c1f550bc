"""The evenings that a zone would open, and the work cards of who visits people. Requests are read only: actions write
them; what is personal of them isn't shown here."""

from django import forms
from django.contrib import admin
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from kernel.accounts.administration import Lines, PortalAdmin, RecordAdmin
from kernel.accounts.models import Role
from kernel.core.moment import now
from services.booked.models import ServiceEvent, ServiceRequest, Session, StaffCard


class SessionForm(forms.ModelForm):
    class Meta:
        model = Session
        fields = ("date", "opens", "closes", "slot_minutes", "places")

    def clean(self):
        super().clean()
        given = self.cleaned_data
        if given.get("date") and given["date"] <= localdate(now()):
            self.add_error("date", _("Choose a day that lies ahead."))
        if given.get("opens") and given.get("closes") and given["closes"] <= given["opens"]:
            self.add_error("closes", _("It closes after it opens."))
        return given


@admin.register(Session)
class SessionAdmin(PortalAdmin):
    """The administrator proposes an evening; people register their wishes, and the supervisor opens it."""

    zone_path = "zone"
    writers = makers = (Role.ADMINISTRATOR,)
    form = SessionForm
    list_display = ["date", "opens", "closes", "places", "state"]
    list_filter = ["state"]

    def has_change_permission(self, request, obj=None):
        is_counted = obj is None or obj.state == Session.State.COUNTED
        return super().has_change_permission(request, obj) and is_counted

    def save_model(self, request, obj, form, change):
        if not change:
            obj.zone = request.user.zone
        super().save_model(request, obj, form, change)


@admin.register(StaffCard)
class StaffCardAdmin(PortalAdmin):
    zone_path = "person__zone"
    writers = makers = (Role.ADMINISTRATOR,)
    fields = ("person", "number")
    list_display = ["person", "number"]
    list_select_related = ["person"]


class EventInline(Lines):
    model = ServiceEvent
    fields = readonly_fields = ("kind", "at", "actor")


@admin.register(ServiceRequest)
class ServiceRequestAdmin(RecordAdmin):
    zone_path = "zone"
    list_display = ["number", "kind", "state", "begins_at", "outcome"]
    list_filter = ["state"]
    date_hierarchy = "asked_at"
    fields = (
        "number",
        "kind",
        "state",
        "asked_at",
        "begins_at",
        "decide_by",
        "ended_at",
        "outcome",
    )
    inlines = [EventInline]
