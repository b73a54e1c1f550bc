"""What happened with an account: read by its holder, who so finds out what others did with it. Appended, never
changed."""

from django.conf import settings
from django.db import models
from django.dispatch import Signal
from django.utils.translation import gettext_lazy as _

from kernel.core.append_only import AppendOnly
from kernel.core.moment import now


class AccountEvent(AppendOnly):
    """`by` is who did it, at the window or in the administration; empty for the holder."""

    class Kind(models.TextChoices):
        REGISTERED = "registered", _("Account opened")
        PHONE_PROVED = "phone_proved", _("Mobile phone proved by a code")
        PHONE_GONE = (
            "phone_gone",
            _("The phone was proved by another account and is this one's no more"),
        )
        NAME_PROVED = "name_proved", _("Name and ID number proved")
        PASSWORD = "password", _("Password changed")  # noqa: S105 (a kind)
        RECOVERED = "recovered", _("Opened again after a forgotten password; all sessions ended")
        SESSIONS = "sessions", _("Sessions ended")
        WINDOW_PHONE = "window_phone", _("Given to its holder at the window; all sessions ended")
        WINDOW_NAME = "window_name", _("Name changed at the window")
        GUESSED = "guessed", _("Many wrong passwords were typed, and log-in paused for a while")
        MAIL = "mail", _("E-mail address proved by a code")
        MAIL_GONE = "mail_gone", _("E-mail address given up")
        WEBHOOK = "webhook", _("Webhook proved")
        WEBHOOK_GONE = "webhook_gone", _("Webhook taken away")
        CAME = "came", _("You were at the counter, shown by a code sent to your phone")
        CARD_SEEN = "card_seen", _("You were at the counter, shown by your identity card")
        PICTURE_OPENED = "picture_opened", _("The picture of your identity card was opened")
        SITE = "site", _("Logged in by the province's service site for the first time")
        COPY = "copy", _("A copy of your data was given to you")
        CLOSED = "closed", _("Account closed")
        # By the administration, about whoever it concerns.
        ROLES = "roles", _("Roles, zone or unit changed; all sessions ended")
        PASSWORD_SET = "password_set", _("Password set by the administration; all sessions ended")
        STEP_RESET = "step_reset", _("Second step to be set up anew; all sessions ended")
        LINK = "link", _("Link given to set up the account")
        BY_LINK = "by_link", _("Password chosen by a link; all sessions ended")
        SHUT = "shut", _("Account shut by the administration; all sessions ended")
        OPENED = "opened", _("Account opened again by the administration")

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="account_events"
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("event of an account")
        verbose_name_plural = _("events of accounts")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.kind} {self.account_id}"


recorded = Signal()
"""Sent with the `event` just written, inside its transaction, for whoever tells people."""


def record(account, kind: AccountEvent.Kind, by=None) -> None:
    event = AccountEvent.objects.create(account=account, kind=kind, at=now(), by=by)
    recorded.send(sender=AccountEvent, event=event)
