"""The people of a case, each entered once whatever the number of their roles."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.cases.models.application import Application
from kernel.core.fields import EncryptedJSONField


class Person(models.Model):
    """`data` is what was typed (see `kernel.form.filing.PERSON_FIELDS`); roles are answers that point to `uid`."""

    class Kind(models.TextChoices):
        NATURAL = "natural", _("Natural person")
        LEGAL = "legal", _("Company or other legal person")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, models.CASCADE, related_name="people")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.NATURAL)
    is_shareholder = models.BooleanField(_("shareholder"), default=False)
    data = EncryptedJSONField(default=dict)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["pk"]

    def __str__(self):
        return str(self.uid)
