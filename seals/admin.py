from django.contrib import admin

from registration.web.records import RecordAdmin
from seals.models import Seal, SealOrder, Subsidy


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
    list_display = ("serial", "application", "captured_at", "delivery", "delivered_at")
    list_select_related = ("application",)
    inlines = [SealLines]


@admin.register(Subsidy)
class SubsidyAdmin(RecordAdmin):
    list_display = ("order", "amount_fen", "granted_at")
    date_hierarchy = "granted_at"
