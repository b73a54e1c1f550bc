"""The chief representative's window: one person, all standards, four keys. No window has a key to reject."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.accounts.requests import PersonRequest
from kernel.applicants.deferring import following
from kernel.cases import actions, deferrals, founders_papers
from kernel.cases.actions.deferring import open_questions
from kernel.cases.models import Deferral, StraightApproval
from kernel.cases.queries import first
from kernel.cases.signers import refusals
from kernel.catalogue import in_language
from kernel.core import written
from kernel.core.errors import Refused
from kernel.core.moment import now
from kernel.desks.pages import DeskPages
from kernel.desks.refusals import refusal_entries, status_of
from kernel.form import uploads
from kernel.form.uploads import MOST_BYTES, takes_files
from kernel.papers.context import context
from registration import CODE, cards
from registration.window_case import WindowCase

LISTED = 100  # promises shown at once


class WindowPages(DeskPages[WindowCase]):
    case_class = WindowCase
    department = CODE
    namespace = "window"
    title = gettext_lazy("Chief representative's window")
    template = "registration/case.html"
    close_key, close_label = "A", gettext_lazy("Approve")
    closed_sentence = gettext_lazy(
        "%(name)s is approved: the licence is issued and the seals are ordered."
    )

    def urls(self) -> list:
        return [
            path("audits/", self.guard(self.audits), name="audits"),
            path("following/", self.guard(self.promises), name="following"),
            *super().urls(),
            path("<str:number>/audit/", self.guard(self.audit, "GET", "POST"), name="audit"),
            path(
                "<str:number>/character/",
                takes_files(MOST_BYTES)(self.guard(self.character, "POST")),
                name="character",
            ),
            path("<str:number>/papers/<slug:kind>/", self.guard(self.paper), name="paper"),
            path("<str:number>/defer/", self.guard(self.defer_case, "POST"), name="defer"),
            path(
                "<str:number>/following/<uuid:uid>/",
                self.guard(self.look, "GET", "POST"),
                name="look",
            ),
        ]

    def on_request(self) -> frozenset[str]:
        return cards.COMPARED

    # Approving with materials that follow ----------------------------------------------------------------------------

    def more_acts(self, page: WindowCase, idle: str) -> list[dict]:
        number = page.application.number
        return [
            {
                "label": _("Approve, rest follows"),
                "key": "D",
                "form": "close",
                "url": self.url("defer", number),
                "disabled": bool(idle or page.not_deferrable),
            }
        ]

    def asked_later(self, page: WindowCase) -> frozenset[str]:
        return frozenset(finding.standard.id for finding in page.postponed)

    def defer_case(self, request: HttpRequest, number: str) -> HttpResponse:
        return self.close_case(request, number, deferring=True)

    def hindrance(self, page: WindowCase) -> str:
        if page.rare and (unprintable := founders_papers.unprintable(page)):
            return in_language("", " ").join(unprintable)
        if refused := refusals(page):
            return in_language("", " ").join(refused)
        if page.unsigned:
            later = _("The case can't be approved before everybody has signed.")
            return in_language("", " ").join([page.unsigned, later])
        if page.unmet and not page.not_deferrable:
            return _(
                "Approve with what follows later (D), return the case (R), or ask the supervisor (E)."
            )
        return super().hindrance(page)

    def ready_note(self, page: WindowCase) -> str:
        return (
            _("Once every question is answered “met”, the case can be approved.")
            if page.questions
            else ""
        )

    def key_notes(self, page: WindowCase) -> list[str]:
        never = _("A window can't reject: say how to put it right, or ask the supervisor.")
        return [text for text in (page.not_deferrable, never) if text]

    def context(self, page: WindowCase) -> dict:
        return {
            "asked": [(deferral, deferrals.label(deferral.kind)) for deferral in page.asked],
            "following": [
                following(deferral, page.at) for deferral in page.deferrals if deferral.clock
            ],
            "deferral_days": page.application.zone.setting("deferral_working_days"),
        }

    # The founders' papers --------------------------------------------------------------------------------------------

    def paper(self, request: HttpRequest, number: str, kind: str) -> HttpResponse:
        """One of the papers of the filing in its present words, with who has signed it."""
        page = self.page(request, number)
        facts = founders_papers.papers(page).get(kind)
        row = next((row for row in page.signed_papers if row.kind == kind), None)
        if facts is None or row is None:
            raise Http404
        shown = context(kind, founders_papers.with_signatures(page, kind, facts), sample=False)
        return self._aside(request, page, "registration/paper.html", [], 200, shown=shown, row=row)

    # Characters without a font ---------------------------------------------------------------------------------------

    def character(self, request: HttpRequest, number: str) -> HttpResponse:
        """The picture of a character that no font here has: papers and seals are drawn with it."""
        page = self.page(request, number)
        character = next(
            (char for char in page.rare if written.code(char) == request.POST.get("code")), ""
        )
        upload = request.FILES.get("picture")
        try:
            if upload is None:
                raise Refused(_("Choose the picture of the character first."))
            actions.attach_character(
                actor=request.user,
                stage_id=page.stage.pk,
                character=character,
                path=uploads.character(upload),
            )
            messages.success(request, _("Attached: the papers and the seals are drawn with it."))
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect(self.url("case", number))

    # What follows ----------------------------------------------------------------------------------------------------

    def promises(self, request: PersonRequest) -> HttpResponse:
        """The zone's promises: what lies with the window first, then by their last day."""
        rows = Deferral.objects.filter(
            deferrals.OWED, application__zone=request.user.zone, clock__isnull=False
        )
        rows = rows.select_related("application", "clock")
        beside = self.beside(request)
        at = now()
        listed, more = first(rows.order_by("-state", "clock__due_at", "pk"), LISTED)
        listed.sort(key=lambda deferral: deferral.supplied_at is None)
        context = {
            **beside,
            "following": [following(deferral, at) for deferral in listed],
            "more": more,
        }
        return render(request, "registration/following.html", context)

    def look(self, request: HttpRequest, number: str, uid) -> HttpResponse:
        """A material that was supplied: accept it, with the questions that had to wait, or say what is still wrong."""
        page = self.page(request, number)
        deferral = next(
            (deferral for deferral in page.deferrals if deferral.uid == uid and deferral.clock),
            None,
        )
        if deferral is None:
            raise Http404
        errors, status = [], 200
        if request.method == "POST":
            try:
                return self._decide(request, page, deferral)
            except Refused as refused:
                errors, status, page = (
                    refusal_entries(refused),
                    status_of(refused),
                    self.page(request, number),
                )
                deferral = next(row for row in page.deferrals if row.uid == uid)
        asked = open_questions(page.application, deferral)
        return self._aside(
            request,
            page,
            "registration/look.html",
            errors,
            status,
            one=following(deferral, page.at),
            asked=asked,
            confirmed=set(request.POST.getlist("met")),
            remedy=request.POST.get("remedy", ""),
            files=[paper for paper in page.papers if paper.kind == deferral.kind],
        )

    def _decide(self, request: HttpRequest, page: WindowCase, deferral: Deferral) -> HttpResponse:
        case: dict[str, Any] = {
            "actor": request.user,
            "application_id": page.application.pk,
            "uid": str(deferral.uid),
        }
        if "again" in request.POST:
            actions.ask_again(**case, remedy=request.POST.get("remedy", ""))
            messages.success(
                request,
                _("The applicant is told what is still to be put right. The clock goes on."),
            )
        else:
            actions.accept_deferred(**case, confirmed=frozenset(request.POST.getlist("met")))
            messages.success(request, _("Accepted: nothing of this material is open any more."))
        return redirect(self.url("case", page.application.number))

    # After-audits ----------------------------------------------------------------------------------------------------

    def audits(self, request: PersonRequest) -> HttpResponse:
        """The cases of the zone that the system approved and a person looks at afterwards, in their line."""
        rows = StraightApproval.objects.filter(
            application__zone=request.user.zone, drawn=True, looked_at=None
        ).select_related("application")
        audits, more = first(rows.order_by("approved_at", "pk"), LISTED)
        context = {**self.beside(request), "audits": audits, "more": more}
        return render(request, "registration/audits.html", context)

    def audit(self, request: HttpRequest, number: str) -> HttpResponse:
        """One of them: what was filed, and what the officer finds."""
        page = self.page(request, number)
        row = StraightApproval.objects.filter(application=page.application, drawn=True).first()
        if row is None:
            raise Http404
        given: dict[str, Any] = {
            "outcome": request.POST.get("outcome", ""),
            "cited": request.POST.getlist("cited"),
            "note": request.POST.get("note", ""),
        }
        errors, status = [], 200
        if request.method == "POST":
            try:
                actions.record_audit(
                    actor=request.user, application_id=page.application.pk, **given
                )
            except Refused as refused:
                errors, status = refusal_entries(refused), status_of(refused)
                row.refresh_from_db()
            else:
                messages.success(request, _("The audit is recorded."))
                return redirect(self.url("audits"))
        return self._aside(
            request,
            page,
            "registration/audit.html",
            errors,
            status,
            row=row,
            given=given,
            outcomes=StraightApproval.Outcome.choices,
        )
