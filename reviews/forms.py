"""Leaving a review: five levels as large choices, the comment is optional."""

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.core.written import require_seen
from reviews.actions import case_of_code
from reviews.models import WHOLE, Level, services

UNKNOWN_CODE = _(
    "No completed case has this review code. It stands on the completion message and on your case's page."
)


class ReviewForm(forms.Form):
    """`level` is a number of `Level`."""

    level = forms.TypedChoiceField(
        label=_("How satisfied are you?"),
        coerce=int,
        choices=Level.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the five levels")},
    )
    service = forms.ChoiceField(
        label=_("What are you reviewing?"),
        choices=services,
        initial=WHOLE,
        help_text=_("One review for each service of a case."),
    )
    comment = forms.CharField(
        label=_("In your own words"),
        max_length=500,
        validators=[require_seen],
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Read by the supervisor and the department; not published."),
    )
    confidential = forms.BooleanField(
        label=_("Keep my name from the windows"),
        required=False,
        initial=True,
        help_text=_("Only the supervisor can then see whose review it is, to follow it up."),
    )


class OwnReviewForm(ReviewForm):
    """The same from one's own `application`: of its departments and no others."""

    def __init__(self, data, application):
        super().__init__(data)
        shown = (WHOLE, *application.standards_versions)
        service = cast(forms.ChoiceField, self.fields["service"])
        service.choices = [choice for choice in services() if choice[0] in shown]


class CodeReviewForm(ReviewForm):
    """The same with a review code, for somebody who isn't logged in. `case` is the case that the code opens."""

    code = forms.CharField(
        label=_("Review code"),
        max_length=40,
        help_text=_("10 letters and digits"),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": _("Enter the review code")},
    )
    field_order = ["code", "level", "service", "comment"]
    confidential = None  # type: ignore[assignment]  # how Django leaves a field of the base out
    case = None

    def clean_code(self):
        self.case = case_of_code(self.cleaned_data["code"])
        if self.case is None:
            raise forms.ValidationError(UNKNOWN_CODE)
        return self.cleaned_data["code"]
