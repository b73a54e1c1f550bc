from django.contrib import admin

from registration.web.records import RecordAdmin
from seals.models import Seal, SealOrder


class SealLines(admin.TabularInline):
    model = Seal
    can_delete = False
    extra = 0

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(SealOrder)
class SealOrderAdmin(RecordAdmin):
    list_display = ("serial", "application", "captured_at", "delivery", "delivered_at", "subsidy_fen")
    date_hierarchy = "delivered_at"
    list_select_related = ("application",)
    inlines = [SealLines]
