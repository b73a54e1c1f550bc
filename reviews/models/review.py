"""What a citizen said of a case, of one department's part of it, or of something else that was given to them."""

import uuid

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.accounts.models import Zone
from kernel.cases import reviewable
from kernel.cases.models import Application
from kernel.core import departments
from kernel.core.fields import EncryptedTextField, NamedField, PlacedFileField
from kernel.core.words import Words

WHOLE = "whole"


def services() -> list[tuple[str, Words]]:
    """What can be reviewed of a case: all of it, or the part of one department."""
    return [(WHOLE, pgettext_lazy("service", "The whole case")), *departments.choices()]


class Level(models.IntegerChoices):
    """The five levels of the national scheme; the last two are bad reviews."""

    VERY_GOOD = 5, _("Very satisfied")
    GOOD = 4, _("Satisfied")
    FAIR = 3, _("Fairly satisfied")
    BAD = 2, _("Dissatisfied")
    VERY_BAD = 1, _("Very dissatisfied")


BAD_LEVELS = (Level.BAD, Level.VERY_BAD)


class Review(models.Model):
    """One review for each service of a case (`application`, `service`), or of one thing of another kind (`kind`,
    `thing`; `kernel.cases.reviewable`), which may belong to a case too.

    `department` answers for it, "" for the supervisor. `confidential` keeps the reviewer from everybody but the
    supervisor. `withheld` is the rule of moderation by which its words are kept from the desk; the review counts all
    the same. `window` is the number of the window whose code was scanned.
    """

    class Way(models.TextChoices):
        CASE = "case", _("from one's own case")
        CODE = "code", _("with a review code")
        WINDOW = "window", _("by the code at a window")
        KIOSK = "kiosk", _("at the kiosk")
        TEXT = "text", _("by the link of a text")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="+", verbose_name=_("zone"))
    application = models.ForeignKey(
        Application,
        models.PROTECT,
        related_name="reviews",
        null=True,
        blank=True,
        verbose_name=_("case"),
    )
    kind = models.CharField(_("kind"), max_length=20, blank=True)
    thing = models.UUIDField(null=True, blank=True, editable=False)
    service = NamedField(_("service"), max_length=40, choices=services, default=WHOLE)
    department = NamedField(_("department"), max_length=20, choices=departments.choices, blank=True)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices)
    tags = models.JSONField(_("themes"), default=list, blank=True)
    comment = EncryptedTextField(_("comment"), blank=True, default="")
    withheld = models.CharField(_("words kept back"), max_length=20, blank=True)
    picture = PlacedFileField(_("picture"), blank=True)
    picture_type = models.CharField(max_length=40, blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reviewer"),
    )
    confidential = models.BooleanField(_("confidential"), default=True)
    way = models.CharField(_("way"), max_length=10, choices=Way.choices, default=Way.CASE)
    window = models.PositiveSmallIntegerField(_("window"), null=True, blank=True)
    created_at = models.DateTimeField(_("given"))

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "service"],
                condition=models.Q(kind=""),
                name="one_review_a_service",
            ),
            models.UniqueConstraint(
                fields=["kind", "thing"],
                condition=~models.Q(kind=""),
                name="one_review_a_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(level__range=(1, 5)), name="review_level_of_five"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="", thing=None, application__isnull=False)
                | (~models.Q(kind="") & models.Q(thing__isnull=False)),
                name="review_of_a_case_or_a_thing",
            ),
        ]
        indexes = [models.Index(fields=["zone", "-created_at"], name="review_of_zone")]

    def __str__(self):
        return f"{self.label} {self.get_level_display()}"

    @property
    def is_bad(self) -> bool:
        return self.level in BAD_LEVELS

    @property
    def number(self) -> str:
        """What people call it by; says nothing of the case."""
        return f"PJ-{localtime(self.created_at):%Y-%m%d}-{self.pk:03d}"

    @property
    def label(self) -> Words:
        """What was reviewed."""
        if not self.kind:
            return self.get_service_display()
        thing = reviewable.of_uid(self.kind, self.thing) if self.thing else None
        return thing.label if thing else self.service

    @property
    def can_be_contacted(self) -> bool:
        """Whether there is anybody to call: the applicant of the case, or the writer's own account."""
        return bool(self.reviewer_id or self.application_id)

    @property
    def repair(self):
        """The task of whoever must mend it; None for a good one."""
        try:
            return self.follow_up.repair
        except ObjectDoesNotExist:
            return None

    def file_path(self) -> str:
        return f"reviews/{self.uid}"
