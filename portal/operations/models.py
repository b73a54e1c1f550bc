"""When each sweep was last done. Kept in the database, since it is what tells that Redis or the workers are away."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Heartbeat(models.Model):
    """`sweep` is a key of CELERY_BEAT_SCHEDULE; `done_at` is real time, also while a simulated day shows another."""

    sweep = models.CharField(_("sweep"), max_length=40, unique=True)
    done_at = models.DateTimeField(_("last done"))

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self):
        return self.sweep
