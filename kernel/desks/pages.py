"""The pages of every desk: the queue, the case, and the officer's keys. A department says only what is its own."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from kernel.accounts import authorities, seats
from kernel.cases import desks
from kernel.cases.actions import escalate, return_stage, reveal, take_next, touch
from kernel.cases.queries import desk_queue
from kernel.catalogue import in_language
from kernel.core.errors import AlreadyDecided, Incomplete, Refused
from kernel.core.moment import now
from kernel.core.typed import visible
from kernel.desks.case_page import CasePage
from kernel.desks.forms import CloseForm, EscalateForm, Grounds, Questions
from kernel.desks.keys import keys_of
from kernel.desks.search import desk_search
from kernel.form.filing import read_count

CONFLICT, UNREADABLE = 409, 422


class DeskPages:
    """The pages of one department's desk. Subclasses give its names and its form; its desk closes its stage."""

    department: str
    namespace: str
    template = "desks/case.html"
    case_class: type[CasePage] = CasePage
    form_class: type[CloseForm] = CloseForm
    title = gettext_lazy("Cases")
    close_key, close_label = "C", gettext_lazy("Close")
    closed_sentence = gettext_lazy("%(name)s is closed.")

    def __init__(self):
        self.case_name, self.close_name = f"{self.namespace}:case", f"{self.namespace}:close"
        self.reveal_name = f"{self.namespace}:reveal"
        self.return_name, self.escalate_name = (
            f"{self.namespace}:return",
            f"{self.namespace}:escalate",
        )

    # What a department may say of its own ----------------------------------------------------------------------------

    def on_request(self) -> frozenset[str]:
        """Personal fields that the work of this desk may need unmasked."""
        return frozenset()

    def initial(self, page: CasePage) -> dict:
        """What its form is filled in with."""
        return {}

    def context(self, page: CasePage) -> dict:
        """What its own part of the page shows besides."""
        return {}

    def steps(self, page: CasePage) -> dict[str, bool]:
        """Questions of the standards that a recorded step answers, and whether it has: nobody is asked twice."""
        return {}

    def asked_later(self, page: CasePage) -> frozenset[str]:
        """Standards that are asked only once a material is there that follows later."""
        return frozenset()

    def hindrance(self, page: CasePage) -> str:
        """Why the stage can't be closed yet whatever is typed, as a sentence; empty when it can."""
        if page.unmet:
            said = {"standards": ", ".join(finding.standard.id for finding in page.unmet)}
            return (
                _("Not met: %(standards)s. Return the case (R), or ask the supervisor (E).") % said
            )
        return in_language("", " ").join(
            authorities.unnamed(page.application.zone, self.department)
        )

    def ready_note(self, page: CasePage) -> str:
        """What closing will do, said below the keys."""
        return ""

    def key_notes(self, page: CasePage) -> list[str]:
        """Reasons of keys of its own."""
        return []

    def more_acts(self, page: CasePage, idle: str) -> list[dict]:
        """Keys of its own, after the one that closes."""
        return []

    # Addresses -------------------------------------------------------------------------------------------------------

    def urls(self) -> list:
        """Its addresses; a department adds its own steps to them."""
        return [
            path("", self.guard(self.queue), name="queue"),
            path("line/", self.guard(self.line), name="line"),
            path("next/", self.guard(self.next, "POST"), name="next"),
            path("find/", self.guard(self.search), name="search"),
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

    def guard(self, view, *methods):
        """For officers of this desk alone, never kept by a browser; a case is hidden from others, a page refused.

        Looking at the address of a step (a reload, a change of language) leads to its case.
        """
        limited = require_http_methods(methods or ["GET"])(view)

        @cache_control(private=True, no_store=True)
        @wraps(view)
        def guarded(request, **parts):
            user = request.user
            if not user.is_authenticated and view != self.line:
                return redirect_to_login(request.get_full_path())
            if user.is_authenticated and not seats.sit(request, self.department):
                raise Http404 if "number" in parts else PermissionDenied
            if request.method == "GET" and methods == ("POST",) and "number" in parts:
                return redirect(self.url("case", parts["number"]))
            return limited(request, **parts)

        return guarded

    def url(self, name: str, *args) -> str:
        return reverse(f"{self.namespace}:{name}", args=args)

    # Queue -----------------------------------------------------------------------------------------------------------

    def queue(self, request: HttpRequest) -> HttpResponse:
        return render(request, "desks/queue.html", self.beside(request))

    def line(self, request: HttpRequest) -> HttpResponse:
        """The queue alone, for refreshing it. Without a log-in the page is left as it is, with what was typed on it."""
        if not request.user.is_authenticated:
            return HttpResponse(status=204)
        return render(
            request, "desks/_queue.html", self.beside(request, request.GET.get("current", ""))
        )

    def next(self, request: HttpRequest) -> HttpResponse:
        try:
            stage = take_next(actor=request.user)
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect(self.url("queue"))
        if stage is None:
            messages.info(request, _("Nobody is waiting in line."))
            return redirect(self.url("queue"))
        return redirect(self.url("case", stage.application.number))

    def search(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("q", "").strip()
        stages, more = desk_search(request.user, asked) if visible(asked) else ([], False)
        context = {**self.beside(request), "q": asked, "found": stages, "more": more}
        return render(request, "desks/search.html", context)

    def beside(self, request: HttpRequest, current: str = "") -> dict:
        """What every page of the desk stands beside: its queue."""
        midnight = localtime(now()).replace(hour=0, minute=0, second=0, microsecond=0)
        return {
            "queue": desk_queue(request.user, midnight),
            "desk": self,
            "current": current,
            "case_url": self.case_name,
            "line_url": self.url("line"),
            "next_url": self.url("next"),
        }

    # Case ------------------------------------------------------------------------------------------------------------

    def page(self, request: HttpRequest, number: str, revealed: bool = False) -> CasePage:
        return self.case_class(request.user, number, self.department, self.on_request(), revealed)

    def questions(self, page: CasePage, data=None) -> Questions:
        """A closed stage shows what was answered then."""
        steps = (
            {f.standard.id: f.standard.id in page.confirmed for f in page.questions}
            if page.is_closed
            else None
        )
        return Questions(page.questions, data, steps or self.steps(page), self.asked_later(page))

    def form(self, page: CasePage, data=None) -> CloseForm:
        return self.form_class(data, page=page, initial=self.initial(page))

    def case(self, request: HttpRequest, number: str) -> HttpResponse:
        page = self.page(request, number)
        if page.is_mine:
            touch(actor=request.user, stage_id=page.stage.pk)
        return self.show(request, page)

    def show(
        self, request: HttpRequest, page: CasePage, data=None, errors=(), status=200, **more
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
        self, request, page: CasePage, template: str, errors=(), status=200, **more
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


def refusal_entries(refused: Refused) -> list[dict]:
    """A refusal as entries of the error summary."""
    problems = refused.problems if isinstance(refused, Incomplete) else []
    return [{"target": "", "text": text} for text, _fields in problems] or [
        {"target": "", "text": str(refused)}
    ]


def is_repeated(refused: Refused) -> bool:
    """Whether the same officer did the same before: a second press is answered as the first."""
    return isinstance(refused, AlreadyDecided) and refused.repeated


def status_of(refused: Refused) -> int:
    return UNREADABLE if isinstance(refused, Incomplete) else CONFLICT


def form_errors(form) -> list[dict]:
    """A bound form's errors as entries of the error summary, each leading to its field."""
    errors = [{"target": "", "text": text} for text in form.non_field_errors()]
    for bound in form.visible_fields():
        errors += [
            {"target": bound.id_for_label or bound.auto_id, "text": text} for text in bound.errors
        ]
    return errors
