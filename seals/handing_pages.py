"""The pages by which finished sets are handed over: the engraver's list and keys, and what the applicant presses."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from kernel.accounts.requests import PersonRequest
from kernel.cases.access import access_application
from kernel.core.certain import certain
from kernel.core.errors import Incomplete, NotAllowed, Refused, Stale
from kernel.core.moment import now
from kernel.core.ui.form_errors import form_errors
from kernel.desks.case_page import CasePage
from kernel.desks.pages import DeskPages
from kernel.desks.refusals import UNREADABLE, refusal_entries, status_of
from seals import collectors, handing_over, queries
from seals.forms import CollectorForm, HandOutForm, SendForm
from seals.models import Parcel, SealOrder


class SealsCase(CasePage):
    @cached_property
    def order(self) -> tuple[SealOrder, list[queries.SealView]]:
        order, seals = queries.order_of(self.application)
        return certain(order), seals  # made when the stage opens


class HandingOverPages(DeskPages[SealsCase]):
    """The part of `seals.views.SealsPages` after the close."""

    case_class = SealsCase

    def handing_urls(self) -> list:
        case, parcel = "<str:number>/", "<str:number>/parcel/<int:parcel>/"
        return [
            path("waiting/", self.guard(self.waiting), name="waiting"),
            path(f"{case}hand-out/", self.guard(self.hand_out, "POST"), name="hand_out"),
            path(f"{case}send/", self.guard(self.send, "POST"), name="send"),
            path(f"{case}again/", self.guard(self.send_again, "POST"), name="again"),
            path(f"{case}keep/", self.guard(self.keep, "POST"), name="keep"),
            path(f"{parcel}outcome/", self.guard(self.outcome, "POST"), name="outcome"),
            path(f"{parcel}arrived/", arrived, name="arrived"),
            path(f"{case}collector/", name_collector, name="collector"),
        ]

    def waiting(self, request: PersonRequest) -> HttpResponse:
        """What has still to be handed over, what asks for something first."""
        shown = {**self.beside(request), "attempts": queries.to_hand_over(request.user, now())}
        return render(request, "seals/waiting.html", shown)

    def handing(self, page: SealsCase, order, data=None) -> dict:
        """What the case's page shows of it, with the form for what is to be done next."""
        attempts = queries.attempts_of(order, page.application, now())
        last = attempts[-1] if attempts else None
        shown: dict[str, Any] = {"attempts": attempts, "last": last}
        if last and last.pick_up and last.state == "waits":
            who = collectors.who_may(page.filing, last.pick_up)
            shown["hand_out"] = HandOutForm(data, collectors=who)
        if last and last.state == Parcel.State.READY:
            shown["send"] = SendForm(data)
        return shown

    def hand_out(self, request: PersonRequest, number: str) -> HttpResponse:
        given = {name: request.POST.get(name, "") for name in HandOutForm.base_fields}
        return self._done(
            request, number, handing_over.hand_out, _("The set is handed over."), **given
        )

    def send(self, request: PersonRequest, number: str) -> HttpResponse:
        given = {name: request.POST.get(name, "") for name in SendForm.base_fields}
        sentence = _("The parcel is on its way; the applicant is told.")
        return self._done(request, number, handing_over.send, sentence, **given)

    def outcome(self, request: PersonRequest, number: str, parcel: int) -> HttpResponse:
        return self._done(
            request,
            number,
            handing_over.record_end,
            _("Recorded. The applicant is told."),
            parcel=parcel,
            outcome=request.POST.get("outcome", ""),
        )

    def send_again(self, request: PersonRequest, number: str) -> HttpResponse:
        sentence = _("The set goes out again. Enter the number once the courier has it.")
        return self._done(request, number, handing_over.send_again, sentence)

    def keep(self, request: PersonRequest, number: str) -> HttpResponse:
        sentence = _("The set waits at the window; the applicant is told.")
        return self._done(request, number, handing_over.keep_for_collection, sentence)

    def _done(
        self, request: PersonRequest, number: str, action, sentence: str, **given
    ) -> HttpResponse:
        """Do it, and lead back to the case; a refusal shows the case with what was typed."""
        page = self.page(request, number)
        form = self._typed(request, page).get(FORMS.get(action))
        if form is not None and not form.is_valid():
            return self._again(request, page, form_errors(form), UNREADABLE)
        try:
            action(actor=request.user, application_id=page.application.pk, **given)
        except Incomplete as refused:
            errors = [
                {"target": f"id_{keys[0]}" if keys else "", "text": text}
                for text, keys in refused.problems
            ]
            return self._again(request, self.page(request, number), errors, UNREADABLE)
        except Refused as refused:
            page = self.page(request, number)
            return self._again(request, page, refusal_entries(refused), status_of(refused))
        messages.success(request, sentence)
        return redirect(f"{self.url('case', number)}#hand-over")

    def _typed(self, request: PersonRequest, page: SealsCase) -> dict:
        order, _seals = queries.order_of(page.application)
        return self.handing(page, order, request.POST) if order else {}

    def _again(self, request: PersonRequest, page: SealsCase, errors: list, status: int):
        typed = self._typed(request, page)
        return self.show(request, page, errors=errors, status=status, **typed)


FORMS = {handing_over.hand_out: "hand_out", handing_over.send: "send"}


def _of_the_applicant(action, sentence: str, request: PersonRequest, number: str, **given):
    application = access_application(request.user, number)
    try:
        action(actor=request.user, application_id=application.pk, **given)
        messages.success(request, sentence)
    except Stale:
        messages.info(request, _("That was recorded before."))
    except NotAllowed:
        raise PermissionDenied from None
    except Incomplete as refused:
        for text, _keys in refused.problems:
            messages.error(request, text)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("filing:tasks", application.ref)


@require_POST
@login_required
@cache_control(private=True, no_store=True)
def arrived(request: PersonRequest, number: str, parcel: int) -> HttpResponse:
    """Licence and seals have arrived, says the applicant."""
    sentence = _("Thank you. That the parcel has arrived is recorded.")
    return _of_the_applicant(handing_over.arrived, sentence, request, number, parcel=parcel)


@require_POST
@login_required
@cache_control(private=True, no_store=True)
def name_collector(request: PersonRequest, number: str) -> HttpResponse:
    """Somebody else collects the set, says the applicant."""
    given = {name: request.POST.get(name, "") for name in CollectorForm.base_fields}
    sentence = _("Whoever you named may collect the set, with the code and their own document.")
    return _of_the_applicant(handing_over.name_collector, sentence, request, number, **given)
