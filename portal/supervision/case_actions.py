"""What a supervisor does about a case under way, and the reason that each breach asks for.

A refusal re-renders the page of the case with the sentence in the error summary; nothing typed is lost.
"""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kernel.accounts import second_step
from kernel.cases import actions, rights
from kernel.cases.access import access_application
from kernel.core.errors import Refused
from kernel.core.moment import now
from kernel.form import flow
from portal.notices.destinations import case_page as page_of_case
from portal.supervision import case_page
from portal.supervision.forms import (
    DeclineForm,
    ExtendForm,
    PriorityForm,
    ReasonForm,
    ReassignForm,
    done,
)
from portal.supervision.permissions import overseers_only


def forms(context: dict) -> dict:
    """The empty forms of a case's page."""
    acting = context["may_act"]
    return {
        "form": DeclineForm(),
        "reassign_form": ReassignForm(stages=_under_way(context)) if acting else None,
        "extend_form": ExtendForm(clocks=context["seen"].clocks) if acting else None,
        "priority_form": PriorityForm(zone=context["case"].zone)
        if acting and not context["case"].priority
        else None,
    }


def _under_way(context: dict) -> list:
    return [item.stage for item in context["stages"] if item.stage.state in flow.UNDER_WAY]


def _by_form(request, number: str, name: str, make, act, sentence: str):
    """A form of a case's page that was sent: do what it says, or show the page again with what was typed in it.

    `make(typed, context)` gives the form, which the page calls `name`; `act(case_id, cleaned)` does it.
    """
    context = case_page.context(request.user, number)
    application, form = context["case"], make(request.POST, context)
    if form.is_valid() and done(form, lambda: act(application.pk, form.cleaned_data)):
        messages.success(request, sentence)
        return redirect("supervision:case", number=application.number)
    return render(
        request,
        "supervision/case.html",
        {**context, **forms(context), name: form, "wrong": form},
        status=422,
    )


@require_POST
@overseers_only
def urge(request, number, stage):
    application = access_application(request.user, number)
    if not application.stages.filter(pk=stage).exists():
        raise Http404
    try:
        urged = actions.urge(actor=request.user, stage_id=stage)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        in_line = _("Nobody holds the case yet: everybody who works at the desk is told.")
        messages.success(request, _("The holder is told.") if urged.holder_id else in_line)
    return redirect("supervision:case", number=application.number)


@require_POST
@overseers_only
def decline(request, number):
    return _by_form(
        request,
        number,
        "form",
        lambda typed, context: DeclineForm(typed),
        lambda case, given: _ask_to_decline(request, case, **given),
        _("It waits for a second person. Once they agree, the case is declined."),
    )


def _ask_to_decline(request, case: int, legal_basis: str) -> None:
    second_step.require_fresh_for_two(request)
    actions.ask_to_decline(actor=request.user, application_id=case, legal_basis=legal_basis)


@require_POST
@overseers_only
def reassign(request, number):
    return _by_form(
        request,
        number,
        "reassign_form",
        lambda typed, context: ReassignForm(typed, stages=_under_way(context)),
        lambda case, given: actions.reassign(
            actor=request.user,
            stage_id=given["stage_id"],
            officer_id=given["officer_id"],
            reason=given["reason"],
        ),
        _("The case is in other hands; whoever holds it now, and whoever held it, is told."),
    )


@require_POST
@overseers_only
def extend(request, number):
    return _by_form(
        request,
        number,
        "extend_form",
        lambda typed, context: ExtendForm(typed, clocks=context["seen"].clocks),
        lambda case, given: actions.extend(actor=request.user, application_id=case, **given),
        _("The time limit is extended. Ground and minutes stand on the case."),
    )


@require_POST
@overseers_only
def prioritise(request, number):
    return _by_form(
        request,
        number,
        "priority_form",
        lambda typed, context: PriorityForm(typed, zone=context["case"].zone),
        lambda case, given: actions.prioritise(actor=request.user, application_id=case, **given),
        _("The case goes first in every line. The ground stands on it."),
    )


@require_POST
@overseers_only
def put_back(request, clock):
    """A clock that was set aside goes back to the sweep."""
    try:
        actions.put_back(actor=request.user, clock_id=clock)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The clock is back; the next sweep announces it."))
    return redirect("supervision:list", name="aside")


@login_required
@never_cache
def reason(request, number):
    """Why clocks of a case went over: for its supervisor and the next level, and for the officers who held it."""
    application = access_application(request.user, number)
    rules = [flow.clocks()[clock.name] for clock in case_page.unexplained(application, now())]
    if not rights.may_explain(request.user, application):
        held = set(
            application.stages.filter(holder=request.user).values_list("department", flat=True)
        )
        if not held:
            raise PermissionDenied
        rules = [rule for rule in rules if held.intersection(rule.covers)]
    form = ReasonForm(request.POST or None, rules=rules)
    if (
        request.method == "POST"
        and form.is_valid()
        and done(
            form,
            lambda: actions.explain_breach(
                actor=request.user, application_id=application.pk, **form.cleaned_data
            ),
        )
    ):
        messages.success(request, _("The reason is recorded."))
        return redirect(page_of_case(request.user, application))
    context = {"case": application, "form": form, "rules": rules}
    return render(request, "supervision/reason.html", context, status=422 if form.errors else 200)
