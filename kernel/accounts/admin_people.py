"""People in the administration. Personal data is masked; an account is closed, never deleted."""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.accounts import actions, second_step
from kernel.accounts.account_events import AccountEvent
from kernel.accounts.administration import PortalAdmin
from kernel.accounts.models import Role, User, Window, any_of, roles
from kernel.core.privacy import mask_id, mask_name, mask_phone
from kernel.core.words import Words

Kind = AccountEvent.Kind


def entered_by(user: User) -> list[tuple[str, Words]]:
    """The roles that each enters: applicants register by themselves, operators are made on the host."""
    if user.is_operator:
        return [(Role.ADMINISTRATOR.value, str(Role.ADMINISTRATOR.label))]
    return [role for role in roles() if role[0] not in (Role.APPLICANT, Role.OPERATOR)]


def _kinds(changed: Iterable[str], is_active: bool) -> Iterator[AccountEvent.Kind]:
    """What the holder of an account is told of the fields that were changed."""
    if not {"roles", "zone", "unit"}.isdisjoint(changed):
        yield Kind.ROLES
    if "is_active" in changed:
        yield Kind.OPENED if is_active else Kind.SHUT


class OfRole(admin.SimpleListFilter):
    """Who holds a role, alone or among others."""

    title = _("role")
    parameter_name = "role"

    def lookups(self, request, model_admin):
        return roles()

    def queryset(self, request, queryset):
        role = self.value()
        return queryset.filter(any_of((role,))) if role else queryset


class StaffCreationForm(AdminUserCreationForm):
    """A member of staff."""

    class Meta(AdminUserCreationForm.Meta):
        model = User
        fields = ("username", "real_name", "roles")


@admin.register(User)
class UserAdmin(PortalAdmin, StockUserAdmin):
    """An administrator keeps the zone's own people, and sees who has a case there. The operator keeps administrators,
    and closes accounts of applicants. Nobody sets an applicant's password: it would be a way into their cases."""

    zone_path = "zone"
    writers = makers = (Role.ADMINISTRATOR, Role.OPERATOR)
    add_form = StaffCreationForm
    add_form_template = None  # the stock one says what isn't so here
    list_display = ["username_shown", "name_shown", "roles_shown", "window", "unit", "is_active"]
    list_display_links = ["username_shown", "name_shown"]
    list_filter = [OfRole, "is_active"]
    list_select_related = ["window"]
    search_fields = ["username", "real_name"]
    ordering = ["roles", "username"]
    filter_horizontal = []
    actions = ["forget_second_step", "give_enrolment_link"]
    readonly_fields = ["name_shown", "phone_shown", "id_number_shown", "last_login", "date_joined"]

    @admin.action(
        description=_("Have the second step set up anew (phone and recovery codes are lost)"),
        permissions=["second_step"],
    )
    def forget_second_step(self, request, people):
        """Each at the next log-in; it stands in the history of the person."""
        for person in people.exclude(any_of((Role.APPLICANT,))):
            second_step.forget(person)
            self.log_change(request, person, "second step forgotten")
            self._changed(request, person, Kind.STEP_RESET)
            self._give_link(request, person)

    @admin.action(
        description=_("Give a link to set up the second step for the first time"),
        permissions=["second_step"],
    )
    def give_enrolment_link(self, request, people):
        """For who has no device yet; one who has sets another one up alone."""
        for person in people.exclude(any_of((Role.APPLICANT,))):
            if second_step.is_enrolled(person):
                sentence = _("%(person)s has a device already. Have the second step set up anew.")
                self.message_user(request, sentence % {"person": person}, messages.ERROR)
            else:
                self.log_change(request, person, "enrolment link given")
                self._give_link(request, person)

    def has_second_step_permission(self, request):
        """Where the installation asks for none, a link would lead nowhere."""
        return settings.STAFF_MFA and self.has_change_permission(request)

    def _give_link(self, request, person):
        """Shown to the administrator alone and once; of the link a digest is kept."""
        link = request.build_absolute_uri(second_step.enrolment_link(person))
        sentence = _("Give this link to %(person)s. It is good once, for three days: %(link)s")
        self.message_user(request, sentence % {"person": person, "link": link})

    # Who is seen and changed ------------------------------------------------------------------------------------------

    def get_queryset(self, request):
        people = super().get_queryset(request)
        if request.user.is_operator:
            return people.filter(any_of((Role.ADMINISTRATOR, Role.APPLICANT)))
        return people

    def of_zone(self, rows, zone):
        filed = User.objects.holding(Role.APPLICANT).filter(
            applications__zone=zone, applications__submitted_at__isnull=False
        )
        return rows.filter(Q(zone=zone) | Q(pk__in=filed.values("pk")))

    def has_change_permission(self, request, obj=None):
        """An applicant may have cases in several zones, so closing the account is no zone's."""
        mine = obj is None or obj.is_staff_member or request.user.is_operator
        return mine and super().has_change_permission(request, obj)

    def user_change_password(self, request, id, form_url=""):
        person = self.get_object(request, unquote(id))
        if person is None or not person.is_staff_member:
            raise PermissionDenied
        before = person.password
        with transaction.atomic():
            response = super().user_change_password(request, id, form_url)
            person.refresh_from_db(fields=["password"])
            if person.password != before:
                self._changed(request, person, Kind.PASSWORD_SET)
        return response

    def _changed(self, request, person, kind: AccountEvent.Kind) -> None:
        """Who changes their own account stays logged in here, or would never read what came of it."""
        here = request.session.session_key
        actions.changed_by_administration(account=person, kind=kind, by=request.user, but=here)

    # Forms -----------------------------------------------------------------------------------------------------------

    def get_fieldsets(self, request, obj=None):
        place = ["zone"] if request.user.is_operator else ["window", "unit"]
        history = (_("History"), {"fields": ["last_login", "date_joined"]})
        if obj is None:
            password = (_("Password"), {"fields": ["usable_password", "password1", "password2"]})
            return [
                (None, {"fields": ["username", "real_name", "roles", *place, "email"]}),
                password,
            ]
        if obj.is_staff_member:
            who = ["username", "password", "real_name", "roles", *place, "email", "is_active"]
            return [(None, {"fields": who}), history]
        return [
            (None, {"fields": ["name_shown", "phone_shown", "id_number_shown", "is_active"]}),
            history,
        ]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "window":
            kwargs["queryset"] = Window.objects.filter(zone_id=request.user.zone_id)
        if db_field.name == "zone":
            kwargs["required"] = True
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "roles":
            return db_field.formfield(
                choices=entered_by(request.user),
                initial=(),
                help_text=_(
                    "Somebody may work at several desks and moves between them with one key. Supervisor, administrator "
                    "and auditor are held alone."
                ),
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        """Staff belong to the zone of whoever enters them, or that the operator chose. No role is a superuser."""
        if obj.is_staff_member:
            obj.zone_id = obj.zone_id or request.user.zone_id
        obj.is_staff, obj.is_superuser = obj.holds(Role.ADMINISTRATOR), False
        super().save_model(request, obj, form, change)
        if change:
            for kind in _kinds(form.changed_data, obj.is_active):
                self._changed(request, obj, kind)
        if not change and second_step.asked_of(obj):
            self._give_link(request, obj)

    # Columns ---------------------------------------------------------------------------------------------------------

    @admin.display(description=_("user name"), ordering="username")
    def username_shown(self, user):
        return user.username if user.is_staff_member else mask_phone(user.phone)

    @admin.display(description=_("roles"), ordering="roles")
    def roles_shown(self, user):
        return user.roles_label

    @admin.display(description=_("real name"))
    def name_shown(self, user):
        return user.real_name if user.is_staff_member else mask_name(user.real_name)

    @admin.display(description=_("mobile phone"))
    def phone_shown(self, user):
        return mask_phone(user.phone)

    @admin.display(description=_("ID number"))
    def id_number_shown(self, user):
        return mask_id(user.id_number)
