"""The applicant's own cases and drafts, and the start of a new one."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from kernel import catalogue
from kernel.accounts import proofs
from kernel.accounts.models import Zone
from kernel.accounts.proofs import Right
from kernel.accounts.zones import zone
from kernel.applicants import commitment, sharing
from kernel.applicants.commitment import Commitment
from kernel.cases import actions, situation
from kernel.cases.models import Application, Deferral, Share, Stage
from kernel.cases.queries import first, foremost, waits_of
from kernel.cases.situation import StateWords
from kernel.core.errors import Refused
from kernel.core.moment import now
from kernel.form import flow
from kernel.sla.clock_view import ClockView, view
from kernel.sla.models import Clock

LISTED = 100


@dataclass(frozen=True)
class Row:
    """A case in the list, with its whole clock (None for a draft), whether it waits for the applicant, and by when it
    is done."""

    application: Application
    total: ClockView | None
    returned: bool
    promise: Commitment
    words: StateWords  # of the whole case's clock

    @property
    def url(self) -> str:
        return reverse("filing:tasks", args=[self.application.number])

    @property
    def title(self) -> str:
        return self.application.name or _("A company without a name yet")


def _named(user) -> tuple[list[Application], bool]:
    """The cases of others in which somebody has this account's proved number, the latest first; whether there are
    more."""
    if not user.id_index or not proofs.allows(user, Right.PRINCIPAL):
        return [], False
    cases = Application.objects.filter(people__number_index=user.id_index)
    cases = cases.exclude(applicant=user).exclude(state__in=flow.GIVEN_UP)
    return first(cases.select_related("applicant").defer("answers").distinct(), LISTED)


@login_required
@never_cache
def my(request):
    """In seven queries, whatever the number of cases. Officers have a desk instead."""
    if request.user.is_staff_member:
        return redirect("work")
    shares = sharing.offers(request.user)
    offered = [share for share in shares if share.state == Share.State.OFFERED]
    joined = [share.application_id for share in shares if share.state == Share.State.ACCEPTED]
    theirs = Application.objects.filter(Q(applicant=request.user) | Q(pk__in=joined))
    applications, more = first(theirs.defer("answers").exclude(state=flow.WITHDRAWN), LISTED)
    at, uids = now(), [application.uid for application in applications]
    clocks: dict[UUID, dict[str, ClockView]] = {uid: {} for uid in uids}
    for clock in Clock.objects.filter(owner__in=uids, name__in=flow.clocks()):
        clocks[clock.owner][clock.name] = view(clock, at)
    waits, following = _waits(applications, clocks), _following(applications)
    _read_answers([entry for entry in applications if entry.state in flow.RUNNING_STATES])
    rows = [
        Row(
            entry,
            clocks[entry.uid].get("total"),
            waits[entry.pk] == situation.RETURNED,
            commitment.of_case(entry, clocks[entry.uid], at),
            situation.state_words(
                clocks[entry.uid].get(flow.TOTAL),
                waits[entry.pk],
                "" if entry.state in (flow.DRAFT, *flow.RUNNING_STATES) else entry.state,
                entry.pk in following,
                situation.TO_APPLICANT,
            ),
        )
        for entry in applications
    ]
    named, more_named = _named(request.user)
    context = {
        "named": named,
        "more_named": more_named,
        "returned": [row for row in rows if row.returned],
        "running": [
            row for row in rows if row.application.state in flow.RUNNING_STATES and not row.returned
        ],
        "drafts": [row for row in rows if row.application.state == flow.DRAFT],
        "ended": [
            row for row in rows if row.application.state not in (flow.DRAFT, *flow.RUNNING_STATES)
        ],
        "any": bool(rows or offered),
        "offered": offered,
        "more": more,
        "shown": len(rows),
    }
    return render(request, "applicants/my.html", context)


# What `waits_of` reads.
_WAITS = ("application", "department", "state", "asked_at", "awaits", "awaits_until")


def _waits(applications: list[Application], clocks: dict) -> dict[int, str]:
    """What each case waits for, by its key."""
    waits: dict[int, list[str]] = {entry.pk: [] for entry in applications}
    stages = Stage.objects.filter(application__in=applications, state__in=flow.UNDER_WAY)
    uids = {entry.pk: entry.uid for entry in applications}
    for stage in stages.only(*_WAITS):
        clock = clocks[uids[stage.application_id]].get(flow.stage_clocks()[stage.department])
        waits[stage.application_id].append(waits_of(stage, clock))
    return {pk: foremost(waits) for pk, waits in waits.items()}


def _following(applications: list[Application]) -> set[int]:
    """The cases of which a material is still to follow."""
    owed = Deferral.objects.filter(
        application__in=applications, state=Deferral.State.GRANTED, clock__isnull=False
    )
    return set(owed.values_list("application", flat=True))


def _read_answers(running: list[Application]) -> None:
    """Of the cases under way alone: what they promise depends on the appointment at the bank."""
    known = (
        Application.objects.only("answers", "uid").in_bulk([entry.pk for entry in running])
        if running
        else {}
    )
    for entry in running:
        entry.answers, entry.zone = known[entry.pk].answers, zone(entry.zone_id)


class NewForm(forms.Form):
    """Which company, and in which zone where there are several."""

    company_type = forms.ChoiceField(
        label=gettext_lazy("Who founds the company?"),
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "You can change this on the page on the company name until you submit."
        ),
        error_messages={"required": gettext_lazy("Choose who founds the company.")},
    )
    zone = forms.ModelChoiceField(
        Zone.objects.order_by("pk"),
        label=gettext_lazy("Where will the company be?"),
        to_field_name="code",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose where the company will be.")},
    )

    fields: dict[str, Any]  # of many classes, each with what it can do

    def __init__(self, data=None):
        super().__init__(data, use_required_attribute=False)
        self.kinds = catalogue.types_to_file()
        self.fields["company_type"].choices = [(kind.code, kind.name) for kind in self.kinds]
        zones = list(self.fields["zone"].queryset[:2])
        self.only_zone = zones[0] if len(zones) == 1 else None
        if self.only_zone:
            del self.fields["zone"]


@login_required
@never_cache
def new(request):
    if request.user.is_staff_member:
        return redirect("work")
    form = NewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            application = actions.begin_draft(
                actor=request.user,
                zone=form.only_zone or form.cleaned_data["zone"],
                company_type=form.cleaned_data["company_type"],
            )
            return redirect("filing:tasks", ref=application.number)
        except Refused as error:
            form.add_error(None, error.sentence)
    context = {"form": form, "minutes": flow.clocks()["total"].minutes}
    return render(request, "applicants/new.html", context, status=422 if form.errors else 200)
