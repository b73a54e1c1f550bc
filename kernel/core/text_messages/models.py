"""What is to be told to a phone, until it was told or told too late."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.core.fields import EncryptedJSONField, EncryptedTextField


class TextMessage(models.Model):
    """One text. `kind` is its wording (`wording`), `words` what stands in the gaps; after `until` it is of no use: it
    isn't sent any more, and the sweep of what is past its days takes the row."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=20)
    phone = EncryptedTextField()
    words = EncryptedJSONField(default=dict)
    until = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("text message")
        verbose_name_plural = _("text messages")

    def __str__(self):
        return f"{self.kind} {self.uid}"
