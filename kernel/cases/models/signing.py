"""Links by which the people of a case read and sign their papers."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.cases.models.application import Application


class SigningRequest(models.Model):
    """One signer's link: its `uid` is the address. `person` is the `uid` of the Person who signs; the codes by which it
    opens are `kernel.accounts.one_time_codes`. What was signed stands in the case's answers, not here."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, models.CASCADE, related_name="signing_requests")
    person = models.UUIDField()
    asked_at = models.DateTimeField(_("asked"))
    opened_at = models.DateTimeField(_("opened"), null=True)

    class Meta:
        verbose_name = _("signing link")
        verbose_name_plural = _("signing links")
        constraints = [
            models.UniqueConstraint(fields=["application", "person"], name="one_link_a_signer")
        ]

    def __str__(self):
        return str(self.uid)
