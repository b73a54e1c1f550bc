"""Who else works on a case: people whom its applicant let in, and the one to whom it is handed over."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.cases.models.application import Application
from kernel.core.fields import EncryptedTextField


class Share(models.Model):
    """An offer to whoever has a phone number, and what became of it.

    `phone_index` is how the person finds it; whether anybody has the number isn't told to who offers it. `HELP` is a
    helper of the staff whom the applicant agreed to: it has no phone, one case has one at a time, and it opens a draft
    alone.
    """

    class Kind(models.TextChoices):
        WORK = "work", _("Work on it together")
        HAND_OVER = "hand_over", _("Hand it over")
        HELP = "help", _("Help by somebody of the staff")

    class State(models.TextChoices):
        OFFERED = "offered", _("Not answered yet")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")
        ENDED = "ended", _("Ended")

    OFFERED_TO_PHONES = (Kind.WORK, Kind.HAND_OVER)
    LIVE = (State.OFFERED, State.ACCEPTED)

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(
        Application, models.CASCADE, related_name="shares", verbose_name=_("case")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.OFFERED
    )
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    offered_at = models.DateTimeField(_("offered"))
    phone = EncryptedTextField(_("mobile phone"))
    phone_index = models.CharField(max_length=64, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(_("answered"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("share")
        verbose_name_plural = _("shares")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "phone_index", "kind"],
                condition=models.Q(state__in=["offered", "accepted"]),
                name="one_live_share_of_a_kind",
            ),
            models.UniqueConstraint(
                fields=["application"],
                condition=models.Q(kind="hand_over", state="offered"),
                name="one_hand_over_at_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["user"], condition=models.Q(state="accepted"), name="share_of_user"
            ),
            models.Index(
                fields=["phone_index"], condition=models.Q(state="offered"), name="share_offered"
            ),
        ]

    def __str__(self):
        return str(self.uid)
