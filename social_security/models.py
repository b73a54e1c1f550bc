"""What the social security office records for a new company."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.cases.models import Application
from social_security.rules import LONGEST_NUMBER


class Registration(models.Model):
    """One for each case, written when the stage is closed.

    `enrol_by` is the last day for enrolling the first employees; `contact` is the `uid` of a person of the case.
    """

    application = models.OneToOneField(
        Application,
        models.PROTECT,
        primary_key=True,
        related_name="social_security",
        verbose_name=_("case"),
    )
    number = models.CharField(_("registration number"), max_length=LONGEST_NUMBER, unique=True)
    employees = models.PositiveIntegerField(_("employees"), default=0)
    first_day = models.DateField(_("first day of work"), null=True)
    enrol_by = models.DateField(_("enrol by"), null=True)
    contact = models.UUIDField(null=True)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("officer")
    )
    registered_at = models.DateTimeField(_("registered"))

    class Meta:
        verbose_name = _("social security registration")
        verbose_name_plural = _("social security registrations")
        ordering = ["-registered_at"]
        indexes = [models.Index(fields=["enrol_by"], name="enrol_by")]

    def __str__(self):
        return self.number
