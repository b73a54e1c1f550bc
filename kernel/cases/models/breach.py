"""Why a clock went over its limit, as its supervisor or the officer who held it says."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.cases.models.application import Application
from kernel.core.words import Words
from kernel.form import flow
from kernel.sla.models import Clock


class BreachReason(models.Model):
    """One reason for one clock. `text` is shown on the case to staff and holds no personal data."""

    class Category(models.TextChoices):
        PEOPLE = "people", _("Too few people at the desk")
        HANDLING = "handling", _("A mistake in handling the case")
        DIFFICULT = "difficult", _("A difficult case")
        SYSTEM = "system", _("A fault of the system or the network")
        OUTSIDE = "outside", _("Waited for somebody outside the hall")
        OTHER = "other", _("Another reason")

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="breach_reasons", verbose_name=_("case")
    )
    clock = models.OneToOneField(
        Clock, models.CASCADE, related_name="breach_reason", verbose_name=_("clock")
    )
    category = models.CharField(_("reason"), max_length=12, choices=Category.choices)
    text = models.CharField(_("what happened"), max_length=500)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("given by")
    )
    given_at = models.DateTimeField(_("given"))

    class Meta:
        verbose_name = _("reason for a breach")
        verbose_name_plural = _("reasons for breaches")
        ordering = ["pk"]

    def __str__(self):
        return self.get_category_display()

    @property
    def clock_label(self) -> Words:
        """What people call the clock."""
        return flow.clock_label(self.clock.name)
