"""Links by which the people of a case read and sign their papers, and what they say who refuse to."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.cases.models.application import Application
from kernel.cases.models.stage import Escalation
from kernel.core.fields import EncryptedTextField


class SigningRequest(models.Model):
    """One signer's link: its `uid` is the address. `person` is the `uid` of the Person who signs; the codes by which it
    opens are `kernel.accounts.one_time_codes`. What was signed stands in the case's answers, not here.

    `looked_at` is when somebody last looked whether what was signed still stands, from the signature on; `told_at` when
    the signer was sent the link since they signed last. `proved_mark` is who they were, and by which phone, when the
    real-name gateway said at `proved_at` that name, number and phone belong together."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, models.CASCADE, related_name="signing_requests")
    person = models.UUIDField()
    asked_at = models.DateTimeField(_("asked"))
    opened_at = models.DateTimeField(_("opened"), null=True)
    looked_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    proved_mark = models.CharField(max_length=64, blank=True, default="")
    proved_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("signing link")
        verbose_name_plural = _("signing links")
        constraints = [
            models.UniqueConstraint(fields=["application", "person"], name="one_link_a_signer")
        ]

    def __str__(self):
        return str(self.uid)


class ObjectionQuerySet(models.QuerySet):
    def standing(self):
        """Neither taken back nor dismissed: no paper is signed, submitted or approved over them."""
        return self.filter(ended_at=None).exclude(outcome=Objection.Outcome.DISMISSED)

    def undecided(self):
        return self.filter(ended_at=None, decided_at=None)


class Objection(models.Model):
    """Somebody named in a case says that it isn't them, or that they don't agree; and what the supervisor decided.

    `person` is the `uid` of the Person then, `number_index` who they are (`signers.refusal_key`): whoever is entered
    instead has not objected, and whoever is entered again still does. Before the submit it lets nothing be submitted;
    until the licence it is a question to the supervisor (`escalation`); after it, a dispute. `ended_at` is when it was
    taken back, by signing after all.
    """

    class Kind(models.TextChoices):
        NOT_ME = "not_me", _("This isn't me")
        DISAGREE = "disagree", _("I don't agree")

    class Outcome(models.TextChoices):
        UPHELD = "upheld", _("Upheld: the name is given back")
        DISMISSED = "dismissed", _("Dismissed: they take part after all")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("receipt number"), max_length=30, unique=True)
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="objections", verbose_name=_("case")
    )
    person = models.UUIDField()
    number_index = models.CharField(max_length=64)
    kind = models.CharField(_("what"), max_length=10, choices=Kind.choices)
    roles = models.JSONField(default=list)
    name = EncryptedTextField(blank=True, default="")
    phone = EncryptedTextField(blank=True, default="")
    words = EncryptedTextField(_("in their own words"), blank=True, default="")
    state = models.CharField(
        _("state of the case"), max_length=20, choices=Application.State.choices
    )
    proof = models.JSONField(default=dict)
    check_code = models.CharField(max_length=12)
    said_at = models.DateTimeField(_("said"))
    escalation = models.OneToOneField(
        Escalation, models.SET_NULL, null=True, related_name="objection"
    )
    ended_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    outcome = models.CharField(_("decision"), max_length=10, choices=Outcome.choices, blank=True)
    note = models.CharField(_("grounds"), max_length=500, blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("refusal to sign")
        verbose_name_plural = _("refusals to sign")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "number_index"],
                condition=models.Q(ended_at=None, decided_at=None),
                name="one_open_objection_a_person",
            )
        ]

    def __str__(self):
        return self.number
