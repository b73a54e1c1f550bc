"""Services that people asked for, who gives them, what happened to each, and the evenings a zone opens."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.accounts.models import Role, Zone
from kernel.bookings.models import Diary
from kernel.bookings.rules import MOST_PLACES
from kernel.cases.models import Application
from kernel.core.append_only import AppendOnly
from kernel.core.fields import (
    EncryptedJSONField,
    EncryptedTextField,
    NamedField,
    PlacedFileField,
)
from kernel.form import flow
from services.booked import kinds


class Session(models.Model):
    """An evening or a day off that the zone would open. Wishes are counted; once there are enough the supervisor opens
    it, and from then on its diary has places. `decide_by` is when the supervisor should have."""

    class State(models.TextChoices):
        COUNTED = "counted", _("Wishes are counted")
        OPEN = "open", pgettext_lazy("session", "Open")
        DROPPED = "dropped", pgettext_lazy("session", "Not opened")

    zone = models.ForeignKey(
        Zone, models.PROTECT, related_name="sessions", verbose_name=_("zone"), editable=False
    )
    date = models.DateField(_("date"))
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))
    slot_minutes = models.PositiveSmallIntegerField(
        _("length of an appointment (minutes)"),
        default=30,
        validators=[MinValueValidator(5), MaxValueValidator(480)],
    )
    places = models.PositiveSmallIntegerField(
        _("places at one time"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PLACES)],
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.COUNTED, editable=False
    )
    decide_by = models.DateTimeField(null=True, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    diary = models.OneToOneField(Diary, models.PROTECT, null=True, editable=False)

    class Meta:
        verbose_name = _("session of extended hours")
        verbose_name_plural = _("sessions of extended hours")
        ordering = ["date", "opens"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "date", "opens"], name="one_session_at_one_time"
            ),
            models.CheckConstraint(
                condition=models.Q(closes__gt=models.F("opens")),
                name="session_closes_after_it_opens",
            ),
        ]

    def __str__(self):
        return f"{self.date} {self.opens:%H:%M}–{self.closes:%H:%M}"


class StaffCard(models.Model):
    """The number on the work card of somebody who visits people at home, by which they are known at the door."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="staff_card",
        verbose_name=_("member of staff"),
    )
    number = models.CharField(_("number of the work card"), max_length=20, unique=True)

    class Meta:
        verbose_name = _("work card")
        verbose_name_plural = _("work cards")

    def __str__(self):
        return self.number


class ServiceRequestQuerySet(models.QuerySet):
    def for_user(self, user):
        """The requests that `user` may see: an applicant's own; for helpers, representatives at the licence desk and
        the supervisor those of their zone; nobody else's."""
        if not user.is_authenticated:
            return self.none()
        if user.holds(Role.APPLICANT):
            return self.filter(applicant=user)
        if gives(user):
            return self.filter(zone_id=user.zone_id)
        return self.none()


def gives(user) -> bool:
    """Whether somebody of the staff gives services: a helper, who sits at the licence desk, the supervisor."""
    return user.holds(Role.HELPER, Role.SUPERVISOR) or flow.registrar() in user.departments


class ServiceRequest(models.Model):
    """A service that somebody has, had or wants. `applicant` is who asked with an account; of others the staff took
    down name and phone (`taken_down_by`). Name, phone, address, reason and what came of it are encrypted.

    `begins_at` follows the booking of its `uid` (`kernel.bookings`). `decide_by` is when the supervisor should have
    decided. `begun_at` and `ended_at` are when it was given; `minutes` what it took. `due_on` is of a follow-up: from
    that day on somebody calls. Once erased (`erased_at`) nothing personal is left.
    """

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("service", "Being decided")
        WAITING = "waiting", pgettext_lazy("service", "Wish registered")
        CONFIRMED = "confirmed", pgettext_lazy("service", "Confirmed")
        UNDER_WAY = "under_way", pgettext_lazy("service", "Under way")
        DONE = "done", pgettext_lazy("service", "Done")
        REFUSED = "refused", pgettext_lazy("service", "Not granted")
        CANCELLED = "cancelled", pgettext_lazy("service", "Cancelled")
        NO_SHOW = "no_show", pgettext_lazy("service", "Missed")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=24, unique=True)
    review_code = models.CharField(max_length=16, unique=True, editable=False)
    zone = models.ForeignKey(Zone, models.PROTECT, verbose_name=_("zone"))
    kind = NamedField(_("service"), max_length=20, choices=kinds.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="service_requests",
        verbose_name=_("applicant"),
    )
    application = models.ForeignKey(
        Application,
        models.SET_NULL,
        null=True,
        related_name="service_requests",
        verbose_name=_("case"),
    )
    session = models.ForeignKey(
        Session, models.PROTECT, null=True, related_name="requests", verbose_name=_("session")
    )
    ground = models.CharField(_("ground"), max_length=30, blank=True)
    name = EncryptedTextField(_("name"), blank=True, default="")
    phone = EncryptedTextField(_("mobile phone"), blank=True, default="")
    phone_index = models.CharField(max_length=64, blank=True, default="", editable=False)
    address = EncryptedTextField(_("address"), blank=True, default="")
    reason = EncryptedTextField(_("reason"), blank=True, default="")
    asked_at = models.DateTimeField(_("asked"))
    taken_down_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    begins_at = models.DateTimeField(_("begins"), null=True)
    due_on = models.DateField(_("call from"), null=True)
    decide_by = models.DateTimeField(_("to be decided by"), null=True)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    answer = EncryptedTextField(_("why not"), blank=True, default="")
    begun_at = models.DateTimeField(_("begun"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    minutes = models.PositiveIntegerField(_("minutes"), null=True)
    outcome = models.CharField(_("outcome"), max_length=20, blank=True)
    note = EncryptedTextField(_("what came of it"), blank=True, default="")
    results = EncryptedJSONField(_("answers"), default=dict, blank=True)
    erased_at = models.DateTimeField(null=True)

    objects = ServiceRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("service request")
        verbose_name_plural = _("service requests")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["applicant", "-id"], name="service_of_applicant"),
            models.Index(fields=["zone", "begins_at"], name="service_days"),
            models.Index(fields=["zone", "asked_at"], name="service_asked"),
            models.Index(
                fields=["decide_by"],
                name="service_to_decide",
                condition=models.Q(state="asked"),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "kind"],
                condition=models.Q(
                    kind__in=["assisted", "green", "follow_up"],
                    state__in=["asked", "confirmed", "under_way"],
                ),
                name="one_live_service_of_a_case",
            )
        ]

    def __str__(self):
        return self.number

    @property
    def of(self) -> kinds.ServiceKind:
        return kinds.KINDS[self.kind]


State = ServiceRequest.State
OPEN = (State.ASKED, State.WAITING, State.CONFIRMED, State.UNDER_WAY)  # something is still to come


class ServicePerson(models.Model):
    """Who of the staff gives a service, from when until when; for the figures of their load and for the door."""

    request = models.ForeignKey(ServiceRequest, models.CASCADE, related_name="people")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person")
    )
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True)

    class Meta:
        verbose_name = _("person who gives a service")
        verbose_name_plural = _("people who give a service")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["request", "person"], name="once_at_a_service")
        ]

    def __str__(self):
        return str(self.person)


class ServiceEvent(AppendOnly):
    """What happened to a service, by whom and when. Never changed once written; no personal data."""

    class Kind(models.TextChoices):
        ASKED = "asked", pgettext_lazy("service", "Asked for")
        BOOKED = "booked", pgettext_lazy("service", "Booked")
        WISHED = "wished", pgettext_lazy("service", "Wish registered")
        DUE = "due", pgettext_lazy("service", "Falls due after the completion")
        OVERDUE = "overdue", pgettext_lazy("service", "Not decided in time")
        AGREED = "agreed", pgettext_lazy("service", "Granted")
        REFUSED = "refused", pgettext_lazy("service", "Not granted")
        ASSIGNED = "assigned", pgettext_lazy("service", "People assigned")
        OPENED = "opened", pgettext_lazy("service", "Session opened")
        MOVED = "moved", pgettext_lazy("service", "Moved to another time")
        REMINDED = "reminded", pgettext_lazy("service", "Reminded")
        ARRIVED = "arrived", pgettext_lazy("service", "Begun")
        NO_SHOW = "no_show", pgettext_lazy("service", "Nobody came")
        DONE = "done", pgettext_lazy("service", "Done")
        CANCELLED = "cancelled", pgettext_lazy("service", "Cancelled")
        LOOKED = "looked", pgettext_lazy("service", "Personal data or proof opened")
        ERASED = "erased", pgettext_lazy("service", "Personal data erased")

    request = models.ForeignKey(
        ServiceRequest, models.PROTECT, related_name="events", verbose_name=_("service request")
    )
    kind = models.CharField(_("what"), max_length=10, choices=Kind.choices)
    at = models.DateTimeField(_("when"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("event of a service")
        verbose_name_plural = _("events of a service")
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"


class ServiceFile(models.Model):
    """A proof that was uploaded with a request. It went the way of every upload (`kernel.form.uploads`)."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    request = models.ForeignKey(ServiceRequest, models.CASCADE, related_name="files")
    file = PlacedFileField(_("file"))
    filename = models.CharField(_("file name"), max_length=120)
    content_type = models.CharField(_("type"), max_length=40)
    size = models.PositiveIntegerField(_("size (bytes)"))
    pages = models.PositiveSmallIntegerField(_("pages"), default=1)
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField(_("uploaded"))

    class Meta:
        verbose_name = _("proof of a request")
        verbose_name_plural = _("proofs of requests")
        ordering = ["pk"]

    def __str__(self):
        return self.filename

    def file_path(self) -> str:
        return f"services/{self.request.uid}/{self.uid}"
