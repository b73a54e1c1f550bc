"""The few things that a supervisor writes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.accounts.models import User
from kernel.cases.actions.line import grounds
from kernel.cases.actions.supervise import MOST_MINUTES
from kernel.cases.models import BreachReason, Objection
from kernel.cases.rights import may_work
from kernel.core import departments
from kernel.core.errors import Refused
from kernel.core.written import require_seen
from kernel.form import flow
from kernel.sla.models import Clock

NOTHING_PERSONAL = _("It stays on the trail. No names or numbers of people.")


def done(form, act) -> bool:
    """Do it; a refusal becomes an error of the form."""
    try:
        act()
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _text(label, required, rows=3, hint=""):
    return forms.CharField(
        label=label,
        max_length=500,
        validators=[require_seen],
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=hint,
        error_messages={"required": required},
    )


class AnswerForm(forms.Form):
    answer = _text(_("Answer"), _("Write the answer"))


class DecisionForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=Objection.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the decision")},
    )
    note = _text(
        _("Grounds"),
        _("Write the grounds of the decision"),
        hint=_("Whoever refused reads them. No names or numbers of others."),
    )


class DeclineForm(forms.Form):
    legal_basis = _text(
        _("Legal basis"),
        _("Write the legal basis"),
        hint=_(
            "Law, article and the facts that meet it. The applicant reads it, and it stays on the trail."
        ),
    )


class FollowUpForm(forms.Form):
    outcome = _text(_("What came of it"), _("Write what came of it"))


class ReassignForm(forms.Form):
    """`to` is "stage:officer", so that one field says both."""

    to = forms.ChoiceField(
        label=_("Officer"),
        error_messages={
            "required": _("Choose an officer"),
            "invalid_choice": _("Choose an officer"),
        },
    )
    reason = _text(_("Why"), _("Write why the case is given to somebody else"), 2, NOTHING_PERSONAL)

    def __init__(self, *args, stages, **kwargs):
        super().__init__(*args, auto_id="reassign_%s", **kwargs)
        self.fields["to"].choices = [("", "–"), *_officers(stages)]

    def clean_to(self):
        stage, officer = self.cleaned_data["to"].split(":")
        self.cleaned_data |= {"stage_id": int(stage), "officer_id": int(officer)}
        return self.cleaned_data["to"]


def _officers(stages) -> list:
    """The other officers of each stage's desk, under its name."""
    zones = {stage.zone_id for stage in stages}
    people = User.objects.holding(*departments.officer_roles())
    people = people.filter(zone__in=zones, is_active=True)
    people = list(people.select_related("window").order_by("real_name", "pk"))
    groups = []
    for stage in stages:
        fitting = [user for user in people if may_work(user, stage) and user.pk != stage.holder_id]
        if fitting:
            chosen = [(f"{stage.pk}:{user.pk}", _named(user)) for user in fitting]
            groups.append((stage.get_department_display(), chosen))
    return groups


def _named(user) -> str:
    return (
        str(_("%(name)s (%(window)s)") % {"name": user, "window": user.window})
        if user.window
        else str(user)
    )


class PriorityForm(forms.Form):
    ground = forms.ChoiceField(
        label=_("Published ground"),
        error_messages={"required": _("Choose a ground"), "invalid_choice": _("Choose a ground")},
    )

    def __init__(self, *args, zone, **kwargs):
        super().__init__(*args, auto_id="priority_%s", **kwargs)
        self.fields["ground"].choices = [("", "–"), *grounds(zone).items()]


class ExtendForm(forms.Form):
    clock = forms.ChoiceField(label=_("Clock"))
    minutes = forms.IntegerField(
        label=_("Working minutes to add"),
        min_value=1,
        max_value=MOST_MINUTES,
        error_messages={"required": _("Write how many working minutes to add")},
    )
    ground = _text(
        _("Ground"),
        _("Write the ground"),
        2,
        _("The applicant reads it on the case. No names or numbers of people."),
    )

    def __init__(self, *args, clocks, **kwargs):
        super().__init__(*args, auto_id="extend_%s", **kwargs)
        going = [clock for clock in clocks.values() if clock.state != Clock.State.STOPPED]
        labels = {clock.name: _clock(clock) for clock in going}
        self.fields["clock"].choices = [
            (rule.name, labels[rule.name]) for rule in flow.clocks().values() if rule.name in labels
        ]


def _clock(view) -> str:
    return _("%(clock)s, %(used)s of %(limit)s minutes") % {
        "clock": flow.clock_label(view.name),
        "used": view.used,
        "limit": view.limit,
    }


class ReasonForm(forms.Form):
    clock = forms.ChoiceField(label=_("Clock"))
    category = forms.ChoiceField(
        label=_("Reason"),
        choices=BreachReason.Category,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason")},
    )
    text = _text(_("What happened"), _("Write what happened"), 3, NOTHING_PERSONAL)

    def __init__(self, *args, rules, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["clock"].choices = [(rule.name, rule.label) for rule in rules]
        if len(rules) == 1:
            self.fields["clock"].initial = rules[0].name
