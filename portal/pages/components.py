"""Every component with each of its states, for whoever builds a page. Invented data; open in development only."""

import json
from datetime import timedelta
from pathlib import Path

from django import forms
from django.conf import settings
from django.contrib.messages.constants import DEFAULT_TAGS
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.applicants import case_map
from kernel.applicants.case_map import Branch, Node
from kernel.applicants.timeline import Item
from kernel.cases.situation import state_words
from kernel.core.moment import now
from kernel.core.ui.states import STATES
from kernel.form import flow
from kernel.sla.clock_view import ClockView

SAMPLES = Path(settings.BASE_DIR) / "kernel/papers/data/samples.json"
ICONS = "check done pause clock pdf down print video lock user chat save".split()


def components(request):
    if not (settings.DEBUG or getattr(settings, "COMPONENTS", False)):
        raise Http404
    licence = json.loads(SAMPLES.read_text(encoding="utf-8"))["licence"]
    clocks = _clocks()
    context = {
        "states": {family: list(states) for family, states in STATES.items()},
        "icons": ICONS,
        "clocks": clocks,
        "clock": {view.state: view for view in clocks},
        "licence": licence,
        "now": now(),
        "plain_form": SampleForm(auto_id="plain_%s"),
        "wrong_form": _wrong_form(),
        "levels": list(DEFAULT_TAGS.values()),
        "used_by": flow.beside(),
        "used_gaps": [12, 22],
        "rails": [
            (30, "running"),
            (63, "at_risk"),
            (31, "paused"),
            (79, "breached"),
            (52, "stopped"),
        ],
        "nodes": _nodes(licence),
        "branches": _branches(licence),
        "answers": _answers(licence),
        "acts": _acts(),
        "chart": _chart(),
    }
    return render(request, "pages/components.html", context)


def _nodes(licence: dict) -> list[Node]:
    filed = Node(_("Submitted"), case_map.DONE, now(), how=licence["filing_number"])
    corrected = (Item(now(), _("Returned once"), tag_text=_("Paused"), tag_kind="paused"),)
    licensed = Node(_("Business licence"), case_map.DONE, now(), notes=corrected)
    return [filed, licensed, Node(_("Seals"), case_map.AHEAD, by=now())]


def _branches(licence: dict) -> list[Branch]:
    cards = (
        (_("Tax"), "stopped", case_map.DONE),
        (_("Social security"), "at_risk", case_map.NOW),
        (_("Bank"), "paused", case_map.STILL),
    )
    clocks = {clock.state: clock for clock in _clocks()}
    return [
        Branch(title, state, state_words(clocks[name]), clocks[name], licence["company_name"], 75)
        for title, name, state in cards
    ]


def _clock(state: str, used: int, limit: int = 75) -> ClockView:
    at, running = now(), state in ("running", "half", "at_risk", "breached")
    left = limit - used
    return ClockView(
        name="desk",
        used=used,
        limit=limit,
        left=left,
        left_seconds=left * 60,
        used_seconds=used * 60,
        started_at=at - timedelta(minutes=used),
        due_at=at + timedelta(minutes=left) if running else None,
        stopped_at=at if state == "stopped" else None,
        state=state,
        over=left < 0,
        running=False,
        window_end=None,
    )


def _clocks() -> list[ClockView]:
    used = {"running": 20, "half": 41, "at_risk": 63, "breached": 79, "paused": 31, "stopped": 52}
    return [_clock(state, minutes) for state, minutes in used.items()]


class SampleForm(forms.Form):
    """A field of each kind."""

    name = forms.CharField(
        label=gettext_lazy("Trade name"), help_text=gettext_lazy("Two characters or more")
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Type"), choices=[("", "–"), ("1", gettext_lazy("Limited company"))]
    )
    delivery = forms.ChoiceField(
        label=gettext_lazy("Delivery"),
        widget=forms.RadioSelect,
        choices=[
            ("courier", gettext_lazy("By courier")),
            ("window", gettext_lazy("At the window")),
        ],
    )
    checked = forms.MultipleChoiceField(
        label=gettext_lazy("Checked"),
        widget=forms.CheckboxSelectMultiple,
        choices=[("card", gettext_lazy("ID number")), ("phone", gettext_lazy("Mobile phone"))],
    )
    note = forms.CharField(label=gettext_lazy("Remark"), widget=forms.Textarea, required=False)
    paper = forms.FileField(label=gettext_lazy("Proof of address"))
    agreed = forms.BooleanField(label=gettext_lazy("What I entered is true"))


def _wrong_form() -> SampleForm:
    form = SampleForm({"note": ""}, auto_id="wrong_%s")
    for name in form.fields:
        form.fields[name].error_messages["required"] = _("Please fill this in.")
    form.full_clean()
    return form


def _answers(licence: dict) -> list[dict]:
    return [
        {"label": _("Company name"), "value": licence["company_name"], "url": "#answers"},
        {
            "label": _("Address"),
            "value": licence["address"],
            "url": "#answers",
            "note": _("changed today"),
            "pin": _("The lease ends before the company is founded: please upload the new one."),
        },
        {"label": _("Remark"), "value": "", "url": "#answers"},
    ]


def _acts() -> list[dict]:
    return [
        {"label": _("Approve"), "primary": True, "type": "button"},
        {"label": _("Return once"), "type": "button"},
        {"label": _("Escalate"), "disabled": True, "type": "button"},
    ]


def _chart() -> list[dict]:
    """Rows as the chart takes them: n of a hundred."""
    counts = [
        (_("very satisfied"), 71, False),
        (_("satisfied"), 22, False),
        (_("dissatisfied"), 7, True),
    ]
    return [
        {"label": label, "n": n, "share": n / 100, "percent": n, "bad": bad}
        for label, n, bad in counts
    ]
