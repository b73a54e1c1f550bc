"""Diaries of units, the bookings in them, and what happened to each. Nothing here knows what a booking is for."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.accounts.models import Zone
from kernel.bookings.rules import MOST_PLACES, Plan, Slot
from kernel.core.append_only import AppendOnly
from kernel.sla.calendars import calendar_id, work_calendar
from kernel.sla.workdays import ONE_DAY, AnyCalendar, parse_windows


class Way(models.TextChoices):
    """How people meet."""

    VISIT = "visit", pgettext_lazy("appointment", "At the counter")
    VIDEO = "video", pgettext_lazy("appointment", "By video")
    HOME = "home", _("At the applicant's place")
    PHONE = "phone", _("By telephone")


class Diary(models.Model):
    """When a unit receives people for a service. `unit` and `service` are codes of whoever uses the diary: a branch and
    "bank", a window and "help".

    `windows` is as a calendar's: pairs of "HH:MM", empty for the office's hours. With `only_on` they are of that day
    alone, be it a day off. Counters and video seats share `places`. A change makes a new `version`, and bookings that
    no longer fit are moved (`kernel.bookings.following`).
    """

    zone = models.ForeignKey(Zone, models.PROTECT, related_name="diaries", verbose_name=_("zone"))
    service = models.SlugField(_("service"), max_length=30)
    unit = models.SlugField(_("unit"), max_length=30, blank=True)
    windows = models.JSONField(_("hours"), default=list, blank=True)
    after_hours = models.BooleanField(_("also outside office hours"), default=False)
    only_on = models.DateField(_("on this day alone"), null=True, blank=True)
    slot_minutes = models.PositiveSmallIntegerField(
        _("length of an appointment (minutes)"),
        default=30,
        validators=[MinValueValidator(5), MaxValueValidator(480)],
    )
    places = models.PositiveSmallIntegerField(
        _("places at one time"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PLACES)],
    )
    ways = models.JSONField(_("ways of meeting"), default=list)
    days_ahead = models.PositiveSmallIntegerField(
        _("days offered ahead"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )
    is_open = models.BooleanField(_("takes bookings"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("diary")
        verbose_name_plural = _("diaries")
        ordering = ["zone", "service", "unit"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "service", "unit"], name="one_diary_a_unit_and_service"
            )
        ]

    def __str__(self):
        return f"{self.service} {self.unit}".strip()

    @property
    def calendar(self) -> AnyCalendar:
        return work_calendar(calendar_id(self.zone.calendar_code))

    @property
    def plan(self) -> Plan:
        """The plain rule of the diary with its closed days (one statement)."""
        closed = {
            day.date + number * ONE_DAY
            for day in self.closures.all()
            for number in range(((day.until or day.date) - day.date).days + 1)
        }
        return Plan(
            slot_minutes=self.slot_minutes,
            places=self.places,
            windows=parse_windows(self.windows),
            closed=frozenset(closed),
            after_hours=self.after_hours,
            only_on=self.only_on,
        )


class Closure(models.Model):
    """A day, or the days from `date` to `until`, both included, on which the unit receives nobody."""

    diary = models.ForeignKey(
        Diary, models.CASCADE, related_name="closures", verbose_name=_("diary")
    )
    date = models.DateField(_("date"))
    until = models.DateField(_("last day"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("closed day of a unit")
        verbose_name_plural = _("closed days of a unit")
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(fields=["diary", "date"], name="one_closure_a_day"),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("date")),
                name="closure_ends_after_it_begins",
            ),
        ]

    def __str__(self):
        return str(self.date)


class Booking(models.Model):
    """A place in a diary that somebody has, or had.

    `owner` is an opaque key of what it is for, `reference` what people call that; one owner has one live booking of a
    diary's service. A held one is its owner's until `held_until` and nobody's afterwards, whether or not a worker has
    seen it. A walk-in has no `place`: it takes none from those who booked. A booking that was moved, or made again
    after a no-show, is followed by another one (`follows`).
    """

    class State(models.TextChoices):
        HELD = "held", _("Held while the form is filled in")
        FIRM = "firm", pgettext_lazy("appointment", "Booked")
        ARRIVED = "arrived", _("Has arrived")
        DONE = "done", _("Took place")
        NO_SHOW = "no_show", _("Didn't come")
        CANCELLED = "cancelled", _("Cancelled")
        RELEASED = "released", _("Let go")
        MOVED = "moved", _("Moved to another time")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    diary = models.ForeignKey(
        Diary, models.PROTECT, related_name="bookings", verbose_name=_("diary")
    )
    owner = models.UUIDField(_("owner"))
    service = models.SlugField(_("service"), max_length=30)  # the diary's, for the database's guard
    reference = models.CharField(_("reference"), max_length=40, blank=True)
    way = models.CharField(_("way of meeting"), max_length=10, choices=Way.choices)
    begins_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.PositiveSmallIntegerField(_("number of the place"), null=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.HELD)
    held_until = models.DateTimeField(_("held until"), null=True)
    arrived_at = models.DateTimeField(_("arrived"), null=True)
    made_at = models.DateTimeField(_("booked"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("booked by"),
    )
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="followed_by", verbose_name=_("instead of")
    )
    plan_version = models.CharField(
        max_length=20
    )  # the diary's and the calendar's that it was found to fit
    reminded = models.PositiveSmallIntegerField(default=0)  # kernel.bookings.following.REMINDERS

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        ordering = ["begins_at", "place"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "service"],
                condition=models.Q(state__in=["held", "firm", "arrived"]),
                name="one_live_booking_an_owner",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("begins_at")),
                name="booking_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="held") | models.Q(held_until__isnull=False),
                name="held_until_a_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["diary", "begins_at"], name="booking_days"),
            models.Index(fields=["owner"], name="booking_owners"),
            models.Index(
                fields=["held_until"], name="booking_holds", condition=models.Q(state="held")
            ),
            models.Index(
                fields=["begins_at"], name="booking_firm", condition=models.Q(state="firm")
            ),
        ]

    def __str__(self):
        return f"{self.reference} {self.begins_at:%Y-%m-%d %H:%M}".strip()

    @property
    def slot(self) -> Slot:
        """From when to when, in the time zone of its diary."""
        zone = self.diary.calendar.zone
        return Slot(self.begins_at.astimezone(zone), self.ends_at.astimezone(zone))


State = Booking.State
LIVE = (State.HELD, State.FIRM, State.ARRIVED)  # it may still take place
TAKING = (*LIVE, State.DONE)  # its place can't be had by anybody else

# Moves that the database itself allows; anything else is refused there too.
MOVES = (
    (State.HELD, State.FIRM),
    (State.HELD, State.RELEASED),
    (State.FIRM, State.ARRIVED),
    (State.FIRM, State.NO_SHOW),
    (State.FIRM, State.CANCELLED),
    (State.FIRM, State.MOVED),
    (State.ARRIVED, State.DONE),
    (State.ARRIVED, State.CANCELLED),
    (State.NO_SHOW, State.ARRIVED),  # comes late
)


class BookingEvent(AppendOnly):
    """What happened to a booking, by whom and when. Never changed once written; no personal data."""

    class Kind(models.TextChoices):
        HELD = "held", _("Held for a while")
        FIRM = "firm", pgettext_lazy("appointment", "Booked")
        RELEASED = "released", _("Let go")
        MOVED = "moved", _("Moved to another time")
        CANCELLED = "cancelled", _("Cancelled")
        ARRIVED = "arrived", _("Has arrived")
        DONE = "done", _("Took place")
        NO_SHOW = "no_show", _("Didn't come")
        REMINDED = "reminded", _("Reminded")

    booking = models.ForeignKey(
        Booking, models.PROTECT, related_name="events", verbose_name=_("booking")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    at = models.DateTimeField(_("recorded"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("event of a booking")
        verbose_name_plural = _("events of a booking")
        ordering = ["at", "pk"]
        indexes = [
            models.Index(
                fields=["at"],
                name="booking_outcomes",
                condition=models.Q(kind__in=["done", "moved", "cancelled", "no_show"]),
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"
