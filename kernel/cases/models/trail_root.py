"""The daily roots of the trail: one hash over the chains of a zone, signed with the zone's key."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.accounts.models import Zone
from kernel.core.append_only import AppendOnly


class TrailRoot(AppendOnly):
    """Append-only, numbered from 1 in each zone. `previous` is the digest of the root before it with its signature.

    `last_event` is the highest key of an event that was there when it was made. The `opening` one sealed, once, events
    from before the trail had a key.
    """

    zone = models.ForeignKey(
        Zone, models.PROTECT, related_name="trail_roots", verbose_name=_("zone")
    )
    number = models.PositiveIntegerField(_("number"))
    day = models.DateField(_("day"))
    opening = models.BooleanField(default=False)
    cases = models.PositiveIntegerField(_("cases"))
    root = models.CharField(_("root"), max_length=64)
    previous = models.CharField(_("digest of the root before it"), max_length=64, blank=True)
    signature = models.CharField(_("signature"), max_length=128)
    last_event = models.BigIntegerField()
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("daily root of the trail")
        verbose_name_plural = _("daily roots of the trail")
        ordering = ["zone", "number"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "number"], name="one_root_a_number"),
            models.UniqueConstraint(fields=["zone", "day"], name="one_root_a_day"),
        ]

    def __str__(self):
        return f"{self.day:%Y-%m-%d} {self.root[:16]}"


class TrailLeaf(AppendOnly):
    """How long a case's chain was when its root was made, and the hash of its last event then. Append-only; `case` is
    the case's key and no relation, so that it stays when somebody removes the case."""

    root = models.ForeignKey(TrailRoot, models.PROTECT, related_name="leaves")
    case = models.BigIntegerField()
    length = models.PositiveIntegerField()
    head = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["root", "case"], name="one_leaf_a_case")]
        indexes = [models.Index(fields=["case"], name="leaves_of_a_case")]

    def __str__(self):
        return f"{self.case} {self.length}"
