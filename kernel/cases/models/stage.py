"""A department's part of a case, what it asked the applicant to correct, and what a window asked its supervisor."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from kernel.accounts.models import Zone
from kernel.cases.models.application import Application
from kernel.core import departments
from kernel.core.fields import EncryptedJSONField, NamedField
from kernel.core.moment import now
from kernel.form import flow
from kernel.sla.models import Clock


class StageQuerySet(models.QuerySet):
    def for_desk(self, user):
        """The stages of the desk at which an officer sits, as far as they have been opened and their cases not ended
        under way."""
        return self.filter(department=user.department).at_desks(user)

    def at_desks(self, user):
        """The same of every desk for which the officer acts here."""
        mine = self.filter(zone_id=user.zone_id, state__in=flow.AT_DESK)
        mine = mine.filter(department__in=user.departments)
        return mine.filter(unit__in=("", user.unit)) if user.unit else mine

    def in_line(self):
        """Open, in nobody's hands and with no appointment ahead, in the order in which they are handed out: priority
        lane, then oldest first."""
        return self.filter(state=flow.OPEN, holder=None).at_work().in_order()

    def at_work(self):
        """Without those that await their applicant: the clock of the bank's stage rests until the appointment."""
        return self.filter(
            ~models.Q(department=flow.meeting()) | ~models.Q(clock__running_since__gt=now())
        )

    def awaiting(self):
        """Open, with an appointment that lies ahead, the nearest first."""
        ahead = {"department": flow.meeting(), "clock__running_since__gt": now()}
        return self.filter(state=flow.OPEN, **ahead).order_by("clock__running_since", "pk")

    def in_order(self):
        return self.order_by("-priority", "opened_at", "pk")

    def handed_to(self, user, most: int):
        """The line as it is handed out to an officer: none of it to who has `most` in hand already."""
        hands = Stage.objects.filter(holder=user, state=flow.OPEN).order_by().values("holder")
        return self.in_line().filter(
            ~models.Exists(hands.annotate(n=models.Count("pk")).filter(n__gte=most))
        )


class Stage(FSMModelMixin, models.Model):
    """`round` counts how often the stage was opened; one round has one decision. `unit` narrows it to a branch.

    `touched_at` is when whoever has it in hand last did something with it, None while nobody need: after the zone's
    time without (`actions.line`) it goes back to the line. `asked_at` is since when the supervisor's answer to a
    question about it is awaited (`Escalation`), None while none is.
    """

    class State(models.TextChoices):
        WAITING = flow.WAITING, _("Not started")
        OPEN = flow.OPEN, _("In progress")
        RETURNED = flow.RETURNED, _("Waiting for the applicant")
        DONE = flow.DONE, _("Done")
        ENDED = flow.ENDED, _("Ended with the case")

    application = models.ForeignKey(Application, models.CASCADE, related_name="stages")
    department = NamedField(_("department"), max_length=20, choices=departments.choices)
    state = FSMField(_("state"), default=flow.WAITING, choices=State.choices, protected=True)
    round = models.PositiveSmallIntegerField(_("round"), default=0)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="held_stages",
        verbose_name=_("officer"),
    )
    unit = models.CharField(_("branch or engraver"), max_length=30, blank=True, default="")
    zone = models.ForeignKey(Zone, models.PROTECT)
    priority = models.PositiveSmallIntegerField(default=0)
    clock = models.ForeignKey(Clock, models.PROTECT, null=True, related_name="stages")
    opened_at = models.DateTimeField(_("opened"), null=True)
    taken_at = models.DateTimeField(_("taken"), null=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    touched_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)

    objects = StageQuerySet.as_manager()

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "department"], name="one_stage_a_department"
            ),
            models.CheckConstraint(
                condition=models.Q(asked_at=None) | models.Q(state=flow.OPEN),
                name="only_of_an_open_stage_the_supervisor_is_asked",
            ),
        ]
        indexes = [
            models.Index(
                fields=["zone", "department", "-priority", "opened_at"],
                condition=models.Q(state="open", holder=None),
                name="stage_line",
            ),
            models.Index(
                fields=["holder"],
                condition=models.Q(state__in=["open", "returned"]),
                name="stage_held",
            ),
            models.Index(fields=["zone", "department", "-closed_at"], name="stage_closed"),
            models.Index(
                fields=["zone", "touched_at"],
                condition=models.Q(touched_at__isnull=False),
                name="stage_touched",
            ),
        ]

    CHANGING = (
        "state",
        "round",
        "holder",
        "unit",
        "clock",
        "opened_at",
        "taken_at",
        "closed_at",
        "touched_at",
        "asked_at",
    )

    def __str__(self):
        return f"{self.get_department_display()} {self.get_state_display()}"

    @transition(field=state, source=[flow.WAITING, flow.RETURNED], target=flow.OPEN)
    def open(self, at):
        """Open for the first time, or again after a correction (whoever held it keeps it)."""
        self.round += 1
        self.opened_at = self.opened_at or at

    @transition(field=state, source=flow.OPEN, target=flow.RETURNED)
    def give_back(self):
        """To the applicant, for correction."""
        self.touched_at = self.asked_at = None

    @transition(field=state, source=flow.OPEN, target=flow.DONE)
    def close(self, at):
        self.closed_at = at
        self.touched_at = self.asked_at = None

    @transition(field=state, source=[flow.WAITING, flow.OPEN, flow.RETURNED], target=flow.ENDED)
    def end(self, at):
        """The case was withdrawn or declined, or its licence revoked."""
        self.closed_at = at
        self.touched_at = self.asked_at = None


class Correction(models.Model):
    """What a stage asked the applicant to correct, all at once, and the answers as they stood then.

    `grounds` is a list of `{"standard", "fields", "how_to_fix"}`; `snapshot` maps field keys to displayed values.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    stage = models.ForeignKey(Stage, models.CASCADE, related_name="corrections")
    round = models.PositiveSmallIntegerField()
    grounds = models.JSONField(default=list)
    snapshot = EncryptedJSONField(default=dict)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "round"], name="one_correction_a_round")
        ]

    def __str__(self):
        return f"{self.stage_id}/{self.round}"


class EscalationQuerySet(models.QuerySet):
    def waiting(self):
        """Neither answered nor let go: the supervisor's."""
        return self.filter(answered_at=None, let_go_at=None)


class Escalation(models.Model):
    """A question that a window can't settle by the standards, and the supervisor's answer.

    The stage's clock goes on, and its minutes are the supervisor's meanwhile; `clock` is the one within which the
    answer comes. A window that settles the point itself, or a case that ends, lets the question go (`let_go_at`).
    """

    stage = models.ForeignKey(Stage, models.CASCADE, related_name="escalations")
    question = models.CharField(_("question"), max_length=500)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.CharField(_("answer"), max_length=500, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    answered_at = models.DateTimeField(null=True)
    let_go_at = models.DateTimeField(null=True)
    clock = models.OneToOneField(Clock, models.PROTECT, null=True, related_name="escalation")

    objects = EscalationQuerySet.as_manager()

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["stage"],
                condition=models.Q(answered_at=None, let_go_at=None),
                name="one_open_escalation_a_stage",
            )
        ]

    def __str__(self):
        return self.question[:40]

    @property
    def is_waiting(self) -> bool:
        """Neither answered nor let go."""
        return self.answered_at is None and self.let_go_at is None

    def is_overdue(self, at) -> bool:
        """Not answered in time, whether or not a sweep has seen it; `clock` should be loaded."""
        clock = self.clock
        running = clock is not None and clock.state == Clock.State.RUNNING
        return bool(clock and (clock.breached_at or (running and clock.due_at < at)))
