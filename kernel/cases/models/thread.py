"""What the applicant's side and the desks write to each other about a case: messages, their files, and what is typed
and not sent yet."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.cases.models.application import Application
from kernel.core import departments
from kernel.core.fields import EncryptedTextField, NamedField, PlacedFileField
from kernel.form import flow
from kernel.sla.models import Clock


class ThreadMessageQuerySet(models.QuerySet):
    def unanswered(self):
        """What an answer is owed to; a case that was given up owes none any more."""
        owed = self.filter(asks=True, answered_at=None)
        return owed.exclude(application__state__in=flow.GIVEN_UP)

    def from_applicants(self):
        return self.filter(from_desk=False)

    def from_desks(self):
        return self.filter(from_desk=True)


class ThreadMessage(models.Model):
    """One message between the applicant's side and a department: to it, or from it (`from_desk`).

    With `asks` an answer is owed until `answered_at`, by `answer`, or by none where the other side found that it needs
    none. `waits`: the stage awaits the applicant's answer meanwhile. `clock` is the one within which the desk answers;
    what is asked before it did shares it. A question that was handed on is its new department's, and says whose it was
    (`handed_from`). `read_at` is when somebody of the other side first saw it. `key` is that of the form it was sent
    by: what is pressed twice is sent once. Once it is erased (`erased_at`) neither words nor files are left.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(
        Application, models.CASCADE, related_name="thread", verbose_name=_("case")
    )
    department = NamedField(_("department"), max_length=20, choices=departments.choices)
    from_desk = models.BooleanField(_("from the desk"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    body = EncryptedTextField(_("message"))
    key = models.UUIDField(editable=False)
    written_at = models.DateTimeField(_("written"))
    read_at = models.DateTimeField(_("read"), null=True)
    asks = models.BooleanField(_("asks for an answer"), default=False)
    waits = models.BooleanField(_("the work waits for the answer"), default=False)
    answered_at = models.DateTimeField(_("answered"), null=True)
    answer = models.ForeignKey("self", models.SET_NULL, null=True, related_name="answers")
    clock = models.ForeignKey(Clock, models.PROTECT, null=True, related_name="questions")
    handed_from = NamedField(max_length=20, choices=departments.choices, blank=True, default="")
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    handed_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    objects = ThreadMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("case message")
        verbose_name_plural = _("case messages")
        ordering = ["application", "written_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["author", "key"], name="a_message_is_sent_once")
        ]
        indexes = [
            models.Index(fields=["application", "written_at"], name="thread_of_case"),
            models.Index(
                fields=["department", "application"],
                condition=models.Q(asks=True, answered_at=None),
                name="thread_unanswered",
            ),
            models.Index(
                fields=["application"],
                condition=models.Q(from_desk=True, read_at=None),
                name="thread_unread",
            ),
        ]

    def __str__(self):
        return str(self.uid)

    @property
    def is_open(self) -> bool:
        """Whether an answer is owed to it; of a case that isn't given up."""
        return self.asks and self.answered_at is None


class ThreadDraft(models.Model):
    """What somebody has typed for a case and not sent yet. `desk` is the department for which an officer writes, empty
    for the applicant's side; `department` is whom the applicant chose. Its `key` becomes the message's."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, models.CASCADE, related_name="thread_drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    desk = NamedField(max_length=20, choices=departments.choices, blank=True, default="")
    department = NamedField(max_length=20, choices=departments.choices, blank=True, default="")
    body = EncryptedTextField()
    asks = models.BooleanField(default=False)
    waits = models.BooleanField(default=False)
    key = models.UUIDField(editable=False)
    saved_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("message that was not sent")
        verbose_name_plural = _("messages that were not sent")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "author", "desk"], name="one_unsent_message_a_side"
            )
        ]

    def __str__(self):
        return str(self.uid)


class ThreadFile(models.Model):
    """A file of a message, or of one that isn't sent yet. It went the way of every upload (`kernel.form.uploads`)."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    message = models.ForeignKey(ThreadMessage, models.CASCADE, null=True, related_name="files")
    draft = models.ForeignKey(ThreadDraft, models.CASCADE, null=True, related_name="files")
    file = PlacedFileField(_("file"))
    filename = models.CharField(_("file name"), max_length=120)
    content_type = models.CharField(_("type"), max_length=40)
    size = models.PositiveIntegerField(_("size (bytes)"))
    pages = models.PositiveSmallIntegerField(_("pages"), default=1)
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField(_("uploaded"))

    class Meta:
        verbose_name = _("file of a message")
        verbose_name_plural = _("files of messages")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(message=None, draft__isnull=False)
                | models.Q(message__isnull=False, draft=None),
                name="a_file_is_sent_or_not",
            )
        ]

    def __str__(self):
        return self.filename

    def file_path(self) -> str:
        return f"threads/{self.uid}"

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")
