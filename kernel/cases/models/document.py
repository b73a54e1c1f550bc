"""What the departments issue to the company."""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.cases.models.application import Application
from kernel.core.fields import EncryptedJSONField, NamedField, PlacedFileField
from kernel.core.moment import now
from kernel.papers.facts import PAPERS


def kinds() -> list[tuple[str, str]]:
    """(kind, label) of every paper that there is."""
    return [*Document.Kind.choices, *((kind, paper.label) for kind, paper in PAPERS.items())]


class Document(models.Model):
    """`facts` is all that the paper says; a worker makes the PDF from it, once, and records its digest.

    `leased_until` is the lease of the worker that is making it; a worker that died loses it by the passing of time.
    `qr_text` is what the QR code of a signed paper says. A licence that was replaced or revoked keeps its row, with
    when and on what ground, so that whoever verifies it is told.
    """

    class Kind(models.TextChoices):
        """Those of no single department; see `kinds`."""

        LICENCE = "licence", _("Business licence")
        LICENCE_ORIGINAL = "licence_original", _("Business licence (original)")
        APPROVAL_NOTICE = "approval_notice", _("Notice of approval")
        APPLICATION_FORM = "application_form", _("Application form")
        ARTICLES = "articles", _("Articles of association")
        RESOLUTION = "resolution", _("Shareholders' resolution or decision")
        APPOINTMENTS = "appointments", _("Appointments to office")
        ADDRESS_COMMITMENT = "address_commitment", _("Commitment on the address")
        INFORMED_COMMITMENT = "informed_commitment", _("Informed commitment")
        POWER_OF_ATTORNEY = "power_of_attorney", _("Power of attorney")
        RECEIPT = "receipt", _("Filing receipt")

    class State(models.TextChoices):
        PENDING = "pending", _("Being made")
        READY = "ready", _("Ready")
        REPLACED = "replaced", _("Replaced by a newer one")
        REVOKED = "revoked", _("Revoked")

    ENDED = (State.REPLACED, State.REVOKED)
    UNMADE_AFTER = timedelta(minutes=5)  # many times what a paper takes

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="documents")
    kind = NamedField(_("kind"), max_length=30, choices=kinds)
    department = models.CharField(_("department"), max_length=20)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PENDING
    )
    verify_code = models.CharField(_("verification code"), max_length=32, null=True, unique=True)  # noqa: DJ001
    facts = EncryptedJSONField(default=dict)
    file = PlacedFileField(_("file"), blank=True)
    pages = models.PositiveSmallIntegerField(_("pages"), default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    issued_at = models.DateTimeField(_("issued"))
    made_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    qr_text = models.TextField(blank=True, default="")
    ended_at = models.DateTimeField(_("no longer in force since"), null=True)
    ended_ground = models.TextField(_("ground"), blank=True, default="")

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "kind"],
                condition=~models.Q(state__in=["replaced", "revoked"]),
                name="one_document_of_a_kind_in_force",
            )
        ]
        indexes = [
            models.Index(
                fields=["issued_at"], condition=models.Q(state="pending"), name="document_pending"
            ),
            models.Index(fields=["sha256"], name="document_digest"),
        ]

    def __str__(self):
        return self.get_kind_display()

    def file_path(self) -> str:
        return f"documents/{self.application.uid}/{self.uid}.pdf"

    @classmethod
    def unmade(cls, at: datetime) -> models.Q:
        """The papers that a worker tried and couldn't make: it goes on trying, and somebody must mend the cause."""
        late = models.Q(leased_until__isnull=False, issued_at__lt=at - cls.UNMADE_AFTER)
        return models.Q(state=cls.State.PENDING) & late

    @property
    def is_unmade(self) -> bool:
        tried = self.state == self.State.PENDING and self.leased_until is not None
        return tried and self.issued_at < now() - self.UNMADE_AFTER
