"""Materials that follow later, as their applicant sees them: the undertaking, and supplying what was promised."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from kernel.applicants.draft import Draft, own_draft
from kernel.cases import actions, deferrals
from kernel.cases.actions.deferring import bar_sentence
from kernel.cases.models import Deferral
from kernel.core.certain import certain
from kernel.core.errors import Refused
from kernel.form import flow
from kernel.form.uploads import MOST_FILES, MOST_TOGETHER, check, takes_files
from kernel.sla.clock_view import view

State = Deferral.State


@dataclass(frozen=True)
class Following:
    """A promised material in words: what it is, until when, and what has come of it."""

    deferral: Deferral
    label: str
    state_text: str
    is_late: bool


def shown(draft: Draft) -> list[Following]:
    """The promises that were approved; none is read for before the licence, none is kept after its revocation."""
    if draft.application.state in (flow.DRAFT, flow.LICENSING, flow.REVOKED):
        return []
    return [following(deferral, draft.at) for deferral in draft.promised if deferral.clock]


def following(deferral: Deferral, at) -> Following:
    clock = view(certain(deferral.clock), at)
    late = clock.over
    sentences: dict[str, str] = {
        State.GRANTED: _("Its time has passed; supply it all the same.")
        if late
        else _("To be supplied by %(day)s."),
        State.SUPPLIED: _("Supplied on %(day)s; the window looks at it."),
        State.ACCEPTED: _("Accepted on %(day)s."),
    }
    moments: dict[str, datetime | None] = {
        State.GRANTED: clock.due_at,
        State.SUPPLIED: deferral.supplied_at,
        State.ACCEPTED: deferral.accepted_at,
    }
    sentence = sentences[deferral.state] % {"day": _day(moments[deferral.state])}
    return Following(deferral, deferrals.label(deferral.kind), sentence, late)


def _day(moment) -> str:
    return date_format(localtime(moment), "DATE_FORMAT") if moment else ""


@login_required
@never_cache
def promise(request, ref, standard):
    """What the applicant undertakes, and what follows when it isn't kept; asked before anything is promised."""
    draft = own_draft(request.user, ref)
    finding = next(
        (
            finding
            for finding in draft.findings()
            if finding.standard.id == standard and finding.standard.deferrable
        ),
        None,
    )
    if finding is None:
        raise Http404
    if "materials" not in draft.editable:
        return redirect("filing:tasks", ref=draft.application.number)
    error, status = "", 200
    if request.method == "POST":
        try:
            return _decided(request, draft, standard)
        except Refused as refused:
            error, status = str(refused), 422
    zone, bars = draft.zone, deferrals.bars(request.user, draft.filing, draft.at)
    context = {
        "draft": draft,
        "application": draft.application,
        "finding": finding,
        "label": deferrals.label(deferrals.kind_of(finding.standard)),
        "days": zone.setting("deferral_working_days"),
        "bar_days": zone.setting("deferral_bar_days"),
        "barred": bar_sentence(bars[0]) if bars else "",
        "given": any(deferral.standard == standard for deferral in draft.promised),
        "has_errors": bool(error),
        "errors": [{"target": "id_committed", "text": error}] if error else [],
        "back": _back(draft),
    }
    return render(request, "applicants/promise.html", context, status=status)


def _decided(request, draft: Draft, standard: str):
    case = {"actor": request.user, "application_id": draft.application.pk, "standard": standard}
    if "take_back" in request.POST:
        actions.take_back_deferral(**case)
        messages.success(
            request, _("You promise nothing for later. Upload the material before you submit.")
        )
    else:
        actions.ask_deferral(**case, committed="committed" in request.POST)
        messages.success(request, _("Noted: the material follows after the approval."))
    return redirect(_back(draft), ref=draft.application.number)


def _back(draft: Draft) -> str:
    return "filing:check" if draft.is_draft else "filing:tasks"


def _chosen(request) -> list:
    chosen = request.FILES.getlist("files")
    if len(chosen) > MOST_FILES:
        raise Refused(_("These are more than 20 files. Put several pages into one PDF."))
    return chosen


@takes_files(MOST_TOGETHER)
@login_required
@never_cache
def follow(request, ref, uid):
    """Supplying a material that was promised: every file at once, then it lies with the window."""
    draft = own_draft(request.user, ref)
    deferral = next(
        (deferral for deferral in draft.promised if deferral.uid == uid and deferral.clock), None
    )
    if deferral is None:
        raise Http404
    errors, status = [], 200
    if request.method == "POST":
        try:
            files = [check(upload) for upload in _chosen(request)]
            actions.supply_deferred(
                actor=request.user, application_id=draft.application.pk, uid=str(uid), files=files
            )
        except Refused as refused:
            errors, status = [{"target": "id_files", "text": str(refused)}], 422
        else:
            messages.success(
                request, _("Supplied. The window looks at it; the clock stands still meanwhile.")
            )
            return redirect("filing:tasks", ref=draft.application.number)
    elif deferral.state != State.GRANTED:
        return redirect("filing:tasks", ref=draft.application.number)
    context = {
        "draft": draft,
        "application": draft.application,
        "one": following(deferral, draft.at),
        "errors": errors,
        "has_errors": bool(errors),
        "fix": draft.standards.get(deferral.standard).fix,
    }
    return render(request, "applicants/follow.html", context, status=status)
