"""What is to be told outside, written in the transaction of the move that it tells of."""

from collections.abc import Sequence

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.core import rows
from kernel.core.moment import real_now
from kernel.core.wake import wake

DELIVER = "kernel.core.outbox.tasks.deliver"


class Message(models.Model):
    """One thing that one system outside is told.

    `channel` is who tells it (`channels`), `payload` what that needs to find the facts: keys of rows, no personal
    data. `key` is handed on, so that a repeat is known as one. `subject` is what people call the thing that it tells
    of, `zone` the primary key of whose it is. `next_try_at` is the lease of the worker that has it in hand: NULL once
    it is settled. `error` names the last failure's class; its text is a stranger's and may hold anything.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits to be told")
        TOLD = "told", _("Told")
        LAPSED = "lapsed", _("Nobody to tell any more")
        ASIDE = "aside", _("Set aside after failures")
        REFUSED = "refused", _("Can't be told")

    channel = models.CharField(_("whom"), max_length=30)
    key = models.CharField(_("key"), max_length=96, unique=True)
    subject = models.CharField(_("case"), max_length=40, blank=True)
    zone = models.BigIntegerField(null=True)
    payload = models.JSONField(default=dict)
    written_at = models.DateTimeField(_("written"))
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try"), null=True)
    settled_at = models.DateTimeField(_("settled"), null=True)
    error = models.CharField(_("last failure"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("message to a system outside")
        verbose_name_plural = _("messages to systems outside")
        ordering = ["-written_at", "-pk"]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(next_try_at__isnull=False),
                name="outbox_due",
            ),
            models.Index(fields=["zone"], condition=models.Q(state="aside"), name="outbox_aside"),
        ]

    def __str__(self):
        return f"{self.channel} {self.subject}"


def post(messages: Sequence[Message]) -> None:
    """Write these in one statement and wake a worker after the commit; one whose key is there is left alone."""
    at = real_now()
    for message in messages:
        message.next_try_at = at
    if messages:
        rows.insert(messages, met_by=("key",), changing=("key",))
        wake(DELIVER)
