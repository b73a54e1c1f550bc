"""What is typed for a message is kept until it is sent: the words as they are typed, the files as they come."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from kernel.cases import rights
from kernel.cases.models import Application, Stage, ThreadDraft, ThreadFile, ThreadMessage
from kernel.core.certain import certain
from kernel.core.errors import Incomplete, NotAllowed, Refused
from kernel.core.moment import now
from kernel.form import flow
from kernel.form.uploads import keeping

MOST_FILES = 5  # of one message
MOST_TOGETHER = 100 * 1024 * 1024  # bytes of all files in the messages of a case
LONGEST = 20_000  # characters that are kept: more than may be sent, so that a text can be shortened


@dataclass(frozen=True)
class Waiting:
    """The files of a draft, for the message that is being sent."""

    draft: ThreadDraft | None

    def __bool__(self) -> bool:
        return self.draft is not None and self.draft.files.exists()

    def go_to(self, message: ThreadMessage) -> None:
        """They are the message's now, and the draft is done with."""
        if self.draft is not None:
            self.draft.files.update(message=message, draft=None)
            self.draft.delete()


def take_files(application: Application, author, desk: str) -> Waiting:
    """What the author has ready for the message of this side; the case is locked."""
    mine = ThreadDraft.objects.filter(application=application, author=author, desk=desk)
    return Waiting(mine.first())


@transaction.atomic
def keep_message_draft(
    *,
    actor,
    application_id: int,
    desk: str = "",
    department: str = "",
    body: str,
    key: UUID,
    asks: bool = False,
    waits: bool = False,
) -> ThreadDraft | None:
    """Keep what is typed; None once the message of this `key` has been sent: what comes late brings nothing back.
    Raises Incomplete for more than `LONGEST` characters, NotAllowed.
    """
    if len(body) > LONGEST:
        raise Incomplete(
            _(
                "This is not kept: it has more than %(n)s characters. Shorten it, or send it as a file."
            )
            % {"n": LONGEST}
        )
    application = _locked(actor, application_id, desk)
    if ThreadMessage.objects.filter(author=actor, key=key).exists():
        return None
    draft, _made = ThreadDraft.objects.get_or_create(
        application=application,
        author=actor,
        desk=desk,
        defaults={"key": key, "saved_at": now()},
    )
    draft.body, draft.key = body, key
    draft.department = department if department in flow.departments() else ""
    draft.asks, draft.waits, draft.saved_at = asks, waits, now()
    draft.save()
    return draft


@transaction.atomic
def add_message_file(*, actor, draft: ThreadDraft, checked) -> ThreadFile:
    """Keep a file (a `kernel.form.uploads.CheckedFile`) with what is typed; the same file once. Raises Refused."""
    application = _locked(actor, draft.application_id, draft.desk)
    if there := draft.files.filter(sha256=checked.sha256).first():
        return there
    if draft.files.count() >= MOST_FILES:
        raise Refused(_("A message takes 5 files. Remove one, or put several pages into one PDF."))
    of_case = ThreadFile.objects.filter(
        Q(message__application=application) | Q(draft__application=application)
    )
    size = len(checked.content)
    if (of_case.aggregate(bytes=Sum("size"))["bytes"] or 0) + size > MOST_TOGETHER:
        raise Refused(
            _("The messages of this case have 100 MB of files already, and more is not kept.")
        )
    file = ThreadFile(
        draft=draft,
        filename=checked.filename,
        content_type=checked.content_type,
        size=size,
        pages=checked.pages,
        sha256=checked.sha256,
        uploaded_at=now(),
    )
    with keeping():
        file.file.save("", checked.as_file(), save=False)
    file.save()
    return file


@transaction.atomic
def remove_message_file(*, actor, draft: ThreadDraft, uid: str) -> None:
    """Take a file out again before it is sent."""
    _locked(actor, draft.application_id, draft.desk)
    for file in draft.files.filter(uid=uid):
        remove_file(file)


def remove_file(file: ThreadFile) -> None:
    """Its row now, its bytes once the transaction has committed."""
    storage, name = file.file.storage, certain(file.file.name)
    file.delete()
    transaction.on_commit(lambda: storage.delete(name), robust=True)


def _locked(actor, application_id: int, desk: str) -> Application:
    """The case, locked, for who may write here. Raises NotAllowed."""
    application = Application.objects.select_for_update(of=("self",)).get(pk=application_id)
    if not desk:
        rights.require_writer(actor, application)
        return application
    stage = Stage.objects.filter(application=application, department=desk).first()
    if stage is None:
        raise NotAllowed
    rights.require_work(actor, stage)
    return application
