"""The applicant's side writes to the departments of a filed case, and reads what they write."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from kernel.applicants import timeline
from kernel.applicants.draft import Draft, own_draft
from kernel.applicants.signed_in import signed_in
from kernel.cases import actions, agency, composing, rights, threads
from kernel.cases.composing import Composing
from kernel.cases.queries import case_view
from kernel.core.moment import now
from kernel.form.uploads import takes_files


@takes_files(composing.MOST_SENT)
@sensitive_post_parameters()
@login_required
@never_cache
def thread(request: HttpRequest, ref: str) -> HttpResponse:
    """The thread, and the form below it; every button keeps what is typed."""
    draft = own_draft(request.user, ref)
    typed = composing.read(request, draft.application)
    if request.method != "POST":
        actions.mark_read(actor=request.user, application_id=draft.application.pk)
        return _show(request, draft, typed)
    uploads = request.FILES.getlist("files")
    errors = composing.posted(request, typed, uploads, lambda: _send(request.user, typed))
    if errors:
        return _show(request, own_draft(request.user, ref), typed, errors, 422)
    if errors is None:
        messages.success(
            request, _("Sent. You are told here and by message when the desk answers.")
        )
    return redirect(
        f"{_url('thread', draft)}#compose" if errors is not None else _url("thread", draft)
    )


def _send(user, typed: Composing) -> None:
    actions.write_to_desk(
        actor=user,
        application_id=typed.application.pk,
        department=typed.department,
        body=typed.body,
        key=typed.key,
        asks=typed.asks,
        seen=typed.seen,
    )


@sensitive_post_parameters()
@signed_in(composing.signed_out)
@never_cache
@require_POST
def keep(request: HttpRequest, ref: str) -> HttpResponse:
    """What is typed, while it is typed."""
    draft = own_draft(request.user, ref)
    return composing.kept(request, composing.read(request, draft.application))


@signed_in()
@never_cache
def news(request: HttpRequest, ref: str) -> HttpResponse:
    """How many messages have come since the page was made; 204 while none has."""
    draft = own_draft(request.user, ref)
    theirs = draft.application.thread.from_desks()
    return composing.news(request, theirs, lambda seen: _news(draft, seen))


def _news(draft: Draft, seen: int) -> dict:
    return {
        "news_url": _url("thread-news", draft),
        "thread_url": _url("thread", draft),
        "seen": seen,
    }


def _url(name: str, draft: Draft) -> str:
    return reverse(f"filing:{name}", args=[draft.application.number])


def _show(request, draft: Draft, typed: Composing, errors=(), status=200) -> HttpResponse:
    application = draft.application
    view = case_view(application)
    stages = [item.stage for item in view.stages.values()]
    lines = threads.entries(application, stages, for_desk=False)
    chosen = typed.department or threads.addressee(stages, lines)
    closed = threads.closed_for(application, now())
    fault = rights.acting_fault(request.user, application, draft.filing)
    context = {
        "draft": draft,
        "application": application,
        "lines": lines,
        "number": application.number,
        **_news(draft, threads.last_of(lines)),
        **composing.shown(typed, errors),
        "keep_url": _url("thread-keep", draft),
        "reached": threads.reached(stages),
        "chosen": chosen,
        "answers": threads.asked_by_desks(lines),
        "closed": closed or (agency.refusal(fault) if fault else ""),
        "holders": [
            (item.stage.get_department_display(), timeline.holder(view, name))
            for name, item in view.stages.items()
            if item.stage in threads.reached(stages)
        ],
        "minutes": draft.zone.setting("message_answer_minutes"),
    }
    return render(request, "applicants/thread.html", context, status=status)
