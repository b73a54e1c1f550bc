"""Those who refused to sign, or to be named: before the licence a stopped case, after it a dispute; the supervisor
decides."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from kernel.cases import actions, rights
from kernel.cases.models import Objection
from kernel.cases.queries import first
from kernel.core.moment import now
from kernel.form import flow
from portal.supervision import scope as scopes
from portal.supervision.forms import DecisionForm, done
from portal.supervision.permissions import overseers_only

LISTED, DECIDED_SHOWN = 50, 20


@require_GET
@never_cache
@overseers_only
def objections(request):
    """What waits for a decision, the oldest first, then what was decided last."""
    return render(request, "supervision/objections.html", _listed(request))


@require_POST
@never_cache
@overseers_only
def decide(request, pk):
    row = get_object_or_404(Objection.objects.filter(application__zone=request.user.zone), pk=pk)
    form = DecisionForm(request.POST, auto_id=f"o{pk}_%s")
    if form.is_valid() and done(
        form,
        lambda: actions.decide_objection(
            actor=request.user, objection_id=row.pk, **form.cleaned_data
        ),
    ):
        messages.success(request, _("The decision is recorded; whoever refused can read it."))
        return redirect("supervision:objections")
    return render(request, "supervision/objections.html", _listed(request, form, pk), status=422)


def undecided(zone):
    """What waits for the supervisor's decision, the oldest first."""
    rows = Objection.objects.filter(application__zone=zone).undecided()
    return rows.order_by("said_at", "pk")


def _listed(request, form=None, pk=None) -> dict:
    scope = scopes.read(request, now())
    undecided_rows = undecided(scope.zone)
    waiting, more = first(undecided_rows.select_related("application"), LISTED)
    past = Objection.objects.filter(application__zone=scope.zone, decided_at__isnull=False)
    past = past.select_related("application", "decided_by").order_by("-decided_at", "-pk")
    decided, more_decided = first(past, DECIDED_SHOWN)
    return {
        "scope": scope,
        "form": form,
        "waiting": [
            {
                "row": row,
                "stage_of": _stage_of(row),
                "may_decide": rights.may_supervise(request.user, row.application),
                "form": form if row.pk == pk else DecisionForm(auto_id=f"o{row.pk}_%s"),
            }
            for row in waiting
        ],
        "more": more,
        "in_all": undecided_rows.count() if more else len(waiting),
        "decided": decided,
        "more_decided": more_decided,
    }


def _stage_of(row: Objection) -> str:
    """What the refusal stops, or where it comes too late to stop anything."""
    if row.application.state in flow.GIVEN_UP:
        return _("The case has ended: the refusal stops nothing any more.")
    if row.application.state == flow.DRAFT:
        return _("A draft: it can't be submitted meanwhile.")
    if row.application.licensed_at is None:
        return _("Before the licence: no stage closes meanwhile.")
    return _("A dispute: the licence is issued. Upheld, it is for you to have it revoked.")
