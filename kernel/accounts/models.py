"""Zones, their windows, and the people who work at them or file with them."""

import uuid

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kernel.accounts.devices import Authenticator, RecoveryCodes
from kernel.core import departments
from kernel.core.fields import EncryptedTextField, NamedField
from kernel.core.privacy import blind_index, mask_name

__all__ = [
    "Authenticator",
    "People",
    "RecoveryCodes",
    "Role",
    "User",
    "Window",
    "Zone",
    "roles",
]


class Role(models.TextChoices):
    """The roles that are nobody's but the kernel's; those of officers are their departments' (`roles`)."""

    APPLICANT = "applicant", _("Applicant")
    SUPERVISOR = "supervisor", _("Supervisor")
    ADMINISTRATOR = "administrator", _("Administrator")
    OPERATOR = "operator", _("Operator")


def roles() -> list[tuple[str, str]]:
    """Every role there is with its label: the applicant, the officers in the order of the flow, the others."""
    applicant, *others = Role.choices
    officers = [(found.role, found.role_label) for found in departments.departments()]
    return [applicant, *officers, *others]


class Zone(models.Model):
    """The administrative zone that runs the service; every case and every member of staff belongs to one.

    `settings` holds what a place may set otherwise and no text confirms (see `Zone.setting`); `region_code` is the
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

    DEFAULTS = {
        "warn_at_percent": [50, 80],
        "supervisor_required": False,
        "review_contact_working_days": 1,
        "seal_set_price_fen": 32000,
        "draft_days": 90,
        "signatures_required": False,  # whether all founders sign before the filing can be submitted
        "signing_code_minutes": 24 * 60,  # how long a signer's one-time code is valid
        "draft_reminder_days": 7,
        "breach_answer_minutes": 60,
        "breach_next_level": "administrator",
        "deferral_working_days": 20,
        "deferral_bar_days": 365,
        "straight_through": False,
        "after_audit_percent": 10,
        "name_registry": "",  # whose register names are compared with; empty: that of the region code
        "name_reserved_months": 2,
        "name_reserved_months_for_approval": 12,
        "name_rest_days": 365,  # how long a name that was given up can't be had
        "untouched_minutes": 30,
        "most_in_hand": 5,
        "priority_grounds": ["talent", "entrepreneur", "key_project", "difficulty"],
    }

    def __str__(self):
        return self.title

    @property
    def title(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name

    def setting(self, key: str):
        """The zone's own value, else the product's default. Raises KeyError for a setting that nobody knows."""
        return self.settings.get(key, self.DEFAULTS[key])


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


class People(UserManager):
    """As Django's, but whoever is made on the command line of the host is the operator: nobody is a superuser."""

    use_in_migrations = False

    def create_superuser(self, username, email=None, password=None, **fields):
        return self.create_user(
            username, email, password, **fields, role=Role.OPERATOR, is_staff=True
        )


class User(AbstractUser):
    """Anybody who logs in. `unit` narrows an officer to one bank branch or engraver (its code), empty is all."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    real_name = models.CharField(_("real name"), max_length=60)
    role = NamedField(
        _("role"), max_length=30, choices=roles, default=Role.APPLICANT, db_index=True
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

    objects = People()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self):
        """Staff by their name. This is what lists, headings and histories print unasked, so applicants are masked."""
        return (
            self.real_name if self.is_staff_member else mask_name(self.real_name)
        ) or self.username

    def save(self, *args, **kwargs):
        self.phone_index = blind_index(self.phone) or None
        self.id_index = blind_index(self.id_number)
        super().save(*args, **kwargs)

    @property
    def department(self) -> str | None:
        """The code of the department whose officer this is."""
        found = departments.of_role(self.role)
        return found.code if found else None

    @property
    def is_staff_member(self) -> bool:
        """Whether this is one of the zone's people or the operator (and not an applicant)."""
        return self.role != Role.APPLICANT

    @property
    def is_operator(self) -> bool:
        """Whether this person keeps the whole installation: they belong to no zone and act in none."""
        return self.role == Role.OPERATOR
