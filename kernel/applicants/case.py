"""A case at its address: the task list while it is a draft, the timeline once it is filed."""

import hashlib

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from kernel import catalogue
from kernel.applicants import appointment, case_map, commitment, deferring, progress, timeline
from kernel.applicants.draft import Draft, filled_draft, own_draft
from kernel.applicants.signed_in import signed_in
from kernel.applicants.submitting import place_of
from kernel.cases import panels, reading, rights
from kernel.cases.agency import WAY_OUT, power_fault
from kernel.cases.models import Awaits, Document
from kernel.cases.queries import CaseView, case_view, first
from kernel.cases.reached import last_unreached
from kernel.cases.signers import Signer, missing_of, signers_of
from kernel.cases.situation import TO_APPLICANT
from kernel.core import requested
from kernel.core.ui import links
from kernel.form import flow
from kernel.form.choices import AgentPower
from kernel.form.fields import FIELD
from kernel.standards.records import named

LOOKS = 20  # shown, the latest
CHECKS = 2  # the pre-check and the submit are tasks as well
STOP_POLLING = 286  # htmx: take this answer and ask no more


@login_required
@never_cache
def show(request, ref):
    draft = filled_draft(request.user, ref)
    if draft.is_draft:
        return _tasks(request, draft)
    return show_case(request, draft)


def _tasks(request, draft: Draft):
    tasks = progress.tasks(draft)
    states = [task.state for task in tasks]
    done = states.count(progress.DONE)
    following = next((task for task in tasks if task.state != progress.DONE), None)
    open_count = len(tasks) - done
    context = {
        "draft": draft,
        "application": draft.application,
        "groups": progress.groups(tasks),
        "done": done,
        "count": len(tasks) + CHECKS,
        "states": [*states, *[progress.LOCKED] * CHECKS],
        "open_count": open_count,
        "begun": sum(state in (progress.PROGRESS, progress.UNSEEN) for state in states),
        "following": following,
        "estimate": open_count * progress.MINUTES_A_PAGE,
        "budget": flow.budget("total", draft.zone.settings, among=draft.filing.departments),
        "kept_days": draft.zone.setting("draft_days"),
        "kind": _kind(draft),
        "voided": _voided(draft),
    }
    return render(request, "applicants/tasks.html", context)


def _voided(draft: Draft) -> str:
    """The names of those whose papers changed after they had signed them."""
    signers = signers_of(draft) if draft.stored("signatures") else []
    return _(", ").join(signer.person.name for signer in signers if signer.changed)


def _kind(draft: Draft):
    return catalogue.company_type(draft.application.company_type)


def show_case(request, draft: Draft, errors=(), status=200, **more):
    application = draft.application
    context = {
        **_live(draft, case_view(application)),
        "errors": list(errors),
        "has_errors": bool(errors),
        "review_url": _review_url(application),
        "permits": _permits(draft),
        "versions": named(application.standards_versions),
        "is_owner": application.applicant_id == request.user.pk,
        "is_given_up": application.state in flow.GIVEN_UP,
        **_looks(application),
        **more,
    }
    return render(request, "applicants/case.html", context, status=status)


def _looks(application) -> dict:
    """Who of the offices opened files and numbers, the latest first."""
    rows, more = first(reading.looks(application), LOOKS)
    shown = [
        {
            "at": row.at,
            "who": f"{row.get_role_display()} {row.actor}",
            "what": _(", ").join(reading.seen_in(row)),
        }
        for row in rows
    ]
    return {"looks": shown, "looks_more": more, "looks_shown": LOOKS}


@signed_in()
@never_cache
def live(request, ref):
    """What moves on the page of a case; 204 while nothing has, so that nothing jumps and no focus is lost."""
    draft = own_draft(request.user, ref)
    view = case_view(draft.application)
    if requested.text(request, "seen") == _mark(draft, view):
        return HttpResponse(status=204)
    running = draft.application.state in flow.RUNNING_STATES
    return render(
        request,
        "applicants/_live.html",
        _live(draft, view),
        status=200 if running else STOP_POLLING,
    )


def _live(draft: Draft, view: CaseView) -> dict:
    application = draft.application
    issued = rights.papers_for(draft.user, application)
    documents = list(issued.exclude(state__in=Document.ENDED))
    promise = commitment.of_view(view, draft.filing)
    return {
        "draft": draft,
        "application": application,
        "view": view,
        "total": view.total,
        "words": view.words_for(TO_APPLICANT),
        "mark": _mark(draft, view),
        "map": case_map.read(view, draft.filing, promise),
        "standing": timeline.standing(view),
        "now_with": timeline.now_with(view),
        "corrections": [_correction(draft, correction) for correction in draft.corrections],
        "documents": documents,
        "any_ready": any(document.state == Document.State.READY for document in documents),
        "usual_scale": (view.total.limit, _budget_of(view)) == (120, 45) if view.total else False,
        "following": deferring.shown(draft),
        "kept_from": _kept_from(draft),
        "unsigned": _unsigned(draft, view),
        "unreached": last_unreached(view.events),
        "way_out": WAY_OUT,
        "meeting": appointment.card(draft, view),
        **_messages(view),
        "promise": promise,
        "running": application.state in flow.RUNNING_STATES,
        "panels": panels.shown(application, draft.user, draft.filing),
    }


def _messages(view: CaseView) -> dict:
    """What the desks wrote and nobody has answered, and how much nobody has read."""
    application = view.application
    if application.state in flow.GIVEN_UP:
        return {}
    new = application.thread.from_desks().filter(Q(read_at=None) | Q(asks=True, answered_at=None))
    rows = list(new.defer("body"))
    return {
        "asked_by_desk": [row for row in rows if row.is_open],
        "unread_in_case": sum(row.read_at is None for row in rows),
        "waits_for_answer": any(
            item.stage.awaits == Awaits.ANSWER for item in view.stages.values()
        ),
    }


def _unsigned(draft: Draft, view: CaseView) -> list[Signer]:
    """Who has still to sign, while the case is with its applicant for it or for a correction."""
    stages = [item.stage for item in view.stages.values()]
    waits = any(stage.awaits == Awaits.SIGNATURE for stage in stages)
    asks = draft.application.state == flow.LICENSING and (waits or draft.corrections)
    return missing_of(draft) if asks else []


def _kept_from(draft: Draft) -> list[str]:
    """What the power of attorney keeps an agent from now: corrections that are asked for, papers that are issued."""
    sections = {FIELD[key].section for key in draft.pins if key in FIELD}
    faults = [draft.fault_in(section) for section in sorted(sections)]
    if draft.application.licensed_at:
        faults.append(power_fault(draft.user, draft.filing, AgentPower.COLLECT))
    return list(dict.fromkeys(filter(None, faults)))


def _permits(draft: Draft) -> list:
    """The scope items that still need a permit, once the licence is out; each says which and from whom."""
    if draft.application.licensed_at is None:
        return []
    return [item for item in catalogue.chosen_items(draft.filing.scope_codes) if item.permit]


def _budget_of(view: CaseView) -> int:
    first = view.clocks.get("licence_and_seals")
    return first.limit if first else 0


def _mark(draft: Draft, view: CaseView) -> str:
    """Changes whenever the page should: a move of the case, a document, a clock's state."""
    documents = Document.objects.filter(application=draft.application).values_list(
        "state", flat=True
    )
    seen = [
        draft.application.version,
        *documents,
        *(f"{clock.name}{clock.state}{clock.closes_for}" for clock in view.clocks.values()),
    ]
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


def _correction(draft: Draft, correction) -> dict:
    """What a department asked for: each ground with its standard, the officer's words, and the way to the fields."""
    grounds = []
    for ground in correction.grounds:
        keys = [key for key in ground["fields"] if key in FIELD]
        known = draft.standards.has(ground["standard"], correction.stage.department)
        grounds.append(
            {
                "id": ground["standard"],
                "fix": ground["how_to_fix"],
                "text": draft.standards.get(ground["standard"]).text if known else "",
                "may_follow": known and _may_follow(draft, correction, ground["standard"]),
                "fields": [
                    {"label": FIELD[key].label, "url": place_of(draft, key)} for key in keys
                ],
            }
        )
    return {
        "department": correction.stage.department,
        "title": correction.stage.get_department_display(),
        "grounds": grounds,
        "by": correction.asked_by,
        "at": localtime(correction.asked_at),
    }


def _may_follow(draft: Draft, correction, standard: str) -> bool:
    return (
        correction.stage.department == flow.registrar() and draft.standards.get(standard).deferrable
    )


def _review_url(application) -> str:
    """Where a review of this case is left: once it is over, or a department has closed or returned its part."""
    given_up = application.state in flow.GIVEN_UP and application.submitted_at
    if not (application.completed_at or given_up):
        stages = application.stages.filter(Q(state__in=[flow.DONE, flow.RETURNED]) | Q(round__gt=1))
        if not stages.exists():
            return ""
    return links.link("leave_review", application.number)
