"""Zones, windows and people. Personal data is masked; an account is closed, never deleted."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import authorities, second_step
from accounts.models import Role, User, Window, Zone
from accounts.privacy import mask_id, mask_name, mask_phone

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


class WindowInline(admin.TabularInline):
    model = Window
    extra = 0


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
    **dict.fromkeys(authorities.NAMED, authorities.is_name),
}


@admin.register(Zone)
class ZoneAdmin(admin.ModelAdmin):
    form = ZoneForm
    list_display = ["title", "code", "region_code", "calendar_code", "authority_name"]
    inlines = [WindowInline]
    readonly_fields = ["calendar_code"]  # its own; what it takes over from another is changed there (sla.admin)
    fieldsets = [
        (None, {"fields": ["code", "name", "name_en", "authority_name", "region_code", "calendar_code"]}),
        (_("Contact"), {"fields": ["hall", "phone"]}),
        (_("Settings"), {"fields": ["settings"], "description": _("What this place does otherwise than the default")}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(pk=request.user.zone_id)

    def save_model(self, request, zone, form, change):
        """Whoever saves a zone is told which desks can't issue their papers yet."""
        super().save_model(request, zone, form, change)
        for sentence in authorities.unnamed(zone):
            self.message_user(request, sentence, messages.WARNING)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class StaffCreationForm(AdminUserCreationForm):
    """A member of staff; applicants register by themselves."""

    role = forms.ChoiceField(
        label=_("Role"), choices=[choice for choice in Role.choices if choice[0] != Role.APPLICANT]
    )

    class Meta(AdminUserCreationForm.Meta):
        model = User
        fields = ["username", "real_name", "role"]


@dataclass(frozen=True)
class Masked:
    """An applicant as the headings of the pages name them."""

    pk: int
    name: str

    def __str__(self):
        return self.name


@admin.register(User)
class UserAdmin(StockUserAdmin):
    add_form = StaffCreationForm
    add_form_template = None  # the stock one says what isn't so here
    list_display = ["username_shown", "name_shown", "role", "window", "unit", "is_active"]
    list_display_links = ["username_shown", "name_shown"]
    list_filter = ["role", "is_active"]
    list_select_related = ["window"]
    search_fields = ["username", "real_name"]
    ordering = ["role", "username"]
    filter_horizontal = []
    actions = ["forget_second_step"]
    readonly_fields = ["name_shown", "phone_shown", "id_number_shown", "last_login", "date_joined"]
    add_fieldsets = [
        (None, {"fields": ["username", "real_name", "role", "window", "unit", "email"]}),
        (_("Password"), {"fields": ["usable_password", "password1", "password2"]}),
    ]
    staff_fieldsets = [
        (None, {"fields": ["username", "password", "real_name", "role", "window", "unit", "email", "is_active"]}),
        (_("History"), {"fields": ["last_login", "date_joined"]}),
    ]
    applicant_fieldsets = [
        (None, {"fields": ["name_shown", "phone_shown", "id_number_shown", "is_active"]}),
        (_("History"), {"fields": ["last_login", "date_joined"]}),
    ]

    def action_checkbox(self, user):
        """Its label is read aloud, and names the row."""
        return super().action_checkbox(user if user.is_staff_member else Masked(user.pk, mask_name(user.real_name)))

    @admin.action(description=_("Have the second step set up anew (phone and recovery codes are lost)"))
    def forget_second_step(self, request, people):
        """Each at the next log-in; it stands in the history of the person."""
        for person in people.exclude(role=Role.APPLICANT):
            second_step.forget(person)
            self.log_change(request, person, "second step forgotten")
        self.message_user(request, _("At their next log-in they set up the second step anew."))

    def get_queryset(self, request):
        """The zone's own people, and applicants, who belong to no zone."""
        people = super().get_queryset(request)
        return people.filter(zone_id=request.user.zone_id) | people.filter(role=Role.APPLICANT)

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return self.add_fieldsets
        return self.staff_fieldsets if obj.is_staff_member else self.applicant_fieldsets

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "window":
            kwargs["queryset"] = Window.objects.filter(zone_id=request.user.zone_id)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "role":
            kwargs["choices"] = [choice for choice in Role.choices if choice[0] != Role.APPLICANT]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj and not obj.is_staff_member:
            context["original"] = context["subtitle"] = Masked(obj.pk, mask_name(obj.real_name))
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def save_model(self, request, obj, form, change):
        """Staff belong to the zone of whoever enters them; the administration is open to administrators alone."""
        if obj.is_staff_member:
            obj.zone_id = obj.zone_id or request.user.zone_id
        obj.is_staff = obj.is_superuser = obj.role == Role.ADMINISTRATOR
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("user name"), ordering="username")
    def username_shown(self, user):
        return user.username if user.is_staff_member else mask_phone(user.phone)

    @admin.display(description=_("real name"))
    def name_shown(self, user):
        return user.real_name if user.is_staff_member else mask_name(user.real_name)

    @admin.display(description=_("mobile phone"))
    def phone_shown(self, user):
        return mask_phone(user.phone)

    @admin.display(description=_("ID number"))
    def id_number_shown(self, user):
        return mask_id(user.id_number)
