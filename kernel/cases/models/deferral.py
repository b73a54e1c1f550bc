"""Materials that an applicant has undertaken to supply after the approval."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.cases.models.application import Application
from kernel.sla.models import Clock


class Deferral(models.Model):
    """One material of one case. Its clock (`flow.MATERIAL`) starts with the approval and rests while an officer looks.

    `promiser` and `asker` are the blind indexes of the ID numbers of the legal representative and of who filed, as they
    were when it was granted: they say who may not promise again once a promise was broken, whatever becomes of the
    account (`kernel.cases.deferrals.bars`). `remedy` is what an officer said of a material that didn't do.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Undertaken, not approved yet")
        GRANTED = "granted", _("To be supplied")
        SUPPLIED = "supplied", _("Supplied, to be looked at")
        ACCEPTED = "accepted", _("Accepted")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(
        Application, models.CASCADE, related_name="deferrals", verbose_name=_("case")
    )
    standard = models.CharField(_("standard"), max_length=10)
    kind = models.CharField(_("material"), max_length=30)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    clock = models.OneToOneField(Clock, models.PROTECT, null=True, related_name="deferral")
    promiser = models.CharField(
        max_length=64, blank=True, default="", db_index=True, editable=False
    )
    asker = models.CharField(max_length=64, blank=True, default="", db_index=True, editable=False)
    asked_at = models.DateTimeField(_("undertaken"))
    granted_at = models.DateTimeField(_("approved"), null=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    supplied_at = models.DateTimeField(_("supplied"), null=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True)
    remedy = models.CharField(
        _("what is still to be put right"), max_length=500, blank=True, default=""
    )

    class Meta:
        verbose_name = _("material to follow")
        verbose_name_plural = _("materials to follow")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "kind"], name="one_deferral_a_material")
        ]
        indexes = [
            models.Index(
                fields=["state", "application"],
                name="deferral_open",
                condition=~models.Q(state="accepted"),
            )
        ]

    def __str__(self):
        return f"{self.standard} {self.kind}"
