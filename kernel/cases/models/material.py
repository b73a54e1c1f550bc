"""What the applicant uploaded: only what can't be generated."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.cases.models.application import Application
from kernel.core.fields import PlacedFileField


class Material(models.Model):
    """Of an identity card's copy `person` (the uid of somebody of the case) and `side` are its place, and `look` is the
    digest of what it shows (`kernel.form.id_copies`); copies of before have none of them."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, models.CASCADE, related_name="materials")
    kind = models.CharField(_("kind"), max_length=30)
    file = PlacedFileField(_("file"))
    filename = models.CharField(_("file name"), max_length=120)
    content_type = models.CharField(_("type"), max_length=40)
    size = models.PositiveIntegerField(_("size (bytes)"))
    pages = models.PositiveSmallIntegerField(_("pages"), default=1)
    sha256 = models.CharField(max_length=64)
    person = models.UUIDField(_("person"), null=True, blank=True, editable=False)
    side = models.CharField(_("side"), max_length=10, blank=True, default="")
    look = models.CharField(max_length=64, blank=True, default="", editable=False)
    uploaded_at = models.DateTimeField(_("uploaded"))

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        ordering = ["pk"]

    def __str__(self):
        return self.filename

    def file_path(self) -> str:
        return f"materials/{self.application.uid}/{self.uid}"

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")
