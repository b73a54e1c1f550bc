"""What the departments issue to the company."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.privacy import EncryptedJSONField
from registration.models.application import Application


def document_path(document, _filename) -> str:
    return f"documents/{document.application.uid}/{document.uid}.pdf"


class Document(models.Model):
    """`facts` is all that the paper says; a worker makes the PDF from it, once, and records its digest.

    `leased_until` is the lease of the worker that is making it; a worker that died loses it by the passing of time.
    """

    class Kind(models.TextChoices):
        LICENCE = "licence", _("Business licence")
        APPROVAL_NOTICE = "approval_notice", _("Notice of approval")
        SEAL_RECEIPT = "seal_receipt", _("Seal filing receipt")
        TAX_CONFIRMATION = "tax_confirmation", _("Tax information sheet")
        SOCIAL_SECURITY_RECEIPT = "social_security_receipt", _("Social security registration")
        BANK_ACCOUNT_NOTICE = "bank_account_notice", _("Basic account notice")
        APPLICATION_FORM = "application_form", _("Application form")
        ARTICLES = "articles", _("Articles of association")
        RECEIPT = "receipt", _("Filing receipt")

    class State(models.TextChoices):
        PENDING = "pending", _("Being made")
        READY = "ready", _("Ready")
        REVOKED = "revoked", _("Revoked")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="documents")
    kind = models.CharField(_("kind"), max_length=30, choices=Kind.choices)
    department = models.CharField(_("department"), max_length=20)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    verify_code = models.CharField(_("verification code"), max_length=32, null=True, unique=True)  # noqa: DJ001
    facts = EncryptedJSONField(default=dict)
    file = models.FileField(_("file"), upload_to=document_path, blank=True)
    pages = models.PositiveSmallIntegerField(_("pages"), default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    issued_at = models.DateTimeField(_("issued"))
    made_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["application", "kind"], name="one_document_of_a_kind")]
        indexes = [models.Index(fields=["issued_at"], condition=models.Q(state="pending"), name="document_pending")]

    def __str__(self):
        return self.get_kind_display()
