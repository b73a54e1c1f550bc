"""Cases that the system approved at once, and what a person said of the share that is looked at afterwards."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.cases.models.application import Application


class StraightApproval(models.Model):
    """One for each such case. `drawn` ones stand in the window's line of after-audits until `looked_at`.

    `cited` are the standards that the officer found not met; the licence stands, whatever the outcome.
    """

    class Outcome(models.TextChoices):
        UPHELD = "upheld", _("Rightly approved")
        FAULT = "fault", _("Should not have been approved")

    application = models.OneToOneField(
        Application, models.PROTECT, related_name="straight_approval", verbose_name=_("case")
    )
    approved_at = models.DateTimeField(_("approved"))
    drawn = models.BooleanField(_("drawn for an after-audit"), default=False)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("officer"),
    )
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome.choices, blank=True, default=""
    )
    cited = models.JSONField(_("standards not met"), default=list)
    note = models.CharField(_("what was found"), max_length=500, blank=True, default="")
    looked_at = models.DateTimeField(_("looked at"), null=True)

    class Meta:
        verbose_name = _("straight-through approval")
        verbose_name_plural = _("straight-through approvals")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["approved_at"],
                name="audit_line",
                condition=models.Q(drawn=True, looked_at=None),
            )
        ]

    def __str__(self):
        return str(self.application_id)
