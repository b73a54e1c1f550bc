"""The people of a case, each entered once whatever the number of their roles."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.cases.models.application import Application
from kernel.core.fields import EncryptedJSONField
from kernel.core.privacy import blind_index
from kernel.core.typed import id_number, phone_number


class Person(models.Model):
    """`data` is what was typed (see `kernel.form.filing.PERSON_FIELDS`); roles are answers that point to `uid`.

    `number_index` and `phone_index` are digests by which the same person, or phone, is found in other cases."""

    class Kind(models.TextChoices):
        NATURAL = "natural", _("Natural person")
        LEGAL = "legal", _("Company or other legal person")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, models.CASCADE, related_name="people")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.NATURAL)
    is_shareholder = models.BooleanField(_("shareholder"), default=False)
    data = EncryptedJSONField(default=dict)
    number_index = models.CharField(max_length=64, blank=True, default="", editable=False)
    phone_index = models.CharField(max_length=64, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["number_index"], name="person_number"),
            models.Index(fields=["phone_index"], name="person_phone"),
        ]

    def __str__(self):
        return str(self.uid)

    def save(self, *args, **kwargs):
        self.number_index = blind_index(id_number(self.data.get("id_number", "")))
        self.phone_index = blind_index(phone_number(self.data.get("phone", "")))
        super().save(*args, **kwargs)
