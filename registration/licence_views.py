"""The licence after it was issued: its papers in force and before, and the two things that may happen to it."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kernel.accounts import second_step
from kernel.cases import proposed, rights
from kernel.cases.access import access_application
from kernel.cases.models import Application, Document
from kernel.core.errors import Refused
from kernel.core.written import require_seen
from registration import papers
from registration.actions import ask_to_reissue, ask_to_revoke

PUBLIC = gettext_lazy("Everybody who verifies the licence reads it. No names or numbers of people.")


class GroundForm(forms.Form):
    ground = forms.CharField(
        label=gettext_lazy("Ground"),
        max_length=300,
        validators=[require_seen],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=PUBLIC,
        error_messages={"required": gettext_lazy("Write the ground")},
    )


@login_required
@never_cache
def show(request, number):
    return _show(request, _kept(request, number))


@login_required
@never_cache
@require_POST
def reissue(request, number):
    asked = _("It waits for a second person. Once they agree, the licence is issued anew.")
    return _act(request, number, "reissue", ask_to_reissue, asked)


@login_required
@never_cache
@require_POST
def revoke(request, number):
    asked = _("It waits for a second person. Once they agree, the licence is revoked.")
    return _act(request, number, "revoke", ask_to_revoke, asked)


def _kept(request, number: str) -> Application:
    """The case, for who keeps its licence. Raises Http404."""
    application = access_application(request.user, number)
    if not rights.may_keep_licences(request.user, application):
        raise Http404
    return application


def _act(request, number: str, name: str, action: Callable, asked: str):
    application = _kept(request, number)
    form = GroundForm(request.POST, auto_id=f"{name}_%s")
    if form.is_valid():
        try:
            second_step.require_fresh_for_two(request)
            action(
                actor=request.user,
                application_id=application.pk,
                ground=form.cleaned_data["ground"],
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, asked)
            return redirect("licence", number=application.number)
    return _show(request, application, {name: form}, 422)


def _show(request, application: Application, bound: dict | None = None, status: int = 200):
    licences = list(
        application.documents.filter(kind__in=papers.LICENCE)
        .defer("facts")
        .order_by("-issued_at", "pk")
    )
    given = {name: GroundForm(auto_id=f"{name}_%s") for name in ("reissue", "revoke")} | (
        bound or {}
    )
    context = {
        "case": application,
        "documents": licences,
        "proposals": proposed.waiting(application, request.user),
        "forms": given,
        "wrong": next(iter((bound or {}).values()), None),
        "in_force": any(document.state not in Document.ENDED for document in licences),
    }
    return render(request, "registration/licence.html", context, status=status)
