"""Reviews of completed services, and the follow-up that each bad one must have."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.cases.models import Application
from kernel.core import departments
from kernel.core.fields import NamedField
from kernel.core.words import Words

WHOLE = "whole"


def services() -> list[tuple[str, Words]]:
    """What can be reviewed: the whole case, or the part of one department."""
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
    """One review for each service of a case. `confidential` keeps the reviewer from everybody but the supervisor."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="reviews", verbose_name=_("case")
    )
    service = NamedField(_("service"), max_length=20, choices=services, default=WHOLE)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices)
    comment = models.TextField(_("comment"), max_length=500, blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reviewer"),
    )
    confidential = models.BooleanField(_("confidential"), default=True)
    created_at = models.DateTimeField(_("given"))

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "service"], name="one_review_a_service"),
            models.CheckConstraint(
                condition=models.Q(level__range=(1, 5)), name="review_level_of_five"
            ),
        ]

    def __str__(self):
        return f"{self.get_service_display()} {self.get_level_display()}"

    @property
    def is_bad(self) -> bool:
        return self.level in BAD_LEVELS


class FollowUp(models.Model):
    """What was done about a bad review. It is open until the reviewer was contacted and the cause is put right. By when
    the contact is due, its clock says (`queries.follow_ups`); what came of it, its outcomes."""

    review = models.OneToOneField(
        Review, models.PROTECT, related_name="follow_up", verbose_name=_("review")
    )
    contacted_at = models.DateTimeField(_("contacted"), null=True, blank=True)
    contacted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("contacted by"),
    )
    rectified_at = models.DateTimeField(_("put right"), null=True, blank=True)
    rectified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("put right by"),
    )

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["review"], condition=models.Q(contacted_at=None), name="follow_up_waiting"
            )
        ]

    def __str__(self):
        return str(self.review)


class Outcome(models.Model):
    """What came of one contact, as it was written then; the next one stands beside it, never in its place."""

    follow_up = models.ForeignKey(
        FollowUp, models.PROTECT, related_name="outcomes", verbose_name=_("follow-up")
    )
    text = models.TextField(_("outcome"), max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    at = models.DateTimeField(_("written"))

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        ordering = ["at", "pk"]

    def __str__(self):
        return self.text
