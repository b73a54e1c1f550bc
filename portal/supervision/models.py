"""Summaries of closed days, and the budgets that supervisors adopted."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.accounts.models import Zone
from kernel.core.append_only import AppendOnly


class FoldedDay(models.Model):
    """A day of a zone whose summaries are kept. `stale` until they are written, and again when the day's cases change.

    The row is also the lock: who folds a day holds it, and who changes one waits for it (see day_summaries).
    """

    zone = models.ForeignKey(Zone, models.CASCADE, related_name="+", verbose_name=_("zone"))
    day = models.DateField(_("day"))
    stale = models.BooleanField(_("stale"), default=True)
    folded_at = models.DateTimeField(_("folded"), null=True)

    class Meta:
        verbose_name = _("summarised day")
        verbose_name_plural = _("summarised days")
        constraints = [models.UniqueConstraint(fields=["zone", "day"], name="one_fold_a_day")]

    def __str__(self):
        return f"{self.zone_id} {self.day}"


class DaySummary(models.Model):
    """What one day adds to the figures, by company type. What the columns hold depends on `subject`:

    | subject      | day           | n           | hits            | total           | buckets             |
    | clock:<name> | stopped       | clocks      |                 | working seconds | whole minutes → n   |
    | over:<name>  | went over     | clocks      |                 |                 |                     |
    | owner:<name> | completed     | cases       |                 | working seconds |                     |
    | filed        | filed         | cases       | filed online    |                 | hour of the day → n |
    | completed    | completed     | cases       | without a visit |                 |                     |
    | reviewed     | completed     | cases       |                 | reviews         | level → reviews     |
    | subsidy      | granted       | sets        |                 | fen             |                     |
    | wait:<kind>  | ended         | waits       |                 | seconds         | calendar days → n   |
    | appointment:<outcome>        | recorded | appointments | by nobody     |                 |             |
    | without:<department>         | completed | cases       |               |                 |             |
    """

    zone = models.ForeignKey(Zone, models.CASCADE, related_name="+", verbose_name=_("zone"))
    day = models.DateField(_("day"))
    company_type = models.CharField(_("company type"), max_length=4)
    subject = models.CharField(max_length=40)
    n = models.PositiveIntegerField(default=0)
    hits = models.PositiveIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    buckets = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("summary of a day")
        verbose_name_plural = _("summaries of days")
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "day", "company_type", "subject"], name="one_summary_a_subject"
            )
        ]

    def __str__(self):
        return f"{self.day} {self.company_type} {self.subject}"


class AdoptedBudget(models.Model):
    """A budget that a supervisor adopted from a sample: what was chosen, what it showed, and from when it holds."""

    zone = models.ForeignKey(Zone, models.CASCADE, related_name="+", verbose_name=_("zone"))
    clock = models.CharField(_("clock"), max_length=30)
    minutes = models.PositiveIntegerField(_("budget (working minutes)"))
    before = models.PositiveIntegerField(_("before"))
    effective_from = models.DateField(_("in force from"))
    sample = models.JSONField(default=dict)
    ground = models.CharField(_("ground"), max_length=500)
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("adopted by")
    )
    adopted_at = models.DateTimeField(_("adopted"))

    class Meta:
        verbose_name = _("adopted budget")
        verbose_name_plural = _("adopted budgets")
        ordering = ["-adopted_at", "-pk"]

    def __str__(self):
        return f"{self.clock} {self.minutes}"


class Export(AppendOnly):
    """A list that somebody took out as a file: it is then out of the portal's sight. Appended, never changed."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    zone = models.ForeignKey(Zone, models.CASCADE, related_name="+")
    title = models.CharField(max_length=200)  # as the page called it
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("list taken out as a file")
        verbose_name_plural = _("lists taken out as files")

    def __str__(self):
        return f"{self.title} {self.at:%Y-%m-%d %H:%M}"
