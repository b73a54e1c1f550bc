"""What one side is writing for the thread of a case: read from the form, or from what was kept of it, and kept before
anything is done with it, so that no refusal and no end of a session loses a word or a file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kernel.cases import actions, threads
from kernel.cases.actions.message_drafts import MOST_FILES
from kernel.cases.actions.messages import LONGEST
from kernel.cases.models import Application, ThreadDraft, ThreadFile, ThreadMessage
from kernel.core import requested
from kernel.core.errors import Incomplete, Refused
from kernel.form.uploads import MOST_BYTES, check

FIELD = "id_body"
MOST_SENT = MOST_FILES * MOST_BYTES  # bytes of one form
Errors = list[dict[str, str]]


@dataclass
class Composing:
    """`desk` is the department for which an officer writes, empty for the applicant's side; `seen` is the key of the
    last message that the page showed."""

    actor: object
    application: Application
    desk: str
    body: str = ""
    department: str = ""
    asks: bool = False
    waits: bool = False
    key: UUID = field(default_factory=uuid4)
    seen: int | None = None
    draft: ThreadDraft | None = None
    most: int = LONGEST

    @property
    def files(self) -> list[ThreadFile]:
        return list(self.draft.files.all()) if self.draft else []

    def keep(self) -> None:
        """What is typed, before anything is done with it. Raises NotAllowed."""
        self.draft = actions.keep_message_draft(
            actor=self.actor,
            application_id=self.application.pk,
            desk=self.desk,
            department=self.department,
            body=self.body,
            key=self.key,
            asks=self.asks,
            waits=self.waits,
        )

    def take(self, uploads) -> Errors:
        """Check and keep the files that came with the form; what is said of those that were refused."""
        errors: Errors = []
        for upload in uploads:
            if self.draft is None:  # its message has been sent: the form was pressed twice
                break
            try:
                actions.add_message_file(actor=self.actor, draft=self.draft, checked=check(upload))
            except Refused as refused:
                errors.append({"target": "id_files", "text": str(refused)})
        return errors

    def remove(self, uid: str) -> None:
        if self.draft is not None:
            actions.remove_message_file(actor=self.actor, draft=self.draft, uid=uid)


def read(request: HttpRequest, application: Application, desk: str = "") -> Composing:
    """What is typed in the form that was sent, else what was kept of it."""
    kept = kept_of(request.user, application, desk)
    if request.method != "POST":
        return kept
    sent = request.POST
    seen = sent.get("seen", "")
    return Composing(
        request.user,
        application,
        desk,
        sent.get("body", ""),
        sent.get("department", ""),
        "asks" in sent,
        "waits" in sent,
        _key(sent.get("key", "")),
        int(seen[:15]) if seen.isdecimal() else None,
        kept.draft,
    )


def kept_of(user, application: Application, desk: str = "") -> Composing:
    """What was kept of it, or nothing typed yet."""
    mine = ThreadDraft.objects.filter(application=application, author=user, desk=desk)
    if (kept := mine.first()) is None:
        return Composing(user, application, desk)
    return Composing(
        user,
        application,
        desk,
        kept.body,
        kept.department,
        kept.asks,
        kept.waits,
        kept.key,
        draft=kept,
    )


def _key(text: str) -> UUID:
    """That of the form; a new one where somebody has changed it."""
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def posted(
    request: HttpRequest, typed: Composing, uploads: list, send: Callable[[], object]
) -> Errors | None:
    """Do what the form asks for: take files in or out, or send. Its view reads the files, and says how much it takes.
    None once it is sent; else what is wrong, or nothing where it was only kept."""
    try:
        typed.keep()
        errors = typed.take(uploads)
        if uid := request.POST.get("remove"):
            typed.remove(uid)
        if errors or "send" not in request.POST:
            return errors
        send()
    except Incomplete as incomplete:
        return [{"target": FIELD, "text": str(incomplete)}]
    except Refused as refused:
        return [{"target": "", "text": str(refused)}]
    return None


def shown(typed: Composing, errors: Sequence[dict]) -> dict:
    """What `cases/_compose.html` and the summary of errors read."""
    return {
        "typed": typed,
        "errors": list(errors),
        "has_errors": bool(errors),
        "body_error": any(error["target"] == FIELD for error in errors),
    }


def news(
    request: HttpRequest, theirs: QuerySet[ThreadMessage], news_of: Callable[[int], dict]
) -> HttpResponse:
    """How many of the other side's messages have come since the page was made; 204 while none has. `news_of` gives,
    by the last message that it showed, what `cases/_news.html` reads besides."""
    seen = threads.seen_of(requested.text(request, "seen"))
    count = theirs.filter(pk__gt=seen).count()
    if not count:
        return HttpResponse(status=204)
    return render(request, "cases/_news.html", {**news_of(seen), "news": count})


def kept(request: HttpRequest, typed: Composing) -> HttpResponse:
    """The answer to saving while typing: when it was kept, or why it wasn't."""
    try:
        typed.keep()
    except Refused as refused:
        return render(request, "cases/_kept.html", {"refused": str(refused)}, status=409)
    return render(request, "cases/_kept.html", {"draft": typed.draft, "typed": typed})


def signed_out(request: HttpRequest) -> HttpResponse:
    """The session has ended: what is typed stays on the page, and is kept for its author besides."""
    if not requested.by_script(request):
        return redirect_to_login(request.get_full_path())
    sentence = _("You were logged out. Log in on another tab and come back: it is kept then.")
    return render(
        request, "cases/_kept.html", {"refused": sentence, "signed_out": True}, status=409
    )
