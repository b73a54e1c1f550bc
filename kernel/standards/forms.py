"""What the operator fills in: one standard of a draft, and the day from which the draft is in force."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel import catalogue
from kernel.core import departments
from kernel.core.errors import Incomplete, Refused
from kernel.core.written import require_seen
from kernel.form.fields import FIELDS, SECTIONS
from kernel.standards.parts import rules_of
from kernel.standards.records import QUESTION, RULE


class Line(forms.TextInput):
    def __init__(self):
        super().__init__({"class": "vLargeTextField"})


class Lines(forms.Textarea):
    def __init__(self):
        super().__init__({"rows": 2, "class": "vLargeTextField"})


class StandardForm(forms.Form):
    """One standard. What it must hold is said by `standards.drafting`, on the page as at the publishing."""

    id = forms.CharField(label=_("number"), max_length=6)
    text_zh = forms.CharField(label=_("text (Chinese)"), widget=Lines, required=False)
    text_en = forms.CharField(label=_("text (English)"), widget=Lines, required=False)
    ground_zh = forms.CharField(
        label=_("ground (Chinese)"), max_length=200, widget=Line, required=False
    )
    ground_en = forms.CharField(
        label=_("ground (English)"), max_length=200, widget=Line, required=False
    )
    fix_zh = forms.CharField(label=_("how to put it right (Chinese)"), widget=Lines, required=False)
    fix_en = forms.CharField(label=_("how to put it right (English)"), widget=Lines, required=False)
    fields_looked_at = forms.MultipleChoiceField(
        label=_("what it looks at"), widget=forms.CheckboxSelectMultiple, required=False
    )
    decided_by = forms.ChoiceField(
        label=_("decided by"),
        choices=[(RULE, _("the system, by a rule")), (QUESTION, _("a person, who is asked"))],
        widget=forms.RadioSelect,
    )
    rule = forms.ChoiceField(label=_("rule of the system"), required=False)
    deferrable = forms.BooleanField(
        label=_("may follow later"),
        help_text=_("The material may be promised for later."),
        required=False,
    )
    departments = forms.MultipleChoiceField(
        label=_("checked by"),
        choices=departments.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    company_types = forms.MultipleChoiceField(
        label=_("company types"),
        help_text=_("None chosen: all."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    fields: dict[str, Any]  # of many classes, each with what it can do

    def __init__(self, data=None, *, part: str, item=None):
        initial = {**item, "fields_looked_at": item["fields"]} if item else None
        super().__init__(data, initial=initial)
        self.fields["fields_looked_at"].choices = [
            (
                section.title,
                [(entry.key, entry.label) for entry in FIELDS if entry.section == section.key],
            )
            for section in SECTIONS
        ]
        self.fields["rule"].choices = [
            ("", "–"),
            *((name, name.replace("_", " ")) for name in rules_of(part)),
        ]
        self.fields["company_types"].choices = [
            (kind.code, f"{kind.code} {kind.name}") for kind in catalogue.company_types()
        ]

    @property
    def item(self) -> dict:
        """As the version stores it."""
        given = dict(self.cleaned_data)
        given["fields"] = given.pop("fields_looked_at")
        return given

    def refuse(self, refused: Refused) -> None:
        """Each sentence at its field."""
        problems = refused.problems if isinstance(refused, Incomplete) else []
        for text, (name,) in problems:
            self.add_error("fields_looked_at" if name == "fields" else name, text)
        if not problems:
            self.add_error(None, str(refused))


class PublishForm(forms.Form):
    effective_from = forms.DateField(
        label=_("in force from"), widget=forms.DateInput(attrs={"type": "date"})
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        validators=[require_seen],
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        error_messages={"required": _("Write the reason. The second person decides by it.")},
    )
