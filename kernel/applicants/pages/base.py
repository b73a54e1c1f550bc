"""What a page of the form is: one class for each, with all that is its own; here is what they share."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from kernel.applicants.draft import Draft
from kernel.applicants.inputs import Text, Yuan, as_typed
from kernel.core.departments import Table
from kernel.core.words import Words
from kernel.core.written import fault, shown, tidy
from kernel.form.amounts import read_yuan
from kernel.form.fields import FIELD, FIELDS
from kernel.form.filing import Filing
from kernel.papers import glyphs
from kernel.papers.capital import in_capitals
from kernel.standards.display import yuan

# Questions that arise only with certain answers to another one: (question, answer …).
ONLY_IF = Table(
    lambda _departments: {field.key: field.only_if for field in FIELDS if field.only_if is not None}
)


class EntryForm(forms.Form):
    """A form of the filing as its page shows it, field by field. Another answer may decide of the `conditional` ones
    whether they are asked (`arising`), or what they offer."""

    fields: dict[str, Any]  # of many classes, each with what it can do

    @property
    def conditional(self) -> Sequence[str]:
        return ()

    @property
    def arising(self) -> Sequence[str]:
        return ()

    def width(self, name: str) -> str:
        """The class of a narrow control; empty for one as wide as the page."""
        return ""

    def confirmation(self, name: str) -> dict | None:
        """What is asked below a field whose answer may be a slip, for `_amount.html`; None where nothing is."""
        return None

    def rows(self, pins: Mapping[str, Any]) -> list[dict]:
        """The fields with what an officer said of each, how wide they are, and whether they are always asked."""
        return [
            {
                "field": bound,
                "pin": pins.get(bound.name),
                "width": self.width(bound.name),
                "conditional": bound.name in self.conditional,
                "arises": bound.name in self.arising,
                "amount": in_words(bound),
                "question": self.confirmation(bound.name),
                "rare": rare(bound),
            }
            for bound in self.visible_fields()
        ]

    def rare(self) -> list[dict]:
        """The rows of its texts alone, each of which may hold a character that no font here has."""
        return [row for row in self.rows({}) if row["rare"] is not None]

    def amounts(self) -> list[dict]:
        """The rows of its amounts alone."""
        return [row for row in self.rows({}) if row["amount"] is not None]


def rare(bound) -> str | None:
    """What is said below a text with a character that can't be printed yet; None for a field that is no text."""
    if not isinstance(bound.field, Text):
        return None
    typed = str(bound.value() or "")
    lacking = glyphs.lacking(tidy(typed, bound.field.written))
    if not lacking or fault(typed, bound.field.written):
        return ""
    return _(
        "No font here has “%(characters)s”. You can go on and file: before the approval the window attaches a picture "
        "of it, which is drawn on the licence and the papers. Bring the identity card if you are asked for it."
    ) % {"characters": "".join(map(shown, lacking))}


def in_words(bound) -> dict | None:
    """An amount as papers say it, to be seen below what is typed; empty while it isn't one. None for other fields."""
    if not isinstance(bound.field, Yuan):
        return None
    fen = read_yuan(bound.value())
    return {"words": in_capitals(fen), "yuan": yuan(fen)} if fen else {}


class FormPage(EntryForm):
    """A page of the form. Bound to what is typed it says what is wrong; `typed()` is what is stored, right or wrong.

    - `key`: that of its `Section`; `template`: what shows it.
    - `note`: what the task list says before anything is entered; with `note_by_type` it names what is asked instead,
      where a company type calls the page otherwise.
    - `prefills`: the first proposal is complete, so that the applicant only needs to look at it.
    - `optional`: it is done when nothing was entered.
    - `judged_later`: a finding that is on one of these fields too is said on their page, which comes later.
    """

    key = ""
    template = "applicants/section.html"
    note: Words = ""
    note_by_type = False
    prefills = optional = False
    judged_later: frozenset[str] = frozenset()

    @staticmethod
    def summary(filing: Filing) -> str:
        """What the task list says of the page once it is done."""
        raise NotImplementedError

    @classmethod
    def is_begun(cls, draft: Draft) -> bool:
        return any(draft.stored(cls.key).values())

    def context(self, request) -> dict:
        """What its template shows beside the fields."""
        return {}

    def __init__(self, draft: Draft, data=None, **options):
        self.draft = draft
        stored, kind = draft.stored(self.key), draft.kind
        proposed = {**self.proposal(), **(kind.proposals(self.key) if kind else {})}
        super().__init__(
            data, initial={**proposed, **stored}, use_required_attribute=False, **options
        )
        self.prepare()
        asked = {field.name for field in draft.form.fields_of(self.key)}
        for name in [name for name in self.fields if name not in asked]:
            del self.fields[name]
        for name in self.conditional:
            self.fields[name].required = name in self.arising
        for name, field in self.fields.items():
            self._say(name, field)

    def width(self, name):
        return FIELD[f"{self.key}.{name}"].width

    def proposal(self) -> dict:
        """What stands in the fields before anything is stored."""
        return {}

    def prepare(self) -> None:
        """Set choices, and what is needed given the other answers."""

    @property
    def conditional(self) -> Sequence[str]:
        """The fields that another answer decides: whether they are asked, or what they offer."""
        return [name for name in self.fields if f"{self.key}.{name}" in ONLY_IF]

    @property
    def arising(self) -> Sequence[str]:
        """Those of them that the present answers ask for."""
        rules = {name: ONLY_IF[f"{self.key}.{name}"] for name in self.conditional}
        return [
            name
            for name, (key, *answers) in rules.items()
            if self.now(key.split(".", 1)[1]) in answers
        ]

    @property
    def asking(self) -> str:
        """What they ask and offer, in short: where it changes while somebody types, they are shown anew."""
        return ",".join(self.arising)

    def _say(self, name: str, field) -> None:
        key = f"{self.key}.{name}"
        if key in FIELD and FIELD[key].written:
            field.written = FIELD[key].written
        field.label = self.draft.form.label(key)
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
        answered = self.draft.with_section(self.key, self.typed())
        for finding in self.draft.unmet_in(self.draft.findings(answered)):
            for sentence, keys in finding.faults:
                self._tell(sentence, [FIELD[key] for key in keys if key in FIELD], own)

    def _tell(self, sentence: str, about: list, own: set[str]) -> None:
        """Say a fault at the first of its fields on this page; not where these have all said so themselves (`own`)."""
        if self.judged_later & {field.key for field in about}:
            return
        here = [field.name for field in about if field.section == self.key]
        if not own.issuperset(here):
            place = next((name for name in here if name in self.fields and name not in own), None)
            self.add_error(place, sentence)
