"""Tickets, openings of windows and ticket machines, to be read: actions write them."""

from django.contrib import admin

from kernel.accounts.administration import Lines, RecordAdmin
from services.hall.models import Kiosk, Ticket, TicketEvent, WindowSession


class EventInline(Lines):
    model = TicketEvent
    fields = readonly_fields = ("kind", "at", "actor")


@admin.register(Ticket)
class TicketAdmin(RecordAdmin):
    zone_path = "zone"
    list_display = ["day", "label", "state", "how", "window", "taken_at", "called_at", "ended_at"]
    list_filter = ["lane", "state", "how"]
    list_select_related = ["window"]
    date_hierarchy = "day"
    ordering = ["-day", "-taken_at"]
    exclude = ["phone", "called_for", "became_uid"]
    inlines = [EventInline]


@admin.register(WindowSession)
class WindowSessionAdmin(RecordAdmin):
    zone_path = "window__zone"
    list_display = ["at", "window", "state", "lanes", "by"]
    list_filter = ["state"]
    date_hierarchy = "day"
    ordering = ["-at"]


@admin.register(Kiosk)
class KioskAdmin(RecordAdmin):
    zone_path = "zone"
    list_display = ["place", "made_at", "made_by", "set_up_at", "ended_at"]
