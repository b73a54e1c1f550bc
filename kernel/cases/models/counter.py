"""Filing at the counter: an officer fills in a filing with the visitor it belongs to, who reads along and signs."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.accounts.models import Presence
from kernel.cases.models.application import Application


class CounterFiling(models.Model):
    """The right by which `helper` works on this one case for its applicant, the `visitor`, and how it ended.

    It is in force until `ended_at`, and until nothing was done for the zone's minutes since `used_at`
    (`kernel.cases.helping`). `presence` says how the officer knew who the visitor was: without one there is none.
    `marks` are digests of the pages as they were at its beginning, by section, so that its end can say which changed.
    `screen_code` opens the second screen once and until `screen_code_until`; `screen` is the tablet that it opened:
    both are kept as digests. `claim_code` is what the visitor takes home, until `claim_until`. `ticket` is the code of
    the hall's ticket by which they were called.
    """

    class Why(models.TextChoices):
        DONE = "done", _("Ended by the helper")
        LEFT = "left", _("Ended on the visitor's screen")
        IDLE = "idle", _("Nothing was done for a while")
        NEXT = "next", _("The helper went on to another filing")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(
        Application, models.CASCADE, related_name="counter_filings", verbose_name=_("case")
    )
    helper = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("helper")
    )
    visitor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("visitor")
    )
    presence = models.ForeignKey(
        Presence, models.PROTECT, related_name="+", verbose_name=_("presence")
    )
    ticket = models.CharField(_("ticket"), max_length=40, blank=True, default="")
    marks = models.JSONField(default=dict)
    begun_at = models.DateTimeField(_("begun"))
    used_at = models.DateTimeField(_("last used"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_why = models.CharField(_("why"), max_length=10, choices=Why.choices, blank=True)
    screen_code = models.CharField(max_length=64, blank=True, default="")
    screen_code_until = models.DateTimeField(null=True)
    screen = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 (NULL: none)
    screen_at = models.DateTimeField(_("second screen joined"), null=True)
    claim_code = models.CharField(max_length=64, blank=True, default="")
    claim_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("filing at the counter")
        verbose_name_plural = _("filings at the counter")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=models.Q(ended_at=None),
                name="one_helper_at_a_filing",
            ),
            models.UniqueConstraint(
                fields=["helper"],
                condition=models.Q(ended_at=None),
                name="one_filing_at_a_counter",
            ),
        ]
        indexes = [
            models.Index(fields=["application", "helper"], name="counter_of_case"),
            models.Index(
                fields=["screen_code"],
                condition=~models.Q(screen_code=""),
                name="counter_screen_code",
            ),
            models.Index(
                fields=["claim_code"], condition=~models.Q(claim_code=""), name="counter_claim"
            ),
        ]

    def __str__(self):
        return str(self.uid)
