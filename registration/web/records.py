"""Rows that actions wrote, in the administration: to be read, never changed there."""

from django.contrib import admin


class RecordAdmin(admin.ModelAdmin):
    """Looks, and nothing else."""

    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
