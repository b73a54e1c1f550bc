"""The few things that a supervisor writes."""

from django import forms
from django.utils.translation import gettext_lazy as _


def _text(label, required, rows=3, hint=""):
    return forms.CharField(
        label=label, max_length=500, widget=forms.Textarea(attrs={"rows": rows}), help_text=hint,
        error_messages={"required": required},
    )


class AnswerForm(forms.Form):
    answer = _text(_("Answer"), _("Write the answer"))


class DeclineForm(forms.Form):
    legal_basis = _text(
        _("Legal basis"), _("Write the legal basis"),
        hint=_("Law, article and the facts that meet it. The applicant reads it, and it stays on the trail."),
    )  # fmt: skip


class FollowUpForm(forms.Form):
    outcome = _text(_("What came of it"), _("Write what came of it"))
    rectified = forms.BooleanField(label=_("The cause has been put right; close the follow-up"), required=False)
