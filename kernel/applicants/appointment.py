"""The appointment of a filed case: move it, choose another after one that was missed, or do without."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache

from kernel.applicants.draft import Draft, own_draft
from kernel.applicants.slots import SlotField
from kernel.bookings.models import Way
from kernel.cases import actions, appointments, awaiting
from kernel.cases.models import Stage
from kernel.cases.queries import CaseView
from kernel.core import departments
from kernel.core.departments import SOON
from kernel.core.errors import Refused
from kernel.form import choices, flow
from kernel.form.dates import read_moment
from kernel.sla.calendars import calendar_id, work_calendar
from kernel.standards.display import display


class AppointmentForm(forms.Form):
    """How and when, as on the page of the form; the place where stays."""

    how = forms.ChoiceField(widget=forms.RadioSelect)
    when = SlotField()

    def __init__(self, draft: Draft, stage: Stage, data=None):
        met = departments.meeting_fields()
        super().__init__(
            data,
            initial={"how": draft.filing.answer(met.how), "when": draft.filing.answer(met.when)},
        )
        how = cast(forms.ChoiceField, self.fields["how"])
        when = cast(SlotField, self.fields["when"])
        offered = [choice for choice in choices.CHOICES[met.how].choices if choice[0] in met.ways]
        how.choices, how.label, when.label = offered, _("How"), _("When")
        is_waiting = stage.state == flow.WAITING
        when.show(
            draft.zone,
            unit=stage.unit or draft.filing.unit_of(stage.department),
            may_be_soon=True,
            value=data.get("when", "") if data else draft.filing.answer(met.when),
            at=draft.at,
            filed_at=draft.application.submitted_at,
            earliest=appointments.earliest(draft.application, draft.at) if is_waiting else draft.at,
        )


@login_required
@never_cache
def show(request, ref):
    """A look shows what can be had; a POST moves. What can't be had is said with the next free times."""
    draft = own_draft(request.user, ref)
    stage = _stage(draft)
    form = AppointmentForm(draft, stage, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, draft, stage, form, status=422 if form.is_bound else 200)
    try:
        _move(request.user, draft, form.cleaned_data)
    except Refused as refused:
        fresh = own_draft(request.user, ref)
        again = AppointmentForm(fresh, _stage(fresh), request.POST)
        return _page(request, fresh, stage, again, refused=str(refused), status=409)
    messages.success(request, _said(own_draft(request.user, ref)))
    return redirect("filing:tasks", ref=draft.application.number)


@dataclass(frozen=True)
class Card:
    """The meeting as the page of the case says it. `when` is None for who needs no appointment; `link` is the address
    of the video room, where there is one; `awaits` what the stage waits for."""

    department: str
    when: datetime | None
    where: str
    how: str
    by_video: bool
    link: str
    awaits: str


def card(draft: Draft, view: CaseView) -> Card | None:
    """What the applicant should know of the meeting until it has been; None where there is none (any more)."""
    item = view.stages.get(flow.meeting())
    if item is None or item.stage.state not in (flow.WAITING, *flow.AT_WORK):
        return None
    met, filing = departments.meeting_fields(), draft.filing
    by_video = appointments.way(filing) == Way.VIDEO
    link = draft.zone.setting(met.video_link) if met.video_link else ""
    return Card(
        department=str(departments.department(flow.meeting()).named),
        when=awaiting.appointment(filing, draft.zone),
        where=display(filing, met.where),
        how=display(filing, met.how),
        by_video=by_video,
        link=link if by_video else "",
        awaits=item.stage.awaits if item.awaits else "",
    )


def _stage(draft: Draft) -> Stage:
    """The stage of the meeting, while it can still be moved. Raises Http404."""
    stage = appointments.stage_to_meet(draft.application)
    if stage is None or draft.is_draft:
        raise Http404
    return stage


def _move(user, draft: Draft, chosen: dict) -> None:
    met = departments.meeting_fields()
    moment = None if chosen["when"] == SOON else read_moment(chosen["when"])
    if moment is None and chosen["when"] != SOON:
        raise Refused(_("Choose one of the times that are offered."))
    actions.choose_appointment(
        actor=user,
        application_id=draft.application.pk,
        begins_at=moment and _aware(draft, moment),
        way=met.ways[chosen["how"]],
    )


def _aware(draft: Draft, moment: datetime) -> datetime:
    return moment.replace(tzinfo=work_calendar(calendar_id(draft.zone.calendar_code)).zone)


def _said(draft: Draft) -> str:
    moment = awaiting.appointment(draft.filing, draft.zone)
    if moment is None:
        return _("No appointment is needed: you are called as soon as it is your turn.")
    when = date_format(moment, pgettext("date format", "j F H:i"))
    return _("Your appointment is booked: %(when)s.") % {"when": when}


def _page(request, draft: Draft, stage: Stage, form, refused: str = "", status: int = 200):
    context = {
        "draft": draft,
        "application": draft.application,
        "stage": stage,
        "form": form,
        "errors": [{"target": "", "text": refused}] if refused else [],
        "department": departments.label(stage.department),
    }
    return render(request, "applicants/appointment.html", context, status=status)
