"""The case: one application for opening one company."""

import uuid

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from kernel.accounts.models import Role, Zone
from kernel.core.fields import EncryptedJSONField
from kernel.form import flow


def shared_with(user):
    """The keys of the cases that others let `user` work on."""
    shares = apps.get_model("cases", "Share")
    return shares.objects.filter(user=user, state="accepted").order_by().values("application")


class ApplicationQuerySet(models.QuerySet):
    def for_user(self, user):
        """The cases that `user` may see: an applicant's own and those shared with them, a helper's drafts that they
        were let in to, an officer's zone as far as it has reached a desk of theirs, a supervisor's or administrator's
        zone and the operator's every zone without drafts.
        """
        if not user.is_authenticated:
            return self.none()
        if user.holds(Role.APPLICANT):
            own = Application._base_manager.filter(applicant=user).order_by().values("pk")
            return self.filter(
                pk__in=own.union(shared_with(user))
            )  # a union, so that each half reads its own index
        if user.is_operator:
            return self.exclude(state=flow.DRAFT)
        if user.holds(Role.HELPER):  # a draft that its applicant let them in to, until it is filed
            return self.filter(pk__in=shared_with(user), zone_id=user.zone_id, state=flow.DRAFT)
        of_zone = self.filter(zone_id=user.zone_id).exclude(state=flow.DRAFT)
        if user.holds(Role.SUPERVISOR, Role.ADMINISTRATOR):
            return of_zone
        if not user.departments:
            return self.none()
        reached = (
            apps.get_model("cases", "Stage")
            .objects.filter(application=models.OuterRef("pk"))
            .at_desks(user)
        )
        return of_zone.filter(models.Exists(reached))

    def by_number(self, number: str):
        """The case with this filing number, or the draft with this reference."""
        return self.filter(models.Q(ref=number) | models.Q(filing_number=number))


class Application(FSMModelMixin, models.Model):
    """`answers` is what the applicant typed, by section and field, as typed; rules read it through `filing`. Beside the
    sections, `signatures` holds what each person signed (`kernel.cases.signers.Signer`).

    `name_claim` marks the name that the case holds, by its submit or by a reservation until `name_reserved_until`: of
    two cases one can have it. `names_similar` are the similar names that were in the register then: the undertaking
    covers them.

    `helpers` are the accounts of the officers who filled it in with its applicant at the counter.

    `legal_representative` is the name as the licence prints it, from the approval on.

    `ref` is the draft's reference and stays valid for ever; `filing_number` is given by the submit. `trail_head` and
    `trail_length` are the end of the event chain; they change only together with an event.
    """

    class State(models.TextChoices):
        DRAFT = flow.DRAFT, _("Draft")
        LICENSING = flow.LICENSING, _("Licence under review")
        SEALING = flow.SEALING, _("Seals being made")
        SETTLING = flow.SETTLING, _("Other departments at work")
        COMPLETED = flow.COMPLETED, _("Completed")
        WITHDRAWN = flow.WITHDRAWN, _("Withdrawn")
        DECLINED = flow.DECLINED, _("Declined")
        REVOKED = flow.REVOKED, _("Licence revoked")

    class Channel(models.TextChoices):
        ONLINE = "online", _("Online")
        COUNTER = "counter", _("At the counter")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ref = models.CharField(_("draft reference"), max_length=20, unique=True)
    filing_number = models.CharField(_("filing number"), max_length=24, null=True, unique=True)  # noqa: DJ001 (NULL: none)
    check_code = models.CharField(_("check code"), max_length=8, blank=True)
    review_code = models.CharField(_("review code"), max_length=12, null=True, unique=True)  # noqa: DJ001 (NULL: none)
    zone = models.ForeignKey(Zone, models.PROTECT, verbose_name=_("zone"))
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="applications"
    )
    company_type = models.CharField(_("company type"), max_length=4)
    state = FSMField(_("state"), default=flow.DRAFT, choices=State.choices, protected=True)
    channel = models.CharField(
        _("channel"), max_length=10, choices=Channel.choices, default=Channel.ONLINE
    )
    helpers = models.JSONField(default=list, blank=True, editable=False)
    priority = models.PositiveSmallIntegerField(_("priority"), default=0)
    name = models.CharField(_("company name"), max_length=100, blank=True)
    name_claim = models.CharField(max_length=40, null=True, unique=True, editable=False)  # noqa: DJ001 (NULL: none)
    name_reserved_until = models.DateField(_("name reserved until"), null=True)
    names_similar = models.JSONField(default=list, blank=True)
    legal_representative = models.CharField(
        _("legal representative"), max_length=60, blank=True, default=""
    )
    answers = EncryptedJSONField(_("answers"), default=dict, blank=True)
    version = models.PositiveIntegerField(default=0)
    # Part → number: the set that it was filed under; nothing before.
    standards_versions = models.JSONField(_("versions of the standards"), default=dict, blank=True)
    uscc = models.CharField("USCC", max_length=18, null=True, unique=True)  # noqa: DJ001 (NULL: none)
    created_at = models.DateTimeField(_("begun"))
    saved_at = models.DateTimeField(_("saved"))
    submitted_at = models.DateTimeField(_("submitted"), null=True)
    licensed_at = models.DateTimeField(_("licensed"), null=True)
    completed_at = models.DateTimeField(_("completed"), null=True)
    trail_head = models.CharField(max_length=64, blank=True, default="")
    trail_length = models.PositiveIntegerField(default=0)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["applicant", "-id"], name="case_applicant"),
            models.Index(fields=["zone", "state", "-submitted_at"], name="case_zone_state"),
            models.Index(fields=["zone", "-completed_at"], name="case_completed"),
            models.Index(fields=["zone", "-submitted_at"], name="case_submitted"),
            models.Index(
                fields=["name_reserved_until"],
                condition=models.Q(name_reserved_until__isnull=False),
                name="case_name_reserved",
            ),
        ]

    # What a move may change; what was typed changes only through the drafts' actions.
    MOVING = (
        "state",
        "version",
        "filing_number",
        "channel",
        "helpers",
        "check_code",
        "review_code",
        "priority",
        "name",
        "standards_versions",
        "name_claim",
        "name_reserved_until",
        "names_similar",
        "uscc",
        "legal_representative",
        "submitted_at",
        "licensed_at",
        "completed_at",
        "trail_head",
        "trail_length",
    )

    def __str__(self):
        return f"{self.number} {self.name}".strip()

    @property
    def number(self) -> str:
        """The filing number, or the draft's reference until there is one."""
        return self.filing_number or self.ref

    @transition(field=state, source=flow.DRAFT, target=flow.LICENSING)
    def submit(self, at):
        self.submitted_at = at

    @transition(field=state, source=flow.LICENSING, target=flow.SEALING)
    def license(self, at):
        self.licensed_at = at

    @transition(field=state, source=flow.SEALING, target=flow.SETTLING)
    def settle(self, at):
        """Seals are done; the stages of the last wave open."""

    @transition(field=state, source=flow.SETTLING, target=flow.COMPLETED)
    def complete(self, at):
        self.completed_at = at

    @transition(field=state, source=[flow.DRAFT, flow.LICENSING], target=flow.WITHDRAWN)
    def withdraw(self):
        """The applicant takes the case back, possible until the licence is issued."""

    @transition(field=state, source=flow.LICENSING, target=flow.DECLINED)
    def decline(self):
        """A supervisor's decision with its legal basis; no window has it."""

    @transition(
        field=state, source=[flow.SEALING, flow.SETTLING, flow.COMPLETED], target=flow.REVOKED
    )
    def revoke(self):
        """The licence is out of force, and with it whatever the departments were still at work on."""


class GivenNumber(models.Model):
    """A number that was given under its key, once and for ever: filing numbers of a day, codes of a region."""

    key = models.CharField(max_length=40)
    value = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("given number")
        verbose_name_plural = _("given numbers")
        constraints = [
            models.UniqueConstraint(fields=["key", "value"], name="a_number_is_given_once")
        ]

    def __str__(self):
        return f"{self.key} {self.value}"
