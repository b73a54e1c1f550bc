"""What somebody is told, written in the transaction of the move that it tells of."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.cases.models import Application


class Notice(models.Model):
    """One message to one person, of a case, or, without one, of their own account. `kind` and `params` (departments,
    clocks, minutes; no personal data) become a text when it is read, in the reader's language.

    `idempotency_key` is the event's hash and the recipient, so that a move can't tell anybody twice. The inbox shows it
    at once; whether it goes by e-mail too, the outbox says.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="notices",
        verbose_name=_("recipient"),
    )
    application = models.ForeignKey(
        Application, models.CASCADE, null=True, related_name="notices", verbose_name=_("case")
    )
    kind = models.CharField(_("kind"), max_length=20)
    params = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("written"))
    idempotency_key = models.CharField(max_length=96, unique=True)
    read_at = models.DateTimeField(_("read"), null=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="notice_inbox"),
            models.Index(
                fields=["recipient"], condition=models.Q(read_at=None), name="notice_unread"
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.idempotency_key[:12]}"
