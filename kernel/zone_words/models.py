"""What a zone says in the place of the product's own words, in versions, and what was done with each."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.core.append_only import AppendOnly


class ZoneWords(models.Model):
    """One version of what a zone says at one place (`places.Place`): a draft, then in force from a moment on, and never
    changed or deleted after that. `words` has `title_zh`, `title_en`, `body_zh` and `body_en`, with blanks such as
    `{number}`; it is empty where the product's own words, or none at all, are to be used (`says`)."""

    class Says(models.TextChoices):
        OWN = "own", _("The zone's own words")
        PRODUCT = "product", _("The product's words")
        NOTHING = "nothing", _("Not offered")

    zone = models.ForeignKey(
        "accounts.Zone", models.PROTECT, related_name="+", verbose_name=_("zone")
    )
    place = models.CharField(max_length=80)
    number = models.PositiveIntegerField(_("version"))
    says = models.CharField(max_length=10, choices=Says.choices, default=Says.OWN)
    words = models.JSONField(default=dict)
    in_force_from = models.DateTimeField(_("in force from"), null=True)

    class Meta:
        verbose_name = _("words of a zone")
        verbose_name_plural = _("words of zones")
        ordering = ["place", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "place", "number"], name="one_version_of_each_number"
            ),
            models.UniqueConstraint(
                fields=["zone", "place"],
                condition=Q(in_force_from=None),
                name="one_draft_of_a_zones_words",
            ),
        ]

    def __str__(self):
        return f"{self.place} {self.number}"

    @property
    def texts(self) -> dict[str, str]:
        """Its words, without what a hand in the database may have put in that is no text."""
        kept = self.words if isinstance(self.words, dict) else {}
        return {name: text for name, text in kept.items() if isinstance(text, str)}

    @property
    def is_draft(self) -> bool:
        return self.in_force_from is None


class WordsEvent(AppendOnly):
    """What was done with a version: appended, never changed. `data` keeps what it said at that moment."""

    class Kind(models.TextChoices):
        KEPT = "kept", _("Draft kept")
        DISCARDED = "discarded", _("Draft discarded")
        ASKED = "asked", _("Put before a second person")
        IN_FORCE = "in_force", _("Agreed by a second person, in force")

    zone = models.ForeignKey("accounts.Zone", models.PROTECT, related_name="+")
    place = models.CharField(max_length=80)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    second = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("event of a zone's words")
        verbose_name_plural = _("events of zones' words")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["zone", "place"], name="events_of_words")]

    def __str__(self):
        return f"{self.kind} {self.place} {self.number}"
