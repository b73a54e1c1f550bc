"""People in the administration. Personal data is masked; an account is closed, never deleted."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from kernel.accounts import actions, powerful, second_step
from kernel.accounts.account_events import AccountEvent, record
from kernel.accounts.admin_people_forms import NewStaffForm, ReasonForm, StaffForm
from kernel.accounts.administration import PortalAdmin
from kernel.accounts.models import Role, User, Window, any_of, roles
from kernel.core.errors import Refused
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


@admin.register(User)
class UserAdmin(PortalAdmin, StockUserAdmin):
    """An administrator keeps the zone's own people, and sees who has a case there. The operator keeps administrators,
    and closes accounts of applicants. Nobody sets anybody's password: its holder chooses it, by a link. Who is to watch
    others, and whose account is to be opened anew, is asked for here and agreed to by a second person."""

    zone_path = "zone"
    writers = makers = (Role.ADMINISTRATOR, Role.OPERATOR)
    form, add_form = StaffForm, NewStaffForm
    change_password_form = None
    add_form_template = None  # the stock one says what isn't so here
    list_display = ["username_shown", "name_shown", "roles_shown", "window", "unit", "is_active"]
    list_display_links = ["username_shown", "name_shown"]
    list_filter = [OfRole, "is_active"]
    list_select_related = ["window"]
    search_fields = ["username", "real_name"]
    ordering = ["roles", "username"]
    filter_horizontal = []
    actions = ["ask_to_reset", "give_link"]
    readonly_fields = ["name_shown", "phone_shown", "id_number_shown", "last_login", "date_joined"]

    @admin.action(
        description=_("Ask to have password and second step set anew (a second person agrees)"),
        permissions=["change"],
    )
    def ask_to_reset(self, request, people):
        """With a reason, on a page of its own."""
        people = [person for person in people if powerful.may_keep(request.user, person)]
        form = ReasonForm(request.POST if "reason" in request.POST else None, request=request)
        if not form.is_valid():
            return self._reason_page(request, form, people)
        for person in people:
            reason = form.cleaned_data["reason"]
            try:
                powerful.ask_to_reset(actor=request.user, person=person, reason=reason)
            except Refused as refused:
                self.message_user(request, f"{person}: {refused}", messages.ERROR)
            else:
                self.log_change(request, person, "reset asked for")
                self.message_user(
                    request, _("%(person)s: it waits for a second person.") % {"person": person}
                )
        return redirect("admin:accounts_user_changelist")

    def _reason_page(self, request, form, people):
        context = {
            **self.admin_site.each_context(request),
            "title": _("Have password and second step set anew"),
            "opts": self.opts,
            "people": people,
            "form": form,
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "admin/accounts/reset.html", context, status=status)

    @admin.action(description=_("Give a link to set up the account"), permissions=["change"])
    def give_link(self, request, people):
        """For who has no password, and for who has no device where one is asked for: neither opens an account that its
        holder has opened already."""
        for person in people:
            lacks_device = settings.STAFF_MFA and not second_step.is_enrolled(person)
            if not powerful.may_keep(request.user, person):
                continue
            if person.has_usable_password() and not lacks_device:
                sentence = _(
                    "%(person)s can log in. Ask to have password and second step set anew."
                )
                self.message_user(request, sentence % {"person": person}, messages.ERROR)
            else:
                self._give_link(request, person)

    def _give_link(self, request, person):
        """Shown to the administrator alone and once; of the link a digest is kept, and its holder reads who gave it."""
        link = request.build_absolute_uri(second_step.enrolment_link(person, request.user))
        self.log_change(request, person, "link given")
        record(person, Kind.LINK, request.user)
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
        """Its address is stock; nobody types somebody else's password."""
        raise PermissionDenied

    def _changed(self, request, person, kind: AccountEvent.Kind) -> None:
        """Who changes their own account stays logged in here, or would never read what came of it."""
        here = request.session.session_key
        actions.changed_by_administration(account=person, kind=kind, by=request.user, but=here)

    # Forms -----------------------------------------------------------------------------------------------------------

    def get_fieldsets(self, request, obj=None):
        place = ["zone"] if request.user.is_operator else ["window", "unit"]
        history = (_("History"), {"fields": ["last_login", "date_joined"]})
        two = (_("Four eyes"), {"fields": ["reason"]})
        if obj is None:
            return [(None, {"fields": ["username", "real_name", "roles", *place, "email"]}), two]
        if obj.is_staff_member:
            who = ["username", "real_name", "roles", *place, "email", "is_active"]
            return [(None, {"fields": who}), two, history]
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

    def get_form(self, request, obj=None, change=False, **kwargs):
        """The form asks who fills it in: their own roles are not theirs, and a fresh second step may be needed."""
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.request = request
        return form

    def save_model(self, request, obj, form, change):
        """Staff belong to the zone of whoever enters them, or that the operator chose. No role is a superuser. What
        needs a second person stays as it is until one agrees."""
        if obj.is_staff_member:
            obj.zone_id = obj.zone_id or request.user.zone_id
        before, after = form.before, powerful.standing(obj)
        waits = powerful.needs_two(before, after)
        if waits:
            held = before if change else after
            obj.roles, obj.zone_id, obj.is_active = tuple(held.roles), held.zone, False
            if change:
                obj.is_active = before.is_active
        obj.is_staff, obj.is_superuser = obj.holds(Role.ADMINISTRATOR), False
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if waits:
            self._ask_for_power(request, obj, after, form.cleaned_data["reason"])
        elif change:
            for kind in _kinds(form.changed_data, obj.is_active):
                self._changed(request, obj, kind)
        else:
            self._give_link(request, obj)

    def _ask_for_power(self, request, person, after, reason):
        try:
            powerful.ask_for_power(actor=request.user, person=person, after=after, reason=reason)
        except Refused as refused:
            self.message_user(request, str(refused), messages.ERROR)
        else:
            sentence = _(
                "%(person)s: it waits for a second person. Until then nothing of it counts."
            )
            self.message_user(request, sentence % {"person": person}, messages.WARNING)

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
