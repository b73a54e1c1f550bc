"""Characters of a case that no font has, as somebody at the window had them drawn."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.cases.models.application import Application


class DrawnCharacter(models.Model):
    """`path` is the character's outline as traced from its picture, in the units of `kernel.papers.outlines`."""

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="drawn_characters", verbose_name=_("case")
    )
    character = models.CharField(_("character"), max_length=1)
    path = models.TextField(_("outline"))
    attached_at = models.DateTimeField(_("attached"))
    attached_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("drawn character")
        verbose_name_plural = _("drawn characters")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "character"], name="one_drawing_a_character"
            )
        ]

    def __str__(self):
        return self.character
