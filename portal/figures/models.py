"""The daily files, and which row of which file tells of what."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.accounts.models import Zone
from kernel.core.append_only import AppendOnly


class DailyFile(AppendOnly):
    """Append-only, numbered from 1 in each zone without a gap. `content` is the file as it is downloaded (CSV, UTF-8);
    the JSON is made of it. `previous` is the digest of the file before it with its signature (`signing.digest`)."""

    zone = models.ForeignKey(
        Zone, models.PROTECT, related_name="daily_files", verbose_name=_("zone")
    )
    number = models.PositiveIntegerField(_("number"))
    day = models.DateField(_("day"))
    rows = models.PositiveIntegerField(_("rows"))
    content = models.TextField(_("content"))
    csv_sha256 = models.CharField(_("SHA-256 of the CSV"), max_length=64)
    json_sha256 = models.CharField(_("SHA-256 of the JSON"), max_length=64)
    previous = models.CharField(_("digest of the file before it"), max_length=64, blank=True)
    key = models.CharField(_("public key"), max_length=128)  # x and y in hex, 64 digits each
    signature = models.CharField(_("signature"), max_length=128)
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("daily file of figures")
        verbose_name_plural = _("daily files of figures")
        ordering = ["zone", "number"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "number"], name="one_daily_file_a_number"),
            models.UniqueConstraint(fields=["zone", "day"], name="one_daily_file_a_day"),
        ]

    def __str__(self):
        return f"{self.day:%Y-%m-%d} {self.csv_sha256[:16]}"

    @property
    def csv_name(self) -> str:
        return f"{self.number:06}.csv"

    @property
    def json_name(self) -> str:
        return f"{self.number:06}.json"


class FigureRow(models.Model):
    """What is told of one stage, case, wait, appointment or review, which only this table knows (`source`). It waits
    without a `file` until enough of its kind are there; then `row` is the published row as it stands in the file. What
    differs from that later is published anew as the next `revision`."""

    zone = models.ForeignKey(Zone, models.CASCADE, related_name="+")
    source = models.CharField(max_length=60)
    revision = models.PositiveSmallIntegerField(default=0)
    row = models.JSONField()
    file = models.ForeignKey(DailyFile, models.PROTECT, null=True, related_name="+")
    place = models.PositiveIntegerField(null=True)  # in the file, from 1

    class Meta:
        verbose_name = _("row of the figures")
        verbose_name_plural = _("rows of the figures")
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "source", "revision"], name="one_figure_row_a_revision"
            )
        ]
        indexes = [
            models.Index(fields=["zone"], condition=models.Q(file=None), name="figure_rows_waiting")
        ]

    def __str__(self):
        return f"{self.source} {self.revision}"
