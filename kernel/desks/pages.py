"""The pages of every desk: a case beside the queue, and the officer's keys. A department says only what is its own."""

from typing import Generic, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.accounts import authorities, second_step
from kernel.cases import desks
from kernel.cases.actions import escalate, return_stage, reveal, touch
from kernel.catalogue import in_language
from kernel.core.errors import Incomplete, Refused
from kernel.core.ui.form_errors import form_errors
from kernel.desks.case_page import CasePage
from kernel.desks.forms import CloseForm, EscalateForm, Grounds, Questions
from kernel.desks.keys import keys_of
from kernel.desks.refusals import UNREADABLE, is_repeated, refusal_entries, status_of
from kernel.desks.thread_pages import ThreadPages
from kernel.form import flow
from kernel.form.filing import read_count

Page = TypeVar("Page", bound=CasePage)


class DeskPages(ThreadPages, Generic[Page]):
    """The pages of one department's desk. Subclasses give its names and its form; its desk closes its stage."""

    template = "desks/case.html"
    case_class: type[Page] = CasePage  # type: ignore[assignment]  # of a desk that says no other
    form_class: type[CloseForm] = CloseForm
    close_key, close_label = "C", gettext_lazy("Close")
    closed_sentence = gettext_lazy("%(name)s is closed.")

    def __init__(self):
        super().__init__()
        self.close_name = f"{self.namespace}:close"
        self.reveal_name = f"{self.namespace}:reveal"
        self.return_name, self.escalate_name = (
            f"{self.namespace}:return",
            f"{self.namespace}:escalate",
        )

    # What a department may say of its own ----------------------------------------------------------------------------

    def on_request(self) -> frozenset[str]:
        """Personal fields that the work of this desk may need unmasked."""
        return frozenset()

    def initial(self, page: Page) -> dict:
        """What its form is filled in with."""
        return {}

    def context(self, page: Page) -> dict:
        """What its own part of the page shows besides."""
        return {}

    def steps(self, page: Page) -> dict[str, bool]:
        """Questions of the standards that a recorded step answers, and whether it has: nobody is asked twice."""
        return {}

    def asked_later(self, page: Page) -> frozenset[str]:
        """Standards that are asked only once a material is there that follows later."""
        return frozenset()

    def hindrance(self, page: Page) -> str:
        """Why the stage can't be closed yet whatever is typed, as a sentence; empty when it can."""
        if page.unmet:
            values = {"standards": ", ".join(finding.standard.id for finding in page.unmet)}
            return (
                _("Not met: %(standards)s. Return the case (R), or ask the supervisor (E).")
                % values
            )
        return in_language("", " ").join(
            authorities.unnamed(page.application.zone, self.department)
        )

    def ready_note(self, page: Page) -> str:
        """What closing will do, said below the keys."""
        return ""

    def key_notes(self, page: Page) -> list[str]:
        """Reasons of keys of its own."""
        return []

    def more_acts(self, page: Page, idle: str) -> list[dict]:
        """Keys of its own, after the one that closes."""
        return []

    # Addresses -------------------------------------------------------------------------------------------------------

    def urls(self) -> list:
        """Its addresses; a department adds its own steps to them."""
        return [
            *super().urls(),
            path("<str:number>/", self.guard(self.case), name="case"),
            path("<str:number>/close/", self.guard(self.close_case, "POST"), name="close"),
            path("<str:number>/reveal/", self.guard(self.reveal, "POST"), name="reveal"),
            path(
                "<str:number>/return/", self.guard(self.return_case, "GET", "POST"), name="return"
            ),
            path(
                "<str:number>/escalate/",
                self.guard(self.escalate_case, "GET", "POST"),
                name="escalate",
            ),
        ]

    # Case ------------------------------------------------------------------------------------------------------------

    def page(self, request: HttpRequest, number: str, revealed: bool = False) -> Page:
        return self.case_class(request.user, number, self.department, self.on_request(), revealed)

    def questions(self, page: Page, data=None) -> Questions:
        """A closed stage shows what was answered then."""
        steps = (
            {f.standard.id: f.standard.id in page.confirmed for f in page.questions}
            if page.is_closed
            else None
        )
        return Questions(page.questions, data, steps or self.steps(page), self.asked_later(page))

    def form(self, page: Page, data=None) -> CloseForm:
        return self.form_class(data, page=page, initial=self.initial(page))

    def case(self, request: HttpRequest, number: str) -> HttpResponse:
        page = self.page(request, number)
        if page.is_mine:
            touch(actor=request.user, stage_id=page.stage.pk)
        return self.show(request, page)

    def show(
        self, request: HttpRequest, page: Page, data=None, errors=(), status=200, **more
    ) -> HttpResponse:
        """The case with what was typed; `more` replaces values of the context."""
        context = {
            **self.beside(request, page.application.number),
            "page": page,
            "form": self.form(page, data),
            "questions": self.questions(page, data),
            "errors": list(errors),
            "has_errors": bool(errors),
            "keys": keys_of(self, page),
            **self.context(page),
            **more,
        }
        return render(request, self.template, context, status=status)

    def reveal(self, request: HttpRequest, number: str) -> HttpResponse:
        """The case with the personal data that the work needs in full, this once; the trail says so before."""
        page = self.page(request, number)
        try:
            reveal(actor=request.user, application_id=page.application.pk, fields=self.on_request())
        except Refused as refused:
            return self.refuse(request, number, refused)
        return self.show(request, self.page(request, number, revealed=True))

    def close_case(self, request: HttpRequest, number: str, **how) -> HttpResponse:
        """`how` is handed on to the desk."""
        page = self.page(request, number)
        form, questions = self.form(page, request.POST), self.questions(page, request.POST)
        # A page of another round is answered by the desk, which knows who decided it.
        if (page.is_mine or page.is_free) and round_of(request) == page.stage.round:
            errors = [*form_errors(form), *questions.errors]
            if errors or not form.is_valid():
                return self.show(request, page, request.POST, errors, UNREADABLE, form=form)
        values = {**(form.granted if form.is_valid() else {}), **how}
        try:
            if self.department == flow.registrar():
                second_step.require_fresh(request, page.application.zone)
            desks.desk(self.department).close(
                actor=request.user,
                stage_id=page.stage.pk,
                round=round_of(request),
                confirmed=questions.confirmed,
                **values,
            )
        except Refused as refused:
            if not is_repeated(refused):
                return self.refuse(request, number, refused)
        messages.success(request, self.closed_sentence % {"name": page.application.name})
        return redirect(self.url("queue"))

    def refuse(self, request: HttpRequest, number: str, refused: Refused, **more) -> HttpResponse:
        """The case as it stands now, with the sentence and what was typed."""
        page = self.page(request, number)
        return self.show(
            request, page, request.POST, refusal_entries(refused), status_of(refused), **more
        )

    # Return and escalate ---------------------------------------------------------------------------------------------

    def return_case(self, request: HttpRequest, number: str) -> HttpResponse:
        """The case's R opens the page with what fails and what was answered "not met"; `send` sends it."""
        page, sent = self.page(request, number), "send" in request.POST
        not_met = self.questions(page, request.POST).not_met
        grounds = Grounds(page, request.POST if sent else None, not_met)
        if not sent:
            return self._aside(request, page, "desks/return.html", grounds=grounds)
        try:
            return_stage(
                actor=request.user,
                stage_id=page.stage.pk,
                round=round_of(request),
                grounds=grounds.cited,
            )
        except Refused as refused:
            if not is_repeated(refused):
                problems = (
                    grounds.errors(refused.problems) if isinstance(refused, Incomplete) else []
                )
                errors, page = problems or refusal_entries(refused), self.page(request, number)
                return self._aside(
                    request, page, "desks/return.html", errors, status_of(refused), grounds=grounds
                )
        messages.success(
            request, _("%(name)s went back to the applicant.") % {"name": page.application.name}
        )
        return redirect(self.url("queue"))

    def escalate_case(self, request: HttpRequest, number: str) -> HttpResponse:
        page, sent = self.page(request, number), "send" in request.POST
        form = EscalateForm(request.POST if sent else None)
        if not form.is_valid():
            errors = form_errors(form)
            status = UNREADABLE if errors else 200
            return self._aside(request, page, "desks/escalate.html", errors, status, form=form)
        try:
            escalate(
                actor=request.user, stage_id=page.stage.pk, question=form.cleaned_data["question"]
            )
        except Refused as refused:
            page = self.page(request, number)
            return self._aside(
                request,
                page,
                "desks/escalate.html",
                refusal_entries(refused),
                status_of(refused),
                form=form,
            )
        messages.success(request, _("The supervisor has been asked. The clock goes on."))
        return redirect(self.url("case", number))

    def _aside(
        self, request, page: Page, template: str, errors=(), status=200, **more
    ) -> HttpResponse:
        """A page beside the case: same queue, same head, its own body. The round is the one that the officer saw."""
        context = {
            **self.beside(request, page.application.number),
            "page": page,
            "errors": errors,
            "has_errors": bool(errors),
            "round": request.POST.get("round", page.stage.round),
            **more,
        }
        return render(request, template, context, status=status)


def round_of(request: HttpRequest) -> int:
    """The round that the page showed; -1, which no stage has, where it isn't a number."""
    given = read_count(request.POST.get("round"))
    return -1 if given is None else given
