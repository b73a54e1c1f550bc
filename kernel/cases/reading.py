"""Who of the staff opened a file of a case: what every door to an upload or a paper calls before it hands out anything.

    reading.upload(user, application, material)      # the file, one of its pages, a picture of it however small
    reading.papers(user, application, papers)
    reading.draft(user, application)                 # the pages of a draft, for a helper who was let in
    reading.thread(user, application)                # its messages
    reading.thread_file(user, application, file)

Each raises Http404 for what the user may not see, and leaves an event on the trail where somebody of the staff opens an
upload or a file of a message, or a paper or the messages of a case that isn't in their hands. What one opens again
within the hour is the same look.
"""

import logging
from collections.abc import Iterable
from datetime import timedelta

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy

from kernel.accounts.models import Role
from kernel.cases import rights
from kernel.cases.locked_case import locked_case
from kernel.cases.models import Application, Document, Event, Material, ThreadFile
from kernel.cases.models.document import kinds
from kernel.core.moment import now
from kernel.core.words import Words
from kernel.form.fields import FIELD

log = logging.getLogger(__name__)
ONE_LOOK = timedelta(hours=1)
# What the words of an event begin with: `materials.id_copies`.
UPLOAD, PAPER, THREAD, DRAFT = "materials", "papers", "thread", "draft"
OF_THREAD = {
    "messages": gettext_lazy("Messages of the case"),
    "file": gettext_lazy("File of a message"),
}
PAGES = gettext_lazy("Pages of the draft")
PHONE = gettext_lazy("Mobile phone")
LOOKS = (Event.Kind.READ, Event.Kind.REVEALED)


def upload(user, application: Application, material: Material) -> None:
    if not rights.may_see_upload(user, application, material):
        log.warning("material denied", extra={"case": application.number, "user": user.pk})
        raise Http404
    _leave(user, application, [(f"{UPLOAD}.{material.kind}", str(material.uid))])


def papers(user, application: Application, opened: Iterable[Document]) -> None:
    """`opened` are among `rights.papers_for`, which the caller has asked."""
    if not rights.is_at_work(user, application):
        _leave(user, application, [(f"{PAPER}.{paper.kind}", str(paper.uid)) for paper in opened])


def draft(user, application: Application) -> None:
    """The caller has found the draft among those that the user may see."""
    _leave(user, application, [(f"{DRAFT}.pages", str(application.uid))])


def thread(user, application: Application) -> None:
    """The caller has asked whether they may read it."""
    if not rights.is_at_work(user, application):
        _leave(user, application, [(f"{THREAD}.messages", str(application.uid))])


def thread_file(user, application: Application, file: ThreadFile) -> None:
    if not rights.may_see_thread_file(user, application, file):
        log.warning("file of a message denied", extra={"case": application.number, "user": user.pk})
        raise Http404
    own = file.draft_id or (file.message and file.message.author_id == user.pk)
    if not own:
        _leave(user, application, [(f"{THREAD}.file", str(file.uid))])


def looks(application: Application) -> QuerySet[Event]:
    """Who of the staff looked at what of a case, the latest first."""
    rows = Event.objects.filter(application=application, kind__in=LOOKS)
    return rows.select_related("actor").order_by("-seq")


def seen_in(event: Event) -> list[str]:
    """What somebody saw, in words."""
    if event.kind == Event.Kind.REVEALED:
        return [
            str(PHONE if key == rights.APPLICANT_PHONE else FIELD[key].label)
            for key in event.data["fields"]
        ]
    papers_by_kind = dict(kinds())
    words = (what.partition(".") for what in event.data["what"])
    return [str(_word(of, kind, papers_by_kind)) for of, _dot, kind in words]


def _word(of: str, kind: str, papers_by_kind: dict) -> Words:
    if of == DRAFT:
        return PAGES
    if of == THREAD:
        return OF_THREAD[kind]
    return papers_by_kind.get(kind, kind) if of == PAPER else FIELD[f"{of}.{kind}"].label


def _leave(user, application: Application, opened: list[tuple[str, str]]) -> None:
    """One event for what wasn't opened lately. The applicant's own side leaves none: it is their file."""
    if user.holds(Role.APPLICANT):
        return
    if not _fresh(user, application, opened):
        return
    with locked_case(application.pk, user) as case:
        # Of two requests at once the other may have left it.
        fresh = _fresh(user, application, opened)
        if not fresh:
            return
        stages = (case.stages.get(department) for department in user.departments)
        case.record(
            Event.Kind.READ,
            next((stage for stage in stages if stage), None),
            what=sorted({what for what, _uid in fresh}),
            files=[uid for _what, uid in fresh],
        )


def _fresh(user, application: Application, opened: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What of it they haven't opened within the hour."""
    looks = Event.objects.filter(
        application=application, actor=user, kind=Event.Kind.READ, at__gt=now() - ONE_LOOK
    )
    lately = {uid for files in looks.values_list("data__files", flat=True) for uid in files}
    return [(what, uid) for what, uid in opened if uid not in lately]
