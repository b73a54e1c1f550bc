"""The administration's one log-in, zones and windows."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel.accounts import authorities, loosening, zone_form, zone_settings
from kernel.accounts.administration import Lines, PortalAdmin
from kernel.accounts.models import Role, Window, Zone
from kernel.core import requested
from kernel.core.errors import Refused

admin.site.site_title = admin.site.site_header = _("Administration")
admin.site.index_title = _("What this service is made of")
admin.site.unregister(Group)  # rights follow from the role


def one_log_in(request, extra_context=None):
    """There is one log-in for everybody, with its lock after wrong tries; who isn't an administrator gets 403."""
    if not request.user.is_authenticated:
        return redirect_to_login(requested.onward(request) or reverse("admin:index"))
    if admin.site.has_permission(request):
        return redirect("admin:index")
    raise PermissionDenied


admin.site.login = one_log_in  # type: ignore[method-assign]  # Django documents no other way to one log-in


KEEPERS = (Role.ADMINISTRATOR, Role.OPERATOR)


class WindowInline(Lines):
    model = Window
    writers = makers = KEEPERS

    def has_delete_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)


@admin.register(Zone)
class ZoneAdmin(PortalAdmin):
    """An administrator's own zone, the operator's every zone. The code names its keys and the region its companies'
    codes: the first never changes, the second is no administrator's."""

    zone_path = "pk"
    writers = KEEPERS
    form = zone_form.ZoneForm
    list_display = ["title", "code", "region_code", "calendar_code", "authority_name"]
    inlines = [WindowInline]
    # Its signing keys, addresses and what it exports are found by its code; the calendar is its own, and what that
    # takes over from another is changed there (kernel.sla.admin).
    readonly_fields = ["code", "calendar_code"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "code",
                    "name",
                    "name_en",
                    "authority_name",
                    "region_code",
                    "calendar_code",
                ]
            },
        ),
        (_("Contact"), {"fields": ["hall", "phone"]}),
    ]

    def get_fieldsets(self, request, obj=None):
        two = (_("Four eyes"), {"fields": ["reason"]})
        return [*self.fieldsets, *zone_form.fieldsets(), two] if obj else self.fieldsets

    def get_form(self, request, obj=None, change=False, **kwargs):
        """The fields of the settings are the form's own and no columns."""
        form: Any = super().get_form(
            request, obj, change, **{**kwargs, "fields": self._columns(request, obj)}
        )
        form.request = request
        return form

    def _columns(self, request, obj) -> list[str]:
        fixed = self.get_readonly_fields(request, obj)
        return [
            str(name)
            for _title, part in self.fieldsets
            for name in part["fields"]
            if name not in fixed
        ]

    def get_readonly_fields(self, request, obj=None):
        return (
            self.readonly_fields
            if request.user.is_operator
            else [*self.readonly_fields, "region_code"]
        )

    def save_model(self, request, zone, form, change):
        """Whoever saves a zone is told which desks can't issue their papers yet."""
        super().save_model(request, zone, form, change)
        if form.held:
            self._ask(request, zone, form)
        for sentence in authorities.unnamed(zone):
            self.message_user(request, sentence, messages.WARNING)

    def _ask(self, request, zone, form):
        """What only two persons change waits for the second."""
        try:
            loosening.ask(
                actor=request.user, zone=zone, changes=form.held, reason=form.cleaned_data["reason"]
            )
        except Refused as refused:
            self.message_user(request, str(refused), messages.ERROR)
        else:
            names = [str(zone_settings.setting(name).label) for name in form.held]
            sentence = _("It waits for a second person and stays as it was until then: %(what)s")
            self.message_user(request, sentence % {"what": "; ".join(names)}, messages.WARNING)


from kernel.accounts import admin_people  # noqa: E402, F401 (its rows stand after the zones)
