"""Published versions of the review standards."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.standards import records


class StandardsVersion(models.Model):
    """One version of one part, the kernel's or a department's (`kernel.standards.parts`); `items` is the list that
    `kernel.standards` reads. A case names one of each part and keeps them.

    Without `effective_from` it is a draft; once published the database refuses any change (`database_guards`). Those
    that an administrator began are `made_here`, the others came with the product.
    """

    part = models.CharField(_("part"), max_length=30)
    number = models.PositiveIntegerField(_("version"))
    effective_from = models.DateField(_("in force from"), null=True)
    items = models.JSONField(default=list)
    made_here = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("version of the standards")
        verbose_name_plural = _("versions of the standards")
        ordering = ["part", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["part", "number"], name="standards_one_of_a_number")
        ]

    def __str__(self):
        return records.Named(self.part, self.number).label

    @property
    def is_draft(self) -> bool:
        return self.effective_from is None
