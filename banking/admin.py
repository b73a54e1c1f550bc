from django.contrib import admin

from banking.models import Account, Branch
from registration.web.records import RecordAdmin


@admin.register(Branch)
class BranchAdmin(admin.ModelAdmin):
    list_display = ("code", "name", "zone", "phone", "is_open")
    list_filter = ("zone", "is_open")


@admin.register(Account)
class AccountAdmin(RecordAdmin):
    list_display = ("application", "branch", "meeting", "officer", "opened_at")
    list_select_related = ("application", "branch", "officer")
