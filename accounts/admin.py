"""The administration's one log-in, zones and windows."""

from datetime import date

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.administration import Lines, PortalAdmin
from accounts.models import Role, Window, Zone

admin.site.site_title = admin.site.site_header = _("Administration")
admin.site.index_title = _("What this service is made of")
admin.site.unregister(Group)  # rights follow from the role


def one_log_in(request, extra_context=None):
    """There is one log-in for everybody, with its lock after wrong tries; who isn't an administrator gets 403."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))
    if admin.site.has_permission(request):
        return redirect("admin:index")
    raise PermissionDenied


admin.site.login = one_log_in


KEEPERS = (Role.ADMINISTRATOR, Role.OPERATOR)


class WindowInline(Lines):
    model = Window
    writers = makers = KEEPERS

    def has_delete_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)


class ZoneForm(forms.ModelForm):
    """Refuses settings that clocks and figures couldn't be computed with."""

    class Meta:
        model = Zone
        fields = ["code", "name", "name_en", "authority_name", "region_code", "hall", "phone", "settings"]

    def clean_settings(self):
        settings = self.cleaned_data["settings"] or {}
        if not isinstance(settings, dict):
            raise forms.ValidationError(_("Give an object, such as {}."))
        if wrong := " ".join(key for key, value in settings.items() if key in RIGHT and not RIGHT[key](value)):
            raise forms.ValidationError(_("These settings can't be used as they are: %(keys)s") % {"keys": wrong})
        return settings


def _count(value) -> bool:
    return type(value) is int and value > 0


def _budget(value) -> bool:
    """Minutes, or a list of minutes with the day from which they count."""
    return _count(value) or (isinstance(value, list) and all(map(_dated, value)))


def _dated(row) -> bool:
    try:
        return set(row) == {"from", "minutes"} and _count(row["minutes"]) and bool(date.fromisoformat(row["from"]))
    except (TypeError, ValueError):
        return False


def _grounds(value) -> bool:
    return isinstance(value, list) and all(ground in Zone.DEFAULTS["priority_grounds"] for ground in value)


def _flag(value) -> bool:
    return isinstance(value, bool)


# What must hold of a setting, where more is computed from it than is printed.
RIGHT = {
    "warn_at_percent": lambda value: (
        isinstance(value, list) and len(value) == 2 and all(map(_count, value)) and value[0] < value[1] < 100
    ),
    "budgets": lambda value: isinstance(value, dict) and all(map(_budget, value.values())),
    "review_contact_working_days": _count,
    "seal_set_price_fen": _count,
    "draft_days": _count,
    "draft_reminder_days": _count,
    "breach_answer_minutes": _count,
    "untouched_minutes": _count,
    "most_in_hand": _count,
    "priority_grounds": _grounds,
    "breach_next_level": lambda value: value in (Role.ADMINISTRATOR, Role.SUPERVISOR),
    "deferral_working_days": lambda value: _count(value) and value <= 250,
    "deferral_bar_days": _count,
    "straight_through": _flag,
    "after_audit_percent": lambda value: type(value) is int and 0 <= value <= 100,
    "electronic_goal_percent": lambda value: _count(value) and value <= 100,
    "supervisor_required": _flag,
    "signatures_required": _flag,
    "signing_code_minutes": _count,
    "name_registry": lambda value: isinstance(value, str),
    "name_reserved_months": _count,
    "name_rest_days": lambda value: type(value) is int and value >= 0,
}


@admin.register(Zone)
class ZoneAdmin(PortalAdmin):
    """An administrator's own zone, the operator's every zone. The code names its keys and the region its companies'
    codes: the first never changes, the second is no administrator's."""

    zone_path = "pk"
    writers = KEEPERS
    form = ZoneForm
    list_display = ["title", "code", "region_code", "calendar_code", "authority_name"]
    inlines = [WindowInline]
    readonly_fields = ["code", "calendar_code"]  # what a calendar takes over from another is changed there
    fieldsets = [
        (None, {"fields": ["code", "name", "name_en", "authority_name", "region_code", "calendar_code"]}),
        (_("Contact"), {"fields": ["hall", "phone"]}),
        (_("Settings"), {"fields": ["settings"], "description": _("What this place does otherwise than the default")}),
    ]

    def get_readonly_fields(self, request, obj=None):
        return self.readonly_fields if request.user.is_operator else [*self.readonly_fields, "region_code"]


from accounts import admin_people  # noqa: E402, F401 (its rows stand after the zones)
