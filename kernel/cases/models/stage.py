"""A department's part of a case, what it asked the applicant to correct, and what a window asked its supervisor."""

import uuid

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
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
        """Open, in nobody's hands, in the order in which they are handed out: priority lane, then oldest first."""
        return self.filter(holder=None).at_work().in_order()

    def at_work(self):
        """Open, or about to be: a stage that awaited its applicant until a moment that has come, though no sweep has
        been by yet."""
        states = self.filter(state__in=flow.AT_WORK)  # the condition of the index
        return states.filter(models.Q(state=flow.OPEN) | models.Q(awaits_until__lte=now()))

    def awaiting(self):
        """Those with an appointment that lies ahead, the nearest first."""
        ahead = self.filter(state=flow.AWAITING, awaits_until__gt=now())
        return ahead.order_by("awaits_until", "pk")

    def with_applicant_since(self, moment):
        """Those that have been with their applicants, returned or awaiting with no appointment ahead, from this moment
        on or longer; the longest first."""
        rows = self.filter(state__in=flow.WITH_APPLICANT, awaits_since__lte=moment)
        return rows.exclude(awaits_until__gt=now()).order_by("awaits_since", "pk")

    def in_order(self):
        return self.order_by("-priority", "opened_at", "pk")

    def handed_to(self, user, most: int):
        """The line as it is handed out to an officer: none of it to who has `most` in hand already, and no case that
        they worked on at the counter."""
        hands = Stage.objects.filter(holder=user, state=flow.OPEN).order_by().values("holder")
        helped = apps.get_model("cases", "CounterFiling").objects.filter(
            application=models.OuterRef("application"), helper=user
        )
        return self.in_line().filter(
            ~models.Exists(helped),
            ~models.Exists(hands.annotate(n=models.Count("pk")).filter(n__gte=most)),
        )


class Awaits(models.TextChoices):
    """What a stage may await of its applicant though nothing is wrong."""

    APPOINTMENT = "appointment", _("Appointment")
    CALL = "call", _("Video call not joined")
    SIGNATURE = "signature", pgettext_lazy("awaited", "Signature")
    ANSWER = "answer", pgettext_lazy("awaited", "Answer to a question")


class Stage(FSMModelMixin, models.Model):
    """`round` counts how often the stage was opened; one round has one decision. `unit` narrows it to a branch.

    While it awaits its applicant `awaits` says what, `awaits_reason` why, and `awaits_until` the moment at which it
    goes on by itself, where that is known. `awaits_since` is from when on it is with the applicant, returned or
    awaiting.
    `touched_at` is when whoever has it in hand last did something with it, None while nobody need: after the zone's
    time without (`actions.line`) it goes back to the line. `asked_at` is since when the supervisor's answer to a
    question about it is awaited (`Escalation`), None while none is.
    """

    class State(models.TextChoices):
        WAITING = flow.WAITING, _("Not started")
        OPEN = flow.OPEN, _("In progress")
        RETURNED = flow.RETURNED, _("Waiting for the applicant")
        AWAITING = flow.AWAITING, pgettext_lazy("stage", "Awaiting the applicant")
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
    awaits = models.CharField(_("awaits"), max_length=20, blank=True, choices=Awaits.choices)
    awaits_reason = models.CharField(_("why"), max_length=200, blank=True)
    awaits_since = models.DateTimeField(_("awaits since"), null=True)
    awaits_until = models.DateTimeField(_("awaits until"), null=True)
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
                condition=models.Q(state="awaiting", awaits__gt="", awaits_since__isnull=False)
                | (~models.Q(state="awaiting") & models.Q(awaits="", awaits_until=None)),
                name="what_awaits_says_what",
            ),
            models.CheckConstraint(
                condition=models.Q(asked_at=None) | models.Q(state__in=flow.AT_WORK),
                name="only_of_a_stage_at_work_the_supervisor_is_asked",
            ),
        ]
        indexes = [
            models.Index(
                fields=["zone", "department", "-priority", "opened_at"],
                condition=models.Q(state__in=["open", "awaiting"], holder=None),
                name="stage_line",
            ),
            models.Index(
                fields=["holder"],
                condition=models.Q(state__in=["open", "returned", "awaiting"]),
                name="stage_held",
            ),
            models.Index(fields=["zone", "department", "-closed_at"], name="stage_closed"),
            models.Index(
                fields=["awaits_until"],
                condition=models.Q(state="awaiting"),
                name="stage_awaits",
            ),
            models.Index(
                fields=["zone", "awaits_since"],
                condition=models.Q(state__in=["returned", "awaiting"]),
                name="stage_with_applicant",
            ),
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
        "awaits",
        "awaits_reason",
        "awaits_since",
        "awaits_until",
        "asked_at",
    )

    def __str__(self):
        return f"{self.get_department_display()} {self.get_state_display()}"

    def ends_awaiting(self, at) -> bool:
        """Whether the moment has come until which it awaits its applicant."""
        return bool(self.awaits_until and self.awaits_until <= at)

    @property
    def is_at_work(self) -> bool:
        """Whether whoever has it in hand may decide it."""
        return self.state in flow.AT_WORK

    @property
    def state_now(self) -> str:
        """Its state; one whose wait ended by itself is open, though no sweep has been by yet."""
        return flow.OPEN if self.ends_awaiting(now()) else self.state

    @transition(field=state, source=[flow.WAITING, flow.RETURNED], target=flow.OPEN)
    def open(self, at):
        """Open for the first time, or again after a correction (whoever held it keeps it)."""
        self.round += 1
        self.opened_at = self.opened_at or at
        self.awaits_since = None

    @transition(field=state, source=flow.OPEN, target=flow.RETURNED)
    def give_back(self, at):
        """To the applicant, for correction."""
        self.touched_at = self.asked_at = None
        self.awaits_since = at

    @transition(field=state, source=flow.OPEN, target=flow.AWAITING)
    def await_applicant(self, awaits, reason, at, until=None):
        """Nothing is wrong, and nobody at the desk can go on. Whoever holds it keeps it."""
        self.awaits, self.awaits_reason = awaits, reason
        self.awaits_since, self.awaits_until = at, until
        self.touched_at = until if self.holder_id else None

    @transition(field=state, source=flow.AWAITING, target=flow.OPEN)
    def go_on(self, at):
        """What was awaited has come."""
        self._await_nothing()
        self.touched_at = at if self.holder_id else None

    @transition(field=state, source=flow.OPEN, target=flow.DONE)
    def close(self, at):
        self.closed_at = at
        self.touched_at = self.asked_at = None

    @transition(field=state, source=[flow.WAITING, *flow.UNDER_WAY], target=flow.ENDED)
    def end(self, at):
        """The case was withdrawn or declined, or its licence revoked."""
        self.closed_at = at
        self.touched_at = self.asked_at = None
        self._await_nothing()

    def _await_nothing(self):
        self.awaits, self.awaits_reason = "", ""
        self.awaits_since = self.awaits_until = None


class Correction(models.Model):
    """What a stage asked the applicant to correct, all at once, and the answers as they stood then.

    `grounds` is a list of `{"standard", "fields", "how_to_fix"}`, one for each field; `snapshot` maps field keys to
    displayed values.
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

    Nobody of the staff asks (`asked_by`) where a signer refuses (`Objection`): the question is put by what they say.
    The stage's clock goes on, and its minutes are the supervisor's meanwhile; `clock` is the one within which the
    answer comes. A window that settles the point itself, or a case that ends, lets the question go (`let_go_at`).
    """

    stage = models.ForeignKey(Stage, models.CASCADE, related_name="escalations")
    question = models.CharField(_("question"), max_length=500)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
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
    def asker(self) -> str:
        """Who asks, as pages name them."""
        return str(self.asked_by or _("A signer who refuses"))

    @property
    def is_waiting(self) -> bool:
        """Neither answered nor let go."""
        return self.answered_at is None and self.let_go_at is None

    def is_overdue(self, at) -> bool:
        """Not answered in time, whether or not a sweep has seen it; `clock` should be loaded."""
        clock = self.clock
        running = clock is not None and clock.state == Clock.State.RUNNING
        return bool(clock and (clock.breached_at or (running and clock.due_at < at)))
