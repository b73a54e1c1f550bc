"""Each password that was looked at, and each log-in without one: whose, when, from where, and whether it was right.
Kept for as long as the law asks (`kernel.accounts.retention`); nobody reads it but for an inquiry."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.core.fields import EncryptedTextField
from kernel.core.moment import real_now


class LogInRecord(models.Model):
    """`account` is empty where the name is nobody's; what was typed is not kept."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+"
    )
    at = models.DateTimeField(db_index=True)
    address = EncryptedTextField()
    was_right = models.BooleanField()

    class Meta:
        verbose_name = _("record of a log-in")
        verbose_name_plural = _("records of log-ins")

    def __str__(self):
        return f"{self.account_id} {self.at:%Y-%m-%d %H:%M}"


def record(account, address: str, was_right: bool) -> None:
    LogInRecord.objects.create(account=account, at=real_now(), address=address, was_right=was_right)
