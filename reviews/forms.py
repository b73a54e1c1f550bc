"""Leaving a review, and answering whether its cause is repaired: large choices, words are optional."""

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.cases import reviewable
from kernel.cases.models import Application
from kernel.cases.reviewable import Reviewable
from kernel.core.errors import Refused
from kernel.core.written import require_seen
from kernel.form.uploads import check
from reviews.actions import case_of_code
from reviews.models import WHOLE, Level, Repair, services
from reviews.themes import of_service, themes

UNKNOWN_CODE = _(
    "No completed case has this review code. It stands on the completion message and on your case's page."
)


class ReviewForm(forms.Form):
    """`level` is a number of `Level`, `tags` codes of themes, `picture` a `CheckedFile`."""

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
    tags = forms.MultipleChoiceField(
        label=_("What is it about?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    comment = forms.CharField(
        label=_("In your own words"),
        max_length=500,
        validators=[require_seen],
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Read by the supervisor and the department; not published."),
    )
    picture = forms.FileField(
        label=_("Picture"),
        required=False,
        help_text=_("A photo, JPEG or PNG, up to 10 MB. Where and when it was taken is not kept."),
        widget=forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png,.heic"}),
    )
    confidential = forms.BooleanField(
        label=_("Keep my name from the windows"),
        required=False,
        initial=True,
        help_text=_("Only the supervisor can then see whose review it is, to follow it up."),
    )
    consent = forms.BooleanField(
        label=_("What is changed because of it may be published, in one sentence"),
        required=False,
        help_text=_(
            "Without name, company and words of yours. A call to the supervisor takes it back."
        ),
    )

    def __init__(self, *args, shown=None, asked_later=False, **kwargs):
        """`asked_later`: whoever has an account is asked for the consent once there is a sentence."""
        super().__init__(*args, **kwargs)
        if asked_later:
            del self.fields["consent"]
        chosen = themes() if shown is None else _themes_of(shown)
        tags = cast(forms.MultipleChoiceField, self.fields["tags"])
        tags.choices = [(theme.code, theme.label) for theme in chosen]

    def clean_picture(self):
        upload = self.cleaned_data["picture"]
        if not upload:
            return None
        try:
            checked = check(upload)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        if not checked.content_type.startswith("image/"):
            raise forms.ValidationError(_("Attach a picture here, JPEG or PNG."))
        return checked


def _themes_of(shown):
    """The themes that any of these services may name, in their order."""
    codes = {theme.code for service in shown for theme in of_service(service)}
    return [theme for theme in themes() if theme.code in codes]


class OwnReviewForm(ReviewForm):
    """The same of one case: of those of its `services` (codes) that aren't reviewed yet, and no others."""

    def __init__(self, data, files, shown, asked_later):
        super().__init__(data, files, shown=shown, asked_later=asked_later)
        service = cast(forms.ChoiceField, self.fields["service"])
        service.choices = [choice for choice in services() if choice[0] in shown]


class ThingReviewForm(ReviewForm):
    """The same of one thing beside a case: there is nothing to choose."""

    service = None  # type: ignore[assignment]  # how Django leaves a field of the base out

    def __init__(self, data, files, thing, asked_later):
        super().__init__(data, files, shown=[thing.service], asked_later=asked_later)


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
    field_order = ["code", "level", "service", "tags", "comment", "picture", "consent"]
    confidential = None  # type: ignore[assignment]  # how Django leaves a field of the base out
    case = None

    def clean_code(self):
        self.case = case_of_code(self.cleaned_data["code"])
        if self.case is None:
            raise forms.ValidationError(UNKNOWN_CODE)
        return self.cleaned_data["code"]


class CodeForm(forms.Form):
    """The code of a ticket, of a service, or the review code of a case. `opened` is the case or the `Reviewable`."""

    code = forms.CharField(
        label=_("Ticket code or review code"),
        max_length=40,
        help_text=_("It stands on your ticket, or on the message that your case is completed."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": _("Enter the code")},
    )
    opened: Application | Reviewable | None = None

    def clean_code(self):
        code = self.cleaned_data["code"]
        self.opened = case_of_code(code) or reviewable.of_code(code)
        if self.opened is None:
            raise forms.ValidationError(
                _("Nothing has this code. Look at your ticket, or at the message of your case.")
            )
        if getattr(self.opened, "given_at", True) is None:
            raise forms.ValidationError(
                _("This isn't over yet. It can be reviewed once it is; keep the ticket.")
            )
        return code


class AnswerForm(forms.Form):
    """Whether it is repaired. Nothing is filled in beforehand, and no answer has more weight than another."""

    answer = forms.ChoiceField(
        choices=Repair.Answer.choices,
        error_messages={
            "required": _("Choose one of the three answers"),
            "invalid_choice": _("Choose one of the three answers"),
        },
    )
    level_after = forms.TypedChoiceField(
        label=_("How satisfied are you now?"),
        coerce=int,
        empty_value=None,
        choices=[("", _("No second review")), *Level.choices],
        required=False,
        help_text=_("Stands beside your first review, which stays counted."),
    )
    comment = forms.CharField(
        label=_("What is still wrong, or anything else"),
        max_length=500,
        validators=[require_seen],
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    consent = forms.BooleanField(
        label=_(
            "I agree to the sentence above being published (without my name, company and words)"
        ),
        required=False,
        help_text=_("Without your consent only the numbers are counted."),
    )
