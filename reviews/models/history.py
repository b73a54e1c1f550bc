"""What was written down of reviews: each step of one, and that somebody was asked for one."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.accounts.models import roles
from kernel.cases.models import Application
from kernel.core.append_only import AppendOnly
from kernel.core.fields import EncryptedTextField, NamedField
from reviews.models.review import Review


class ReviewEvent(AppendOnly):
    """One step of a review, append-only: who, in which role, when. `text` is what was written with it: nothing but the
    key that it lies under may ever change. A step of a review of a case stands on the case's trail too, without it."""

    encrypted = "text"

    class Step(models.TextChoices):
        LEFT = "left", _("Review given")
        CONTACTED = "contacted", _("Writer contacted")
        WROTE = "wrote", _("Message to the writer")
        SUBMITTED = "submitted", _("Repaired; the writer is asked")
        SUBMITTED_UNASKED = "unasked", _("Repaired; nobody can be asked")
        EXTENSION_ASKED = "more_asked", _("More time asked for")
        EXTENDED = "extended", _("More time given")
        EXTENSION_REFUSED = "more_refused", _("More time refused")
        HANDED_BACK = "handed_back", _("Not ours: back to the supervisor")
        REASSIGNED = "reassigned", _("Given to a department")
        SOLVED = "solved", _("Writer: solved")
        UNSOLVED = "unsolved", _("Writer: not solved; one level up")
        LATER = "later", _("Writer: ask me later")
        SILENT = "silent", _("No answer of the writer in time")
        WARNED = "warned", _("Time is running out")
        LATE = "late", _("Over the time limit")
        CLOSED = "closed", _("Closed without a public sentence")
        PUBLISHED = "published", _("Closed; the sentence is public")
        CONSENT_BACK = "consent_back", _("Consent taken back; no sentence is public")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    review = models.ForeignKey(Review, models.PROTECT, related_name="events")
    step = models.CharField(_("step"), max_length=12, choices=Step.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    role = NamedField(_("role"), max_length=30, choices=roles, blank=True)
    text = EncryptedTextField(_("text"), blank=True, default="")
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("step of a review")
        verbose_name_plural = _("steps of reviews")
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.review_id} {self.step}"


class ReviewRequest(models.Model):
    """That the applicant of a case was asked for a review by a link: once, and never again."""

    application = models.OneToOneField(
        Application, models.PROTECT, related_name="review_request", verbose_name=_("case")
    )
    asked_at = models.DateTimeField(_("asked"))

    class Meta:
        verbose_name = _("request for a review")
        verbose_name_plural = _("requests for reviews")

    def __str__(self):
        return str(self.application_id)
