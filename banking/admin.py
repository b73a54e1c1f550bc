from django.contrib import admin

from banking.models import Account, Branch
from kernel.accounts.administration import PortalAdmin
from kernel.accounts.models import Role
from kernel.cases.admin_base import OfACase


@admin.register(Branch)
class BranchAdmin(PortalAdmin):
    """The branches of the administrator's zone. Officers, stages and accounts know a branch by its code, so that stays;
    one that takes no more companies is closed, not deleted."""

    zone_path = "zone"
    writers = makers = (Role.ADMINISTRATOR,)
    list_display = ("code", "name", "phone", "is_open")
    list_filter = ("is_open",)
    exclude = ("zone",)

    def get_readonly_fields(self, request, obj=None):
        return ("code",) if obj else ()

    def save_model(self, request, obj, form, change):
        if not change:
            obj.zone = request.user.zone
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Account)
class AccountAdmin(OfACase):
    list_display = ("application", "branch", "meeting", "officer", "opened_at")
    list_select_related = ("application", "branch", "officer")
