from django.contrib import admin

from banking.models import Account, Branch
from registration.web.records import RecordAdmin


@admin.register(Branch)
class BranchAdmin(admin.ModelAdmin):
    list_display = ("code", "name", "zone", "phone", "is_open")
    list_filter = ("zone", "is_open")

    def get_readonly_fields(self, request, obj=None):
        """Accounts, stages and officers name a branch by its code: it stays, and so does the branch; it can be shut."""
        return ("code",) if obj else ()

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Account)
class AccountAdmin(RecordAdmin):
    list_display = ("application", "branch", "meeting", "officer", "opened_at")
    list_select_related = ("application", "branch", "officer")
