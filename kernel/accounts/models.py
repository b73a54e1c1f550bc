"""Zones, their windows, and the people who work at them or file with them."""

import uuid
from collections.abc import Iterable
from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kernel.accounts import zone_settings
from kernel.accounts.account_events import AccountEvent
from kernel.accounts.account_session import AccountSession
from kernel.accounts.devices import Authenticator, RecoveryCodes
from kernel.accounts.log_in_records import LogInRecord
from kernel.accounts.one_time_codes import OneTimeCode
from kernel.accounts.presences import Presence
from kernel.accounts.proposals import Proposal
from kernel.accounts.tries import Tries
from kernel.accounts.unsent import Unsent
from kernel.core import departments
from kernel.core.fields import CodesField, EncryptedTextField, NamedField
from kernel.core.privacy import blind_index, mask_name
from kernel.core.words import Words

__all__ = [
    "AccountEvent",
    "AccountSession",
    "Authenticator",
    "LogInRecord",
    "OneTimeCode",
    "People",
    "Presence",
    "Proposal",
    "RecoveryCodes",
    "Role",
    "Tries",
    "Unsent",
    "User",
    "Window",
    "Zone",
    "any_of",
    "require_combinable",
    "role_label",
    "roles",
    "roles_label",
]


class Role(models.TextChoices):
    """The roles that are nobody's but the kernel's; those of officers are their departments' (`roles`)."""

    APPLICANT = "applicant", _("Applicant")
    HELPER = "helper", _("Helper at the counter")
    SUPERVISOR = "supervisor", _("Supervisor")
    ADMINISTRATOR = "administrator", _("Administrator")
    AUDITOR = "auditor", _("Auditor")
    OPERATOR = "operator", _("Operator")


def roles() -> list[tuple[str, Words]]:
    """Every role there is with its label: the applicant, the officers in the order of the flow, the others."""
    applicant, *others = Role.choices
    officers: list[tuple[str, Words]] = [
        (department.role, department.role_label) for department in departments.departments()
    ]
    return [applicant, *officers, *others]


def role_label(role: str) -> str:
    """What people call it; a role that no department has any more stands for itself."""
    return str(dict(roles()).get(role, role))


def roles_label(held: Iterable[str]) -> str:
    """Several as people call them, one after another."""
    return str(_("; ")).join(map(role_label, held))


def require_combinable(held: Iterable[str]) -> None:
    """Somebody may work at several desks; a role of the kernel's is held alone. Raises ValidationError."""
    held = tuple(held)
    if len(held) > 1 and (alone := [role for role in held if role in Role.values]):
        raise ValidationError(
            _("%(role)s can't be combined with another role: choose it alone, or only desks."),
            code="combined",
            params={"role": role_label(alone[0])},
        )


class Zone(models.Model):
    """The administrative zone that runs the service; every case and every member of staff belongs to one.

    `settings` holds what a place has set otherwise (`zone_settings`; read by `setting`); `region_code` is the
    six-digit code that its USCCs carry. The working calendar is the zone's own: nobody else's clocks move with it.
    """

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80)
    authority_name = models.CharField(_("registration authority"), max_length=60)
    region_code = models.CharField(_("region code"), max_length=6)
    calendar_code = models.SlugField(_("working calendar"), unique=True)
    phone = models.CharField(_("enquiries"), max_length=30, blank=True)
    hall = models.CharField(_("address of the hall"), max_length=120, blank=True)
    settings = models.JSONField(_("settings"), default=dict, blank=True)

    class Meta:
        verbose_name = _("zone")
        verbose_name_plural = _("zones")

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        """Raises WrongSettings for settings that nobody reads, or that nothing could be computed with."""
        zone_settings.require(self.settings)
        super().save(*args, **kwargs)

    @property
    def title(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name

    def setting(self, name: str):
        """The zone's own value, else the product's default. Raises KeyError for a setting that nobody registered."""
        return zone_settings.in_force(self.settings, name, self)


class Window(models.Model):
    zone = models.ForeignKey(Zone, models.CASCADE, related_name="windows", verbose_name=_("zone"))
    number = models.PositiveSmallIntegerField(_("number"))
    department = NamedField(_("department"), max_length=20, choices=departments.choices)
    title = models.CharField(_("title"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("window")
        verbose_name_plural = _("windows")
        ordering = ["zone", "number"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "number"], name="one_window_a_number")
        ]

    def __str__(self):
        return _("Window %(number)s") % {"number": self.number}


def any_of(roles: Iterable[str]) -> models.Q:
    """One of these roles, at least, is held."""
    held = (models.Q(roles__contains=f" {role} ") for role in roles)
    return models.Q(*held, _connector=models.Q.OR)


class PeopleQuerySet(models.QuerySet):
    def holding(self, *roles: str):
        """Who holds any of these roles."""
        return self.filter(any_of(roles))


class People(UserManager.from_queryset(PeopleQuerySet)):  # type: ignore[misc]  # as Django has it
    """As Django's, but whoever is made on the command line of the host is the operator: nobody is a superuser."""

    use_in_migrations = False

    def create_superuser(self, username, email=None, password=None, **fields):
        return self.create_user(
            username, email, password, **fields, roles=(Role.OPERATOR,), is_staff=True
        )


class User(AbstractUser):  # type: ignore[django-manager-missing]  # django-otp comes without types
    """Anybody who logs in.

    `roles` are those of the desks that somebody works at, or one of the kernel's alone. Whoever has several acts in one
    at a time (`role`): the door of a desk says which. `unit` narrows an officer to one bank branch or engraver (its
    code), empty is all. What of an applicant was proved, and what that opens: `kernel.accounts.proofs`.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    real_name = models.CharField(_("real name"), max_length=60)
    roles = CodesField(
        _("roles"),
        max_length=200,
        choices=roles,
        default=(Role.APPLICANT.value,),
        validators=[require_combinable],
    )
    zone = models.ForeignKey(Zone, models.PROTECT, null=True, blank=True, verbose_name=_("zone"))
    window = models.ForeignKey(
        Window, models.SET_NULL, null=True, blank=True, verbose_name=_("window")
    )
    unit = models.CharField(_("branch or engraver"), max_length=30, blank=True)
    phone = EncryptedTextField(_("mobile phone"), blank=True, default="")
    id_number = EncryptedTextField(_("ID number"), blank=True, default="")
    phone_index = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001 (NULL: none)
    id_index = models.CharField(
        max_length=64, blank=True, default="", db_index=True, editable=False
    )
    phone_proved_at = models.DateTimeField(_("mobile phone proved"), null=True, editable=False)
    name_proved_at = models.DateTimeField(_("name proved"), null=True, editable=False)

    objects: ClassVar[People] = People()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(roles__in=[(role,) for role in Role.values])
                | (
                    models.Q(roles__startswith=" ", roles__endswith=" ")
                    & ~(any_of(Role.values) | models.Q(roles=()))
                ),
                name="roles_of_the_kernel_are_held_alone",
            ),
            models.UniqueConstraint(
                fields=["id_index"],
                condition=models.Q(name_proved_at__isnull=False) & ~models.Q(id_index=""),
                name="one_account_a_person",
            ),
        ]

    def __str__(self):
        """Staff by their name. This is what lists, headings and histories print unasked, so applicants are masked."""
        return (
            self.real_name if self.is_staff_member else mask_name(self.real_name)
        ) or self.username

    def save(self, *args, **kwargs):
        """Raises ValidationError for roles that nobody may hold together."""
        require_combinable(self.roles)
        self.phone_index = blind_index(self.phone) or None
        self.id_index = blind_index(self.id_number)
        super().save(*args, **kwargs)

    # Roles -----------------------------------------------------------------------------------------------------------

    _desk: str | None = None  # the department at whose door this person has come in

    def holds(self, *roles: str) -> bool:
        """Whether any of these is among the person's roles."""
        return any(role in self.roles for role in roles)

    def sit_at(self, department: str) -> bool:
        """From now on this object acts for that department alone; False where the person is none of its officers."""
        if department in self.desks:
            self._desk = department
        return self._desk == department

    @property
    def desks(self) -> tuple[str, ...]:
        """The codes of all departments whose officer this is, in the order of the flow."""
        return tuple(
            department.code
            for department in departments.departments()
            if department.role in self.roles
        )

    @property
    def departments(self) -> tuple[str, ...]:
        """For which of them the person acts here: at the door of one for that one, elsewhere for all."""
        return (self._desk,) if self._desk else self.desks

    @property
    def department(self) -> str | None:
        """The desk at which the person sits: whose door it was, else the first."""
        return next(iter(self.departments), None)

    @property
    def role(self) -> str:
        """In which role the person acts; of several, that of the desk at which they sit."""
        return self.role_at(self.department)

    def role_at(self, department: str | None) -> str:
        """In which role the person acts on what belongs to that department."""
        if department in self.departments:
            return departments.department(department).role
        return self.role if self.departments else self.roles[0]

    @property
    def roles_label(self) -> str:
        """All roles of the person, as people call them."""
        return roles_label(self.roles)

    @property
    def is_staff_member(self) -> bool:
        """Whether this is one of the zone's people or the operator (and not an applicant)."""
        return not self.holds(Role.APPLICANT)

    @property
    def is_operator(self) -> bool:
        """Whether this person keeps the whole installation: they belong to no zone and act in none."""
        return self.holds(Role.OPERATOR)
