"""Published versions of the review standards."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StandardSet(models.Model):
    """One version: `items` is the list that `kernel.standards` reads. A case keeps the one it was filed under.

    Without `effective_from` it is a draft; once published the database refuses any change (`database_guards`). Those
    that an administrator began are `made_here`, the others came with the product.
    """

    version = models.PositiveIntegerField(_("version"), unique=True)
    effective_from = models.DateField(_("in force from"), null=True)
    items = models.JSONField(default=list)
    made_here = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("version of the standards")
        verbose_name_plural = _("versions of the standards")
        ordering = ["-version"]

    def __str__(self):
        return str(self.version)

    @property
    def is_draft(self) -> bool:
        return self.effective_from is None
