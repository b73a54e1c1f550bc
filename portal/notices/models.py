"""What somebody is told, written in the transaction of the move that it tells of, and how it reached them."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.accounts.models import Role
from kernel.cases.models import Application
from kernel.core.fields import EncryptedTextField


class Notice(models.Model):
    """One message to one person, of a case, or, without one, of their own account. `kind` and `params` (departments,
    clocks, minutes; no personal data) become a text when it is read, in the reader's language.

    `idempotency_key` is the event's hash and the recipient, so that a move can't tell anybody twice. The inbox shows it
    at once. `settled_at` is when its reader, who hadn't read it, could do nothing about it any more: from then on it
    doesn't count as unread (`settling`). `channels_at` is when a worker decides by which other channels it goes
    (`sending_out`), NULL once that is done: they may have to wait for the end of somebody's quiet hours.
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
    settled_at = models.DateTimeField(null=True)
    channels_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="notice_inbox"),
            models.Index(
                fields=["recipient"], condition=models.Q(read_at=None), name="notice_unread"
            ),
            models.Index(
                fields=["channels_at"],
                condition=models.Q(channels_at__isnull=False),
                name="notice_to_send_out",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.idempotency_key[:12]}"


class DigestItem(models.Model):
    """An alarm that somebody of the staff reads in their next digest (`digest`): of a case that isn't in their hands.
    `kind` is warned or breached; the row goes once it was told, or is settled."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    application = models.ForeignKey(Application, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    clock = models.CharField(max_length=30)
    created_at = models.DateTimeField()
    idempotency_key = models.CharField(max_length=96, unique=True)

    class Meta:
        verbose_name = _("alarm for the next digest")
        verbose_name_plural = _("alarms for the next digest")
        ordering = ["pk"]
        indexes = [models.Index(fields=["recipient", "created_at"], name="digest_waiting")]

    def __str__(self):
        return f"{self.kind} {self.clock}"


class Delivery(models.Model):
    """A notice on its way by one channel beside the inbox.

    Queued until whoever carries it took it; delivered when the carrier says that it arrived, which some never say. The
    key that the carrier is handed is made of `uid`: a repeat is known by it, and so is a receipt. `trail_due`: that it
    was taken, or failed, isn't on the trail of the case yet.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waits to be sent")
        TAKEN = "taken", _("Taken by the carrier")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Not delivered")

    class Fault(models.TextChoices):
        NO_ADDRESS = "no_address", _("no proved phone and no proved e-mail address")
        GONE = "gone", _("the phone, e-mail address or webhook was given up meanwhile")
        REFUSED = "refused", _("the carrier refuses the number or address")
        AWAY = "away", _("the carrier could not be reached for many hours")
        LOST = "lost", _("the carrier says that it did not arrive")
        LATE = "late", _("it would have come too late")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    channel = models.CharField(_("channel"), max_length=20)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    fault = models.CharField(_("why not"), max_length=10, choices=Fault.choices, blank=True)
    queued_at = models.DateTimeField(_("written"))
    taken_at = models.DateTimeField(_("taken"), null=True)
    ended_at = models.DateTimeField(_("delivered or failed"), null=True)
    trail_due = models.BooleanField(default=False, db_default=False)

    class Meta:
        verbose_name = _("delivery of a message")
        verbose_name_plural = _("deliveries of messages")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="once_by_each_channel")
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(trail_due=True), name="delivery_not_on_trail"
            )
        ]

    def __str__(self):
        return f"{self.channel} {self.uid}"


class Choices(models.Model):
    """How somebody wants to be told beside the inbox; who chose nothing has no row, and the defaults.

    From `quiet_from` until `quiet_until` by the clock on the wall no text is sent, unless something falls due soon;
    without both there are no quiet hours.
    """

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_choices"
    )
    texts = models.BooleanField(_("Texts to my mobile phone"), default=True)
    mail = models.BooleanField(_("E-mail"), default=True)
    quiet_from = models.TimeField(_("Quiet from"), null=True)
    quiet_until = models.TimeField(_("Quiet until"), null=True)

    class Meta:
        verbose_name = _("choice of channels")
        verbose_name_plural = _("choices of channels")

    def __str__(self):
        return str(self.account_id)


class MailAddress(models.Model):
    """The e-mail address of somebody, once they typed the code that was sent to it: nothing else is written to.

    `asked` is one that is being proved, `code` what was sent to it, good until `until` (real time) and for a few tries.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_address"
    )
    address = EncryptedTextField(blank=True, default="")
    proved_at = models.DateTimeField(null=True)
    asked = EncryptedTextField(blank=True, default="")
    code = EncryptedTextField(blank=True, default="")
    until = models.DateTimeField(null=True)
    wrong = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("e-mail address")
        verbose_name_plural = _("e-mail addresses")

    def __str__(self):
        return str(self.account_id)


class Webhook(models.Model):
    """The address of a company's own system that is told what its holder is told (`webhooks`), once it was proved.

    `address` and `secret` are in use since `proved_at`; `asked` and `asked_secret` wait for their proof since
    `asked_at`, and change nothing until then. `kinds` are the groups of notices that go there. `taken_at` is when it
    took the last; `away_since` since when it has taken none, `off_at` when it was switched off for that.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="webhook")
    address = EncryptedTextField(blank=True, default="")
    secret = EncryptedTextField(blank=True, default="")
    proved_at = models.DateTimeField(null=True)
    asked = EncryptedTextField(blank=True, default="")
    asked_secret = EncryptedTextField(blank=True, default="")
    asked_at = models.DateTimeField(null=True)
    kinds = models.JSONField(default=list)
    taken_at = models.DateTimeField(null=True)
    away_since = models.DateTimeField(null=True)
    off_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")

    def __str__(self):
        return str(self.uid)

    @property
    def is_on(self) -> bool:
        """Proved, not switched off, and of an applicant whose account is open."""
        holder = self.account
        return bool(
            self.proved_at
            and self.off_at is None
            and holder.is_active
            and holder.holds(Role.APPLICANT)
        )
