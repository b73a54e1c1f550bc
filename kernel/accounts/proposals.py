"""What one person asks to be done and a second, another one must agree to before it is: a row for each.

Asked, decided and taken back by `kernel.accounts.proposing` alone; what there is to ask for: `proposal_kinds`. A row is
never deleted, and the database keeps a decision from being changed (`database_guards`).
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.core.fields import EncryptedJSONField, EncryptedTextField


class Proposal(models.Model):
    """`subject` names the thing, so that two can't wait for the same (`case:12`); `arguments` are exactly what is done
    once a second person agrees. `person` is whom it concerns, who can't be the second. Without a `zone` it counts in
    all of them. `late_at` is when its clock went over: from then on the operator may be the second as well."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for a second person")
        DONE = "done", _("Agreed and done")
        REFUSED = "refused", _("Refused by the second person")
        WITHDRAWN = "withdrawn", _("Taken back")
        IMPOSSIBLE = "impossible", _("Agreed, but not possible any more: nothing was done")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("what"), max_length=30)
    zone = models.ForeignKey(
        "accounts.Zone", models.PROTECT, null=True, related_name="+", verbose_name=_("zone")
    )
    subject = models.CharField(max_length=80)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    arguments = EncryptedJSONField(default=dict)
    reason = EncryptedTextField(_("reason"), default="")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"))
    late_at = models.DateTimeField(_("late"), null=True)
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.WAITING
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    answer = EncryptedTextField(_("answer"), default="")

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(fields=["zone"], name="proposals_waiting", condition=Q(state="waiting")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(state="waiting"),
                name="one_waits_for_the_same",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "refused", "impossible"])
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by"))),
                name="the_second_is_another_person",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.subject}"

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING
