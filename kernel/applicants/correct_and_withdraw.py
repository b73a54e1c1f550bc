"""What the applicant does with a filed case: send corrections back, or take the case back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kernel.applicants import case
from kernel.applicants.draft import own_application, own_draft
from kernel.applicants.submitting import problems
from kernel.cases import actions
from kernel.core.errors import Incomplete, Refused
from kernel.form import flow


@login_required
@never_cache
@require_POST
def resubmit(request, ref, department):
    """Back to the officer who asked; what is still open is said at once, and asked once where nothing was changed."""
    if department not in flow.departments():
        raise Http404
    draft = own_draft(request.user, ref)
    try:
        actions.resubmit(
            actor=request.user,
            application_id=draft.application.pk,
            department=department,
            knowingly="unchanged" in request.POST,
        )
    except Incomplete as incomplete:
        return case.show_case(request, draft, errors=problems(draft, incomplete), status=422)
    except Refused as refused:
        return case.show_case(
            request,
            draft,
            errors=[{"target": "", "text": refused.sentence}],
            status=409,
            unchanged=department if isinstance(refused, actions.Unchanged) else "",
        )
    messages.success(
        request, _("Sent back. The clock goes on, and the same officer looks at it again.")
    )
    return redirect("filing:tasks", ref=draft.application.number)


@login_required
@never_cache
def withdraw(request, ref):
    """Asks once, then takes the case back, or throws a draft away."""
    application = own_application(request.user, ref)
    errors, status = [], 200
    if request.method == "POST":
        try:
            actions.withdraw(actor=request.user, application_id=application.pk)
            messages.success(request, _("Taken back. Nothing of it is worked on any more."))
            return redirect("my")
        except Refused as refused:
            errors, status = [{"target": "", "text": refused.sentence}], 409
    context = {
        "application": application,
        "errors": errors,
        "has_errors": bool(errors),
        "possible": application.state in (flow.DRAFT, flow.LICENSING),
    }
    return render(request, "applicants/withdraw.html", context, status=status)
