"""The thread of a case at a desk: what the applicant's side asks and how the desk answers, beside the data of the
case."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _

from kernel.cases import actions, composing, reading, replies, threads
from kernel.cases.composing import Composing
from kernel.core.errors import Refused
from kernel.desks.case_page import CasePage
from kernel.desks.queue_pages import QueuePages
from kernel.desks.refusals import UNREADABLE, refusal_entries, status_of
from kernel.form.uploads import takes_files

BETWEEN = "\n\n"  # what is typed, and a reply that is put below it


class ThreadPages(QueuePages):
    """The part of a desk (`DeskPages`) that answers."""

    def __init__(self):
        super().__init__()
        self.thread_name = f"{self.namespace}:thread"
        self.settle_name = f"{self.namespace}:thread-settle"
        self.hand_on_name = f"{self.namespace}:thread-hand-on"

    def page(self, request: HttpRequest, number: str) -> Any:
        """The `CasePage` of this desk. Raises Http404."""
        raise NotImplementedError

    def urls(self) -> list:
        at = "<str:number>/messages/"
        keep = self.guard(self.keep_message, "POST", otherwise=composing.signed_out)
        return [
            *super().urls(),
            path(at, self.guard(self.thread, "GET", "POST"), name="thread"),
            path(f"{at}keep/", keep, name="thread-keep"),
            path(f"{at}news/", self.guard(self.news), name="thread-news"),
            path(f"{at}settle/", self.guard(self.settle, "POST"), name="thread-settle"),
            path(f"{at}hand-on/", self.guard(self.hand_on, "POST"), name="thread-hand-on"),
        ]

    @takes_files(composing.MOST_SENT)
    def thread(self, request: HttpRequest, number: str) -> HttpResponse:
        """The thread and the form below it; every button of the form keeps what is typed."""
        page = self.page(request, number)
        typed = composing.read(request, page.application, self.department)
        if request.method != "POST":
            reading.thread(request.user, page.application)
            actions.mark_read(
                actor=request.user,
                application_id=page.application.pk,
                departments=[self.department],
            )
            if page.is_mine:
                actions.touch(actor=request.user, stage_id=page.stage.pk)
            return self.show_thread(request, page, typed)
        self._put_reply(request, page, typed)
        uploads = request.FILES.getlist("files")
        errors = composing.posted(
            request, typed, uploads, lambda: self._send(request.user, page, typed)
        )
        if errors:
            return self.show_thread(request, self.page(request, number), typed, errors, UNREADABLE)
        if errors is None:
            messages.success(request, _("Sent. The applicant is told."))
            return redirect(self.url("thread", number))
        return redirect(f"{self.url('thread', number)}#compose")

    def _put_reply(self, request: HttpRequest, page: CasePage, typed: Composing) -> None:
        """A reply whose key was pressed goes below what is typed; it is sent by the officer alone."""
        code = request.POST.get("reply", "")
        if text := replies.filled(self.department, page.application, code):
            typed.body = BETWEEN.join(filter(None, [typed.body.strip(), text]))

    def _send(self, user, page: CasePage, typed: Composing) -> None:
        actions.write_to_applicant(
            actor=user,
            stage_id=page.stage.pk,
            body=typed.body,
            key=typed.key,
            asks=typed.asks,
            waits=typed.waits,
            seen=typed.seen,
        )

    def keep_message(self, request: HttpRequest, number: str) -> HttpResponse:
        """What is typed, while it is typed."""
        page = self.page(request, number)
        typed = composing.read(request, page.application, self.department)
        return composing.kept(request, typed)

    def news(self, request: HttpRequest, number: str) -> HttpResponse:
        """How many messages have come since the page was made; 204 while none has."""
        page = self.page(request, number)
        theirs = page.application.thread.from_applicants()
        return composing.news(request, theirs, lambda seen: self._news(page, seen))

    def settle(self, request: HttpRequest, number: str) -> HttpResponse:
        """What was asked needs no answer."""
        page = self.page(request, number)
        seen = threads.seen_of(request.POST.get("seen", ""))
        try:
            actions.settle_question(actor=request.user, stage_id=page.stage.pk, seen=seen)
        except Refused as refused:
            return self._refused(request, number, refused)
        messages.success(request, _("Noted: it needs no answer. The applicant sees so."))
        return redirect(self.url("thread", number))

    def hand_on(self, request: HttpRequest, number: str) -> HttpResponse:
        """What was asked is another department's to answer."""
        page = self.page(request, number)
        seen, to = threads.seen_of(request.POST.get("seen", "")), request.POST.get("to", "")
        try:
            actions.hand_on_question(actor=request.user, stage_id=page.stage.pk, to=to, seen=seen)
        except Refused as refused:
            return self._refused(request, number, refused)
        messages.success(request, _("Handed on. Its clock goes on."))
        return redirect(self.url("thread", number))

    def _refused(self, request: HttpRequest, number: str, refused: Refused) -> HttpResponse:
        page = self.page(request, number)
        kept = composing.kept_of(request.user, page.application, self.department)
        return self.show_thread(request, page, kept, refusal_entries(refused), status_of(refused))

    def _news(self, page: CasePage, seen: int) -> dict:
        number = page.application.number
        return {
            "news_url": self.url("thread-news", number),
            "thread_url": self.url("thread", number),
            "seen": seen,
        }

    def show_thread(
        self, request: HttpRequest, page: CasePage, typed: Composing, errors=(), status=200
    ) -> HttpResponse:
        application = page.application
        stages = list(application.stages.all())
        lines = threads.entries(application, stages, for_desk=True)
        asked = threads.asked_of(lines, self.department)
        closed = "" if asked else threads.closed_for(application, page.at)
        others = [s for s in threads.reached(stages) if s.department != self.department]
        context = {
            **self.beside(request, application.number),
            "page": page,
            "lines": lines,
            "number": application.number,
            **self._news(page, threads.last_of(lines)),
            **composing.shown(typed, errors),
            "keep_url": self.url("thread-keep", application.number),
            "asked": asked,
            "answer_clock": threads.answer_clock(lines, self.department, page.at),
            "closed": closed or threads.held_fault(page.stage, request.user),
            "waiting_fault": threads.waiting_fault(page.stage, request.user),
            "replies": replies.of_desk(self.department, application),
            "others": [] if any(message.handed_from for message in asked) else others,
        }
        return render(request, "desks/thread.html", context, status=status)
