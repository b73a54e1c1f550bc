"""Working calendars, clocks, who held them, and what fell due. Nothing here knows an application."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.core.append_only import AppendOnly


class Calendar(models.Model):
    """A zone's working time. `windows` is a list of `["HH:MM", "HH:MM"]` pairs, in the calendar's own time zone.

    The row and its exceptions are what the administrator edits; `kernel.sla.calendar_versions` makes a version of them,
    and clocks count by the versions.
    """

    code = models.SlugField(_("code"), unique=True)
    timezone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")
    windows = models.JSONField(_("windows"), default=list)
    round_the_clock = models.BooleanField(_("round the clock"), default=False)
    use_public_holidays = models.BooleanField(_("follow the public holidays"), default=True)

    class Meta:
        verbose_name = _("working calendar")
        verbose_name_plural = _("working calendars")

    def __str__(self):
        return self.code


class ClosedDay(models.Model):
    """An exception that an administrator enters for a day, or for the days from `date` to `until`, both included.

    A day that is closed has no hours, whatever else is said of it. `hours`, as `Calendar.windows`, are what a make-up
    day or a half day has instead of the usual ones, and what extended hours add to a day that is worked. Of two rows
    for one day the one of fewer days holds, then the later one. `arrangement` is the year whose official arrangement
    the row came with.
    """

    class Kind(models.TextChoices):
        CLOSED = "closed", _("Closed")
        MAKEUP = "makeup", _("Make-up workday")
        HALF = "half", _("Other hours (half day)")
        EVENING = "evening", _("Extended hours (evening)")

    calendar = models.ForeignKey(
        Calendar, models.CASCADE, related_name="exceptions", verbose_name=_("calendar")
    )
    date = models.DateField(_("date"))
    until = models.DateField(_("last day"), null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    hours = models.JSONField(_("hours"), default=list, blank=True)
    note = models.CharField(_("note"), max_length=80, blank=True)
    arrangement = models.PositiveSmallIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = _("day or days with other hours")
        verbose_name_plural = _("days with other hours")
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "date", "kind"], name="one_exception_of_a_kind_a_day"
            )
        ]

    def __str__(self):
        return f"{self.date} {self.get_kind_display()}"


class YearArrangement(models.Model):
    """That the official arrangement of a year stands in a calendar, as its exceptions, and from which notice."""

    calendar = models.ForeignKey(
        Calendar, models.CASCADE, related_name="arrangements", verbose_name=_("calendar")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    source = models.CharField(_("notice"), max_length=200)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("entered by"),
    )
    entered_at = models.DateTimeField(_("entered"))

    class Meta:
        verbose_name = _("arrangement of a year")
        verbose_name_plural = _("arrangements of years")
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "year"], name="one_arrangement_a_year")
        ]

    def __str__(self):
        return str(self.year)


class CalendarVersion(AppendOnly):
    """A calendar as it counts from a moment until the next version's; `rules` hold all of it (`kernel.sla.calendars`).

    A calendar that was never changed has none and counts by its own row. Never changed once written.
    """

    calendar = models.ForeignKey(
        Calendar, models.CASCADE, related_name="versions", verbose_name=_("calendar")
    )
    number = models.PositiveIntegerField(_("version"))
    in_force_from = models.DateTimeField(_("in force from"), null=True)
    rules = models.JSONField(default=dict)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("changed by"),
    )
    published_at = models.DateTimeField(_("changed"), null=True)

    class Meta:
        verbose_name = _("version of a calendar")
        verbose_name_plural = _("versions of a calendar")
        ordering = ["calendar", "number"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "number"], name="one_version_of_a_number")
        ]

    def __str__(self):
        return str(self.number)


class Level(models.IntegerChoices):
    """How far a clock has gone: what the sweep has claimed so far."""

    NONE = 0, _("Running")
    FIRST_WARNING = 1, _("First warning")
    SECOND_WARNING = 2, _("At risk")
    BREACH = 3, _("Breached")


class Clock(models.Model):
    """A budget of working minutes being used up.

    `spent` is working time used before `running_since`, which lies ahead while the clock rests until a known moment;
    `due_at` and the two warnings are stored moments while the clock runs and NULL while it doesn't, but for those that
    had come when a clock set aside came to rest; `alarm_at` is the next of them that no worker has claimed. `owner` is
    an opaque key of whatever the clock belongs to; one owner has one clock of a name, so that none can run twice.
    `calendar_version` is the newest version of the calendar that the moments were reckoned with.
    `extension_minutes` were granted on top of the budget, which stays as it was; `breached_at` is the first breach.
    `failures` counts the sweeps in a row whose listeners failed for it; at last it is set aside (see `set_aside`).
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Paused")
        STOPPED = "stopped", _("Stopped")

    owner = models.UUIDField(_("owner"))
    name = models.CharField(_("name"), max_length=30)
    calendar = models.ForeignKey(Calendar, models.PROTECT, verbose_name=_("calendar"))
    calendar_version = models.PositiveIntegerField(default=1, db_default=1)
    budget_minutes = models.PositiveIntegerField(_("budget (working minutes)"))
    extension_minutes = models.PositiveIntegerField(
        _("added (working minutes)"), default=0, db_default=0
    )
    warn_at_percent = models.JSONField(_("warnings at percent"), default=list)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.RUNNING
    )
    started_at = models.DateTimeField(_("started"))
    running_since = models.DateTimeField(_("running since"), null=True)
    spent = models.DurationField(_("spent"), default=timedelta)
    first_warning_at = models.DateTimeField(null=True)
    second_warning_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(_("due"), null=True)
    alarm_at = models.DateTimeField(null=True)
    alarm_level = models.PositiveSmallIntegerField(
        _("level"), choices=Level.choices, default=Level.NONE
    )
    breached_at = models.DateTimeField(_("breached"), null=True)
    stopped_at = models.DateTimeField(_("stopped"), null=True)
    failures = models.PositiveSmallIntegerField(_("failures"), default=0, db_default=0)
    aside_at = models.DateTimeField(_("set aside"), null=True)

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="one_clock_of_a_name")
        ]
        indexes = [
            models.Index(
                fields=["alarm_at"], name="clock_alarms", condition=models.Q(alarm_at__isnull=False)
            ),
            models.Index(fields=["due_at"], name="clock_dues", condition=models.Q(state="running")),
            models.Index(
                fields=["calendar", "calendar_version", "due_at"],
                name="clock_versions",
                condition=models.Q(state="running"),
            ),
            models.Index(
                fields=["breached_at"],
                name="clock_breaches",
                condition=models.Q(breached_at__isnull=False),
            ),
            models.Index(
                fields=["stopped_at"],
                name="clock_ends",
                condition=models.Q(stopped_at__isnull=False),
            ),
            models.Index(
                fields=["aside_at"], name="clock_aside", condition=models.Q(aside_at__isnull=False)
            ),
        ]

    def __str__(self):
        return f"{self.name} {self.budget_minutes}"

    @property
    def moments(self) -> tuple[datetime | None, ...]:
        """When each level falls due, from the first on; None where that isn't known now."""
        return self.first_warning_at, self.second_warning_at, self.due_at

    @property
    def budget(self) -> timedelta:
        return timedelta(minutes=self.budget_minutes)

    @property
    def limit_minutes(self) -> int:
        return self.budget_minutes + self.extension_minutes

    @property
    def limit(self) -> timedelta:
        return timedelta(minutes=self.limit_minutes)


class Span(models.Model):
    """Who held a clock, from when to when: every minute has an owner. The spans of a clock tile its life."""

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="spans", verbose_name=_("clock"))
    holder = models.CharField(_("holder"), max_length=30)
    started_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("to"), null=True)

    class Meta:
        verbose_name = _("span")
        verbose_name_plural = _("spans")
        constraints = [
            models.UniqueConstraint(
                fields=["clock"], condition=models.Q(ended_at=None), name="one_holder_at_a_time"
            )
        ]

    def __str__(self):
        return f"{self.holder} {self.started_at:%H:%M}"


class Alarm(models.Model):
    """A warning or breach, recorded once for each limit: the moment it fell due beside the moment it was seen."""

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="alarms", verbose_name=_("clock"))
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices)
    limit_minutes = models.PositiveIntegerField(
        _("limit (working minutes)"), default=0, db_default=0
    )
    fell_due_at = models.DateTimeField(_("fell due"))
    seen_at = models.DateTimeField(_("seen"))

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        constraints = [
            models.UniqueConstraint(
                fields=["clock", "level", "limit_minutes"], name="one_alarm_a_level_and_limit"
            )
        ]

    def __str__(self):
        return f"{self.clock_id} {self.get_level_display()}"
