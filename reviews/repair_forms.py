"""What whoever repairs writes, and what the supervisor decides."""

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.core import departments
from kernel.core.written import require_seen
from reviews.actions.repairing import MOST_DAYS
from reviews.themes import causes


def _text(label, required, most=500, rows=2, hint=""):
    return forms.CharField(
        label=label,
        max_length=most,
        validators=[require_seen],
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=hint,
        error_messages={"required": required},
    )


class RepairForm(forms.Form):
    cause = forms.ChoiceField(
        label=_("Cause"),
        error_messages={"required": _("Choose the cause"), "invalid_choice": _("Choose the cause")},
    )
    done = _text(_("What was done"), _("Write what was done"))
    since = forms.DateField(
        label=_("From when"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose from when"), "invalid": _("Choose a day")},
    )
    responsible = forms.CharField(
        label=_("Responsible"),
        max_length=40,
        validators=[require_seen],
        error_messages={"required": _("Write who is responsible")},
    )
    sentence = _text(
        _("One sentence for the public"),
        _("Write the sentence for the public"),
        200,
        hint=_(
            "No company, name or words of the writer; with fewer than five of a kind no time of day."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        cause = cast(forms.ChoiceField, self.fields["cause"])
        cause.choices = [("", "–"), *((row.code, row.label) for row in causes())]


class ReasonForm(forms.Form):
    """Why it isn't the department's, or what is written to the writer: `name` says which."""

    text = _text(_("Text"), _("Write it first"))


class MessageForm(ReasonForm):
    text = _text(
        _("Message to the writer"),
        _("Write what you want to ask or say"),
        hint=_("It reaches the writer through the portal. You don't learn who it is."),
    )


class HandBackForm(ReasonForm):
    text = _text(_("Why it isn't your department's"), _("Write why"))


class ExtensionForm(forms.Form):
    days = forms.IntegerField(
        label=_("Working days to add"),
        min_value=1,
        max_value=MOST_DAYS,
        error_messages={"required": _("Write how many working days")},
    )
    text = _text(_("Why"), _("Write why more time is needed"), hint=_("The supervisor decides."))


class DepartmentForm(forms.Form):
    department = forms.ChoiceField(
        label=_("Department"),
        error_messages={
            "required": _("Choose a department"),
            "invalid_choice": _("Choose a department"),
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        department = cast(forms.ChoiceField, self.fields["department"])
        department.choices = [("", "–"), *departments.choices()]


class CheckForm(forms.Form):
    """The supervisor's check; the sentence may be worded anew."""

    sentence = _text(_("Sentence for the public"), _("Write the sentence for the public"), 200)
