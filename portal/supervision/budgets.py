"""The weighted averages of a chosen sample beside today's budgets, and adopting one of them as the standard."""

from math import ceil

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from kernel.accounts.models import Role
from kernel.cases.queries import first
from kernel.core import requested
from kernel.core.moment import now
from kernel.core.written import require_seen
from kernel.form import flow
from portal.supervision import figures
from portal.supervision import scope as scopes
from portal.supervision.adoption import MOST_MINUTES, adopt_budget, tomorrow
from portal.supervision.forms import done
from portal.supervision.models import AdoptedBudget
from portal.supervision.permissions import overseers_only

SHOWN = 20  # adoptions on the page


class AdoptForm(forms.Form):
    clock = forms.ChoiceField(
        label=gettext_lazy("Clock"),
        choices=lambda: [(rule.name, rule.label) for rule in flow.clocks().values()],
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("New budget (working minutes)"),
        min_value=1,
        max_value=MOST_MINUTES,
        error_messages={"required": gettext_lazy("Write the new budget")},
    )
    effective_from = forms.DateField(
        label=gettext_lazy("In force from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Choose the first day")},
    )
    ground = forms.CharField(
        label=gettext_lazy("Ground"),
        max_length=500,
        validators=[require_seen],
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Write why this budget is right")},
    )


@never_cache
@overseers_only
def budgets(request):
    at = now()
    scope = scopes.read(request, at)
    rows = sample(scope, at)
    form = AdoptForm(
        request.POST or None, initial=_proposed(rows, requested.text(request, "clock"))
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and done(
            form,
            lambda: adopt_budget(
                actor=request.user, sample=_said(scope, rows, form), **form.cleaned_data
            ),
        )
    ):
        messages.success(request, _("Adopted. Clocks that have begun keep their budget."))
        return redirect(f"{reverse('supervision:budgets')}?{scope.query()}".rstrip("?"))
    context = {
        "scope": scope,
        "choices": scopes.choices(request.user),
        "kept": {},
        "query": scope.query(),
        "rows": rows,
        "form": form,
        "may_adopt": request.user.holds(Role.SUPERVISOR),
        **_adopted(scope.zone),
    }
    return render(request, "supervision/budgets.html", context, status=422 if form.errors else 200)


def sample(scope, at) -> list[dict]:
    """Each clock with what the sample shows, today's budget, and the budgets that are to come."""
    shown, today = figures.read(scope, at), scope.today.isoformat()
    rows = []
    for rule in flow.clocks().values():
        if rule.name not in scope.clocks:
            continue
        times, own = (
            shown.times_of(rule.name),
            scope.zone.setting("budgets").get(rule.name),
        )
        coming = [row for row in own if row["from"] > today] if isinstance(own, list) else []
        rows.append(
            {"times": times, "coming": coming, "proposed": ceil(times.mean) if times.n else None}
        )
    return rows


def _proposed(rows: list[dict], clock: str) -> dict:
    row = next((row for row in rows if row["times"].clock == clock), None)
    return {
        "clock": clock or None,
        "minutes": row["proposed"] if row else None,
        "effective_from": tomorrow(),
    }


def _said(scope, rows: list[dict], form) -> dict:
    """What the adoption rests on, for its record."""
    times = next(
        (row["times"] for row in rows if row["times"].clock == form.cleaned_data["clock"]), None
    )
    seen = (
        {"n": times.n, "mean": times.mean and round(times.mean, 2)}
        if times
        else {"n": 0, "mean": None}
    )
    return {
        "from": scope.first.isoformat(),
        "to": scope.last.isoformat(),
        "type": scope.company_type,
        **seen,
    }


def _adopted(zone) -> dict:
    """The latest, each with the label of its clock, and whether there are more."""
    rows, more = first(AdoptedBudget.objects.filter(zone=zone).select_related("adopted_by"), SHOWN)
    adopted = [(flow.clocks()[row.clock].label, row) for row in rows]
    return {"adopted": adopted, "more": more, "shown": SHOWN}
