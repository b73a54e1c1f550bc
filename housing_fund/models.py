"""What the housing fund records for a new company."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from housing_fund.rules import LONGEST_NUMBER
from kernel.cases.models import Application


class DepositRegistration(models.Model):
    """One for each case, written when the stage is closed. `base_fen` is a month's, of all people together; `rate` is
    the percentage of it that company and people deposit each."""

    application = models.OneToOneField(
        Application,
        models.PROTECT,
        primary_key=True,
        related_name="housing_fund",
        verbose_name=_("case"),
    )
    number = models.CharField(_("registration number"), max_length=LONGEST_NUMBER, unique=True)
    people = models.PositiveIntegerField(_("people"), default=0)
    base_fen = models.PositiveBigIntegerField(_("base of a month (fen)"), default=0)
    rate = models.PositiveSmallIntegerField(_("rate (%)"))
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("officer")
    )
    registered_at = models.DateTimeField(_("registered"))

    class Meta:
        verbose_name = _("deposit registration")
        verbose_name_plural = _("deposit registrations")
        ordering = ["-registered_at"]

    def __str__(self):
        return self.number
