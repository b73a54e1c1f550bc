"""What every page of the form shares: labels from the fields table, answers as typed, the standards' own judgement."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from kernel.applicants.draft import Draft
from kernel.applicants.inputs import as_typed
from kernel.core.departments import Table
from kernel.form.fields import FIELD, FIELDS

# A finding on fields of several pages is said on the last of them, when all it looks at has been asked.
SAID_LATER = {
    "name": {"address.division", "shareholders.people"},
    "scope": {"name.industry_term"},
    "capital": {"shareholders.people"},
}

# Questions that arise only with a certain answer to another one: (question, answer).
ONLY_IF = Table(
    lambda _found: {field.key: field.only_if for field in FIELDS if field.only_if is not None}
)


class SectionForm(forms.Form):
    """One page. Bound to what is typed it says what is wrong; `typed()` is what is stored, right or wrong.

    `prefills` says that the first proposal is complete, so that the applicant only needs to look at it; an `optional`
    page is done when nothing was entered.
    """

    fields: dict[str, Any]  # of many classes, each with what it can do
    section = ""
    prefills = optional = False

    def __init__(self, draft: Draft, data=None, **options):
        self.draft = draft
        stored, kind = draft.stored(self.section), draft.kind
        proposed = {**self.proposal(), **(kind.proposals(self.section) if kind else {})}
        super().__init__(
            data, initial={**proposed, **stored}, use_required_attribute=False, **options
        )
        self.prepare()
        asked = {field.name for field in draft.form.fields_of(self.section)}
        for name in [name for name in self.fields if name not in asked]:
            del self.fields[name]
        for name in self.conditional:
            self.fields[name].required = name in self.arising
        for name, field in self.fields.items():
            self._say(name, field)

    def proposal(self) -> dict:
        """What stands in the fields before anything is stored."""
        return {}

    def prepare(self) -> None:
        """Set choices, and what is needed given the other answers."""

    @property
    def conditional(self) -> list[str]:
        """The fields that another answer decides: whether they are asked, or what they offer."""
        return [name for name in self.fields if f"{self.section}.{name}" in ONLY_IF]

    @property
    def arising(self) -> list[str]:
        """Those of them that the present answers ask for."""
        rules = {name: ONLY_IF[f"{self.section}.{name}"] for name in self.conditional}
        return [
            name
            for name, (key, answer) in rules.items()
            if self.now(key.split(".", 1)[1]) == answer
        ]

    @property
    def asking(self) -> str:
        """What they ask and offer, in short: where it changes while somebody types, they are shown anew."""
        return ",".join(self.arising)

    def _say(self, name: str, field) -> None:
        field.label = self.draft.form.label(f"{self.section}.{name}")
        picks = isinstance(field, forms.ChoiceField) or isinstance(field.widget, forms.Select)
        sentence = _("Choose: %(field)s.") if picks else _("Fill in: %(field)s.")
        field.error_messages["required"] = sentence % {"field": field.label}
        field.error_messages["invalid_choice"] = _("Choose one of the answers given.")

    def now(self, name: str) -> str:
        """The present value of a field: what was just typed, else what the page proposes."""
        return str((self.data.get(name) if self.is_bound else self.initial.get(name)) or "")

    def typed(self) -> dict:
        """The answers as typed, in plain strings and lists."""
        return {name: self._typed(name, field) for name, field in self.fields.items()}

    def _typed(self, name: str, field):
        value = field.widget.value_from_datadict(self.data, self.files, name)
        if isinstance(field, forms.MultipleChoiceField):
            return list(
                dict.fromkeys(as_typed(item) for item in value or [])
            )  # how many a request may carry: settings
        return as_typed(value)

    def clean(self):
        own = set(self.errors)
        answered = self.draft.with_section(self.section, self.typed())
        for finding in self.draft.unmet_in(self.draft.findings(answered)):
            for sentence, keys in finding.faults:
                self._tell(sentence, [FIELD[key] for key in keys if key in FIELD], own)

    def _tell(self, sentence: str, about: list, own: set[str]) -> None:
        """Say a fault at the first of its fields on this page; not where these have all said so themselves (`own`)."""
        if SAID_LATER.get(self.section, set()) & {field.key for field in about}:
            return
        here = [field.name for field in about if field.section == self.section]
        if not own.issuperset(here):
            place = next((name for name in here if name in self.fields and name not in own), None)
            self.add_error(place, sentence)
