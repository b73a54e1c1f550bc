"""What follows a bad review: the call, and the repair with its own task."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.core import departments
from kernel.core.fields import EncryptedTextField, NamedField
from reviews.models.review import Level, Review


def _person(label) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=label,
    )


class FollowUp(models.Model):
    """What was done about a bad review. It is open until the reviewer was contacted and the repair is closed
    (`rectified_at`). By when the contact is due, its clock says (`queries.follow_ups`); what came of it, its outcomes.
    """

    review = models.OneToOneField(
        Review, models.PROTECT, related_name="follow_up", verbose_name=_("review")
    )
    contacted_at = models.DateTimeField(_("contacted"), null=True, blank=True)
    contacted_by = _person(_("contacted by"))
    rectified_at = models.DateTimeField(_("put right"), null=True, blank=True)
    rectified_by = _person(_("put right by"))

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

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    follow_up = models.ForeignKey(
        FollowUp, models.PROTECT, related_name="outcomes", verbose_name=_("follow-up")
    )
    text = EncryptedTextField(_("outcome"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    at = models.DateTimeField(_("written"))

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.follow_up_id} {self.uid}"


class Repair(models.Model):
    """The task to mend what a bad review is about, of the officers of `department` who had no part in it, or of the
    supervisor.

    `round` counts how often it was repaired: one more after each answer "not solved". `level_after` is the level that
    the writer gave after the repair; the first one stays what it was and what is counted. `answer_due_at` is until
    when the writer's answer is awaited. `consent` says whether the writer agrees to `sentence` being published, None
    while it isn't known; it may be taken back at any time. `published_at`: it stands on the public page.
    """

    class State(models.TextChoices):
        AT_DESK = "desk", _("to be repaired by the desk")
        AT_SUPERVISOR = "supervisor", _("to be repaired by the supervisor")
        ASKED = "asked", _("the writer is asked")
        CHECKING = "checking", _("to be checked by the supervisor")
        CLOSED = "closed", pgettext_lazy("repair", "closed")

    class Answer(models.TextChoices):
        SOLVED = "solved", _("Solved")
        UNSOLVED = "unsolved", _("Not solved")
        LATER = "later", _("Can't tell, ask me later")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    follow_up = models.OneToOneField(
        FollowUp, models.PROTECT, related_name="repair", verbose_name=_("follow-up")
    )
    department = NamedField(_("department"), max_length=20, choices=departments.choices, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    cause = models.CharField(_("cause"), max_length=20, blank=True)
    done = EncryptedTextField(_("what was done"), blank=True, default="")
    since = models.DateField(_("from when"), null=True, blank=True)
    responsible = EncryptedTextField(_("responsible"), blank=True, default="")
    sentence = EncryptedTextField(_("sentence for the public"), blank=True, default="")
    submitted_at = models.DateTimeField(_("repaired"), null=True, blank=True)
    submitted_by = _person(_("repaired by"))
    answer = models.CharField(_("answer"), max_length=10, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answer_due_at = models.DateTimeField(_("answer awaited until"), null=True, blank=True)
    level_after = models.PositiveSmallIntegerField(
        _("level after the repair"), choices=Level.choices, null=True, blank=True
    )
    consent = models.BooleanField(_("may be published"), null=True, blank=True)
    extension_days = models.PositiveSmallIntegerField(_("days asked for"), null=True, blank=True)
    extension_reason = EncryptedTextField(_("why more time"), blank=True, default="")
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = _person(_("closed by"))
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    class Meta:
        verbose_name = _("repair")
        verbose_name_plural = _("repairs")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["answer_due_at"],
                condition=models.Q(state="asked"),
                name="repair_answer_awaited",
            ),
            models.Index(
                fields=["-published_at"],
                condition=models.Q(published_at__isnull=False),
                name="repair_published",
            ),
        ]

    def __str__(self):
        return f"{self.follow_up} {self.get_state_display()}"

    @property
    def review(self) -> Review:
        return self.follow_up.review

    @property
    def is_to_be_repaired(self) -> bool:
        return self.state in (self.State.AT_DESK, self.State.AT_SUPERVISOR)

    @property
    def clock_name(self) -> str:
        """The clock of this round; see `kernel.form.flow`."""
        return self._clock("repair")

    @property
    def check_name(self) -> str:
        """The clock by which this round is checked and closed."""
        return self._clock("check")

    def _clock(self, kind: str) -> str:
        part = f"{kind}:{self.review.kind or self.review.service}"
        return f"{part}.{self.round}" if self.round > 1 else part
