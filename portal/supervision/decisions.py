"""What a supervisor decides: answers to escalations, and follow-ups of bad reviews.

A refusal re-renders the same page with the sentence in the error summary; nothing typed is lost.
"""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from kernel.accounts.models import Window
from kernel.cases import actions, rights
from kernel.cases.models import Escalation
from kernel.cases.queries import first
from kernel.cases.rights import may_answer
from kernel.core import requested
from kernel.core.errors import NotAllowed
from kernel.core.moment import now
from kernel.sla.clock_view import view
from portal.supervision import lists
from portal.supervision import scope as scopes
from portal.supervision.figure_parts import list_url
from portal.supervision.forms import AnswerForm, FollowUpForm, done
from portal.supervision.permissions import overseers_only
from portal.supervision.tables import TABLES
from reviews import parts
from reviews import queries as review_queries
from reviews.actions import record_follow_up

ANSWERED_SHOWN = 20
ROWS = 30


@require_GET
@never_cache
@overseers_only
def escalations(request):
    """What windows asked and nobody answered yet, then what was answered last."""
    return render(request, "supervision/escalations.html", _escalations(request))


def _escalations(request, form=None, pk=None) -> dict:
    at = now()
    scope = scopes.read(request, at)
    raised = lists.raised(scope, at)
    waiting = [
        {
            "asked": asked,
            "clock": asked.clock and view(asked.clock, at),
            "may_answer": may_answer(request.user, asked.stage.application, asked, at),
            "form": form if asked.pk == pk else AnswerForm(auto_id=f"e{asked.pk}_%s"),
        }
        for asked in lists.escalations(scope)
    ]
    answered = Escalation.objects.filter(stage__zone=scope.zone, answered_at__isnull=False)
    answered = answered.select_related("stage__application", "asked_by", "answered_by", "clock")
    answered, more = first(answered.order_by("-answered_at"), ANSWERED_SHOWN)
    gone_up = TABLES["breaches"].read(list(raised[:ROWS]), at)
    return {
        "scope": scope,
        "waiting": waiting,
        "answered": [
            {"asked": asked, "clock": asked.clock and view(asked.clock, at)} for asked in answered
        ],
        "more": more,
        "shown": ANSWERED_SHOWN,
        "form": form,
        "gone_up": gone_up,
        "raised": raised.count(),
        "raised_url": list_url(scope, "raised"),
        "waiting_url": list_url(scope, "escalations"),
    }


@require_POST
@overseers_only
def answer(request, pk):
    asked = get_object_or_404(Escalation.objects.filter(stage__zone=request.user.zone), pk=pk)
    form = AnswerForm(request.POST, auto_id=f"e{pk}_%s")
    if form.is_valid() and done(
        form,
        lambda: actions.answer_escalation(
            actor=request.user, escalation_id=asked.pk, **form.cleaned_data
        ),
    ):
        messages.success(request, _("The answer is with the window."))
        return redirect("supervision:escalations")
    return render(
        request, "supervision/escalations.html", _escalations(request, form, pk), status=422
    )


@require_GET
@never_cache
@overseers_only
def follow_ups(request):
    """Bad reviews with the day by which their writers must be contacted."""
    rows = _of_others(request)
    waiting = requested.has(request, "waiting")
    if waiting:
        rows = rows.filter(review_queries.CONTACTABLE, contacted_at=None)
    page = requested.page(request, rows, ROWS)
    zone, asked = scopes.zone_query(request), "waiting=1" if waiting else ""
    context = {
        "page": page,
        "waiting": waiting,
        "query": "&".join(filter(None, (zone, asked))),
        "zone_query": zone,
        "followed": review_queries.followed(scopes.zone_of(request)),
        "window": Window.objects.filter(zone=request.user.zone_id).select_related("zone").first(),
        "to_decide": review_queries.to_decide(scopes.zone_of(request), request.user),
    }
    return render(request, "supervision/follow_ups.html", context)


@never_cache
@overseers_only
def follow_up(request, pk):
    """One bad review: whom to contact, and what came of it."""
    row = _row(request, pk)
    form = FollowUpForm(request.POST or None)
    if form.is_valid() and done(
        form, lambda: record_follow_up(actor=request.user, follow_up_id=row.pk, **form.cleaned_data)
    ):
        messages.success(request, _("The follow-up is recorded."))
        return redirect("supervision:reviews")
    return _follow_up_page(request, row, form)


@require_POST
@never_cache
@overseers_only
def follow_up_phone(request, pk):
    """The same page with the applicant's phone in full, because it is to be called; the trail says so before."""
    row = _row(request, pk)
    if row.review.application is None:
        raise Http404
    try:
        actions.reveal(
            actor=request.user,
            application_id=row.review.application_id,
            fields=[rights.APPLICANT_PHONE],
        )
    except NotAllowed:
        raise PermissionDenied from None
    return _follow_up_page(request, row, FollowUpForm(), revealed=True)


def _of_others(request):
    """None of what the reader did themselves: they would learn who wrote."""
    rows = review_queries.follow_ups(scopes.zone_of(request))
    return rows.filter(review_queries.of_others(request.user, "review"))


def _row(request, pk: int):
    rows = _of_others(request).select_related("review__application__applicant", "review__reviewer")
    return get_object_or_404(rows, pk=pk)


def _follow_up_page(request, row, form, revealed: bool = False):
    application = row.review.application
    context = {
        "row": row,
        "outcomes": row.outcomes.select_related("by"),
        "form": form,
        "application": application,
        "revealed": revealed,
        "may_call": request.user.pk in parts.overseers(row.review),
        "may_reveal": application and rights.may_supervise(request.user, application),
    }
    return render(
        request, "supervision/follow_up.html", context, status=422 if form.errors else 200
    )
