"""What waits for a second person: the list, and one with what is asked, why, and the decision."""

from collections.abc import Callable
from functools import wraps

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from kernel.accounts import proposal_kinds, proposing, second_step
from kernel.accounts.proposals import Proposal
from kernel.cases import proposed
from kernel.cases.models import Application
from kernel.cases.queries import first
from kernel.core.errors import Refused
from kernel.core.written import require_seen
from portal.notices.destinations import case_page
from portal.proposals import reading

ENDED_SHOWN = 20


class RefusalForm(forms.Form):
    answer = forms.CharField(
        label=gettext_lazy("Why not"),
        max_length=500,
        validators=[require_seen],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Whoever asked reads it. No names or numbers of applicants."),
        error_messages={"required": gettext_lazy("Write why not")},
    )


def staff(view):
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not request.user.is_staff_member:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return never_cache(login_required(guarded))


@require_GET
@staff
def listing(request):
    """What waits for this person, what they asked for, what else waits, and what was decided last."""
    proposals = proposing.of_reader(request.user)
    waiting = reading.rows(request.user, proposals.filter(state=Proposal.State.WAITING))
    ended, more = first(
        proposals.exclude(state=Proposal.State.WAITING).order_by("-decided_at"), ENDED_SHOWN
    )
    own = [row for row in waiting if row.proposal.asked_by_id == request.user.pk]
    mine = [row for row in waiting if row.may_decide]
    context = {
        "groups": [
            (_("They wait for your decision"), mine),
            (_("You asked for these"), own),
            (_("Others decide these"), [row for row in waiting if row not in mine + own]),
        ],
        "in_all": len(waiting),
        "ended": reading.rows(request.user, ended),
        "more": more,
    }
    return render(request, "proposals/list.html", context)


@require_GET
@staff
def show(request, uid):
    return _show(request, uid)


@require_POST
@staff
def agree(request, uid):
    ended = _decide(request, uid, proposing.agree)
    if isinstance(ended, Proposal):
        if ended.state == Proposal.State.DONE:
            messages.success(request, _("Agreed and done. Whoever asked is told."))
        else:
            messages.error(request, f"{ended.get_state_display()}. {ended.answer}")
        return redirect("proposals:show", uid=uid)
    return ended


@require_POST
@staff
def refuse(request, uid):
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return _show(request, uid, form, 422)
    ended = _decide(request, uid, proposing.refuse, form, **form.cleaned_data)
    if isinstance(ended, Proposal):
        messages.success(request, _("Refused. Whoever asked is told, with your reason."))
        return redirect("proposals:show", uid=uid)
    return ended


@require_POST
@staff
def withdraw(request, uid):
    """Nothing is done by it, so it asks for no second step."""
    proposal = _found(request, uid)
    try:
        proposing.withdraw(actor=request.user, uid=proposal.uid)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Taken back. Nothing was done."))
    return redirect("proposals:show", uid=uid)


def _decide(request, uid, verb: Callable, form=None, **words):
    """The proposal as it ended; the page again, with why, where the person or the moment isn't right."""
    proposal = _found(request, uid)
    try:
        second_step.require_fresh_for_two(request)
        return verb(actor=request.user, uid=proposal.uid, **words)
    except Refused as refused:
        return _show(request, uid, form, 422, refused)


def _found(request, uid) -> Proposal:
    return get_object_or_404(proposing.of_reader(request.user), uid=uid)


def _show(request, uid, form=None, status: int = 200, refused: Refused | None = None):
    proposal = _found(request, uid)
    (row,) = reading.rows(request.user, [proposal])
    context = {
        "row": row,
        "proposal": proposal,
        "shown": proposal_kinds.kind(proposal.kind).shown(proposal),
        "why": proposal_kinds.kind(proposal.kind).why,
        "page": _page(request.user, proposal),
        "form": form or RefusalForm(),
        "errors": [{"target": "", "text": str(refused)}] if refused else [],
        "has_errors": bool(refused),
        "list_url": reverse("proposals:list"),
    }
    return render(request, "proposals/proposal.html", context, status=status)


def _page(user, proposal: Proposal) -> str:
    """The address of the case that it is about, for whom the case is open; empty where there is none."""
    case = proposed.case_of(proposal)
    seen = case and Application.objects.for_user(user).filter(pk=case.pk).exists()
    return case_page(user, case) if seen else ""
