"""The pages on people: shareholders, who holds which office, and one person's own page."""

from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.applicants.draft import Draft
from kernel.applicants.forms.base import SectionForm
from kernel.applicants.inputs import (
    Chosen,
    CreditCode,
    Day,
    IdNumber,
    Mobile,
    Picked,
    PickedMany,
    Text,
    Yuan,
    as_typed,
)
from kernel.cases.models import Person
from kernel.core.certain import certain
from kernel.core.privacy import mask_id
from kernel.form.choices import AgentPower, ContributionForm, FiledBy, YesNo
from kernel.form.codes import compact, uscc_check
from kernel.form.filing import PERSON_FIELDS, Filing, PersonFacts
from kernel.standards.rules.company import deadline_fault


class ShareholdersForm(SectionForm):
    """No fields of its own: it judges the shareholders entered, one by one and together."""

    section = "shareholders"

    def clean(self):
        super().clean()
        if self.errors:
            return
        for person, facts in zip(
            self.draft.people, self.draft.filing.people, strict=True
        ):  # as the entries judge them
            if person.is_shareholder and not is_complete(self.draft, person):
                sentence = _("%(name)s is not complete yet. Open the entry and fill in the rest.")
                self.add_error(None, sentence % {"name": facts.called})


class RolesForm(SectionForm):
    """Who holds each office: one of the people entered so far."""

    def prepare(self):
        natural = [person for person in self.draft.filing.people if not person.is_legal]
        options = [(person.uid, _named(person)) for person in natural]
        for field in self.fields.values():
            if isinstance(field, Picked):
                field.offer(options)


def _named(person: PersonFacts) -> str:
    return f"{person.called} ({mask_id(person.id_number)})" if person.id_number else person.called


class OfficersForm(RolesForm):
    section = "officers"

    legal_representative = Picked(
        help_text=gettext_lazy("Acts for the company. Must be a director or the manager.")
    )
    director = Picked()
    manager = Picked(help_text=gettext_lazy("May be the same person as the director."))
    supervisor = Picked(help_text=gettext_lazy("Neither a director nor the manager."))

    def prepare(self):
        super().prepare()
        self.fields["supervisor"].required = self.draft.filing.supervisor_required


class ContactsForm(RolesForm):
    section = "contacts"

    def prepare(self):
        """Whom the departments of this case call."""
        for place, field in enumerate(self.draft.form.fields_of(self.section)):
            said = gettext_lazy("One person may be all of them.") if place == 0 else ""
            self.fields[field.name] = Picked(help_text=said)
        super().prepare()


class AgentForm(RolesForm):
    """Who files: the founders, or an agent with a power of attorney. Nothing to fill in for who files alone."""

    section = "agent"
    optional = True

    files_by = Chosen("agent.files_by")
    agent = Picked()
    powers = PickedMany(choices=AgentPower.choices)
    until = Day()

    def proposal(self):
        return {"files_by": FiledBy.FOUNDERS}


class PersonForm(forms.Form):
    """One person or shareholding company, entered once whatever the number of its roles."""

    name = Text(label=gettext_lazy("Name"))
    id_number = IdNumber(label=gettext_lazy("Resident ID number"))
    uscc = CreditCode(
        label=gettext_lazy("Unified social credit code"),
        help_text=gettext_lazy("18 characters, from the company's business licence."),
    )
    uscc_confirmed = forms.BooleanField(
        label=gettext_lazy(
            "I have compared the code with the business licence; it stands there like this"
        ),
        required=False,
    )
    representative = Text(label=gettext_lazy("Legal representative of that company"))
    phone = Mobile(label=gettext_lazy("Mobile phone"))
    address = Text(100, label=gettext_lazy("Contact address"), required=False)
    contribution = Yuan(label=gettext_lazy("Contribution (yuan)"))
    contribution_form = forms.ChoiceField(
        label=gettext_lazy("Form of the contribution"),
        choices=ContributionForm.choices,
        widget=forms.RadioSelect,
    )
    contribution_due = Day(label=gettext_lazy("Paid in by"))

    ONLY_NATURAL = ("id_number",)
    ONLY_LEGAL = ("uscc", "uscc_confirmed", "representative")
    ONLY_SHAREHOLDER = ("contribution", "contribution_form", "contribution_due")

    same: PersonFacts | None = None  # who is entered with this number already

    def __init__(
        self, draft: Draft, kind: str, is_shareholder: bool, data=None, person: Person | None = None
    ):
        self.draft, self.kind, self.is_shareholder, self.person = (
            draft,
            kind,
            is_shareholder,
            person,
        )
        proposal = {
            "contribution_form": ContributionForm.MONEY,
            "contribution_due": draft.filing.answer("capital.paid_by"),
            "contribution": self._rest(),
        }
        super().__init__(
            data, initial=person.data if person else proposal, use_required_attribute=False
        )
        for name in self._not_asked():
            del self.fields[name]
        if kind == Person.Kind.LEGAL:
            self.fields["name"].label = _("Company name")
            self.fields["phone"].required = False
        for field in self.fields.values():
            field.error_messages["required"] = _("Fill in: %(field)s.") % {"field": field.label}

    def _rest(self) -> str:
        """The capital that is left, where one shareholder brings all of it; in yuan."""
        filing = self.draft.filing
        one, left = certain(self.draft.kind).is_one_shareholder, filing.uncontributed_fen
        return f"{left // 100}" if one and left > 0 and left % 100 == 0 else ""

    def _not_asked(self) -> list[str]:
        legal = self.kind == Person.Kind.LEGAL
        names = list(self.ONLY_NATURAL if legal else self.ONLY_LEGAL)
        names += [] if self.is_shareholder else ["address"]
        if not (self.is_shareholder and self.draft.filing.has("shareholders.contribution")):
            names += self.ONLY_SHAREHOLDER
        if legal and not uscc_check(self.now("uscc")).needs_confirmation:
            names.append("uscc_confirmed")
        return names

    def now(self, name: str) -> str:
        return str((self.data.get(name) if self.is_bound else self.initial.get(name)) or "")

    def typed(self) -> dict:
        """As typed; of what isn't asked on this page, what was known before stays."""
        known = dict(self.person.data) if self.person else {}
        asked = {name: as_typed(self.data.get(name)) for name in self.fields}
        if "uscc_confirmed" in asked:
            asked["uscc_confirmed"] = (
                YesNo.YES.value if self.data.get("uscc_confirmed") in ("on", YesNo.YES) else ""
            )
        return {name: value for name, value in {**known, **asked}.items() if name in PERSON_FIELDS}

    def summed(self, uid: str) -> Filing | None:
        """The filing as it would be with what is on this page, for the sum of the contributions; None without them."""
        if "contribution" not in self.fields:
            return None
        shown = self.typed() if self.is_bound else self.initial
        return self.draft.with_person(PersonFacts(uid, self.kind, self.is_shareholder, shown))

    def elsewhere(self) -> list[dict]:
        """What is stored of the person and differs from what is on this page."""
        stored, typed = self.person.data if self.person else {}, self.typed()
        return [
            {
                "label": field.label,
                "value": dict(getattr(field, "choices", ())).get(stored[name], stored[name]),
            }
            for name, field in self.fields.items()
            if name in stored and stored[name] != typed[name]
        ]

    def clean(self):
        self._confirm_code()
        self._meet_once()
        day = self.cleaned_data.get("contribution_due")
        fault = self._due_fault(day) if day else None
        if fault:
            self.add_error("contribution_due", fault)

    def _confirm_code(self):
        code = self.cleaned_data.get("uscc")
        verdict = uscc_check(code) if code else None
        if verdict and verdict.needs_confirmation and not self.typed().get("uscc_confirmed"):
            self.add_error("uscc_confirmed", f"{verdict.sentence} {verdict.remedy}")

    def _meet_once(self):
        field = "uscc" if self.kind == Person.Kind.LEGAL else "id_number"
        number = compact(self.cleaned_data.get(field) or "")
        own = str(self.person.uid) if self.person else ""
        for other in self.draft.filing.people:
            if number and other.uid != own and number == other.number:
                sentence = _(
                    "%(name)s is entered with this number already. Use that entry instead of a second one."
                )
                self.add_error(field, sentence % {"name": other.called})
                self.same = other
                return

    def _due_fault(self, day: str) -> str | None:
        return deadline_fault(self.draft.filing, date.fromisoformat(day))


def is_complete(draft: Draft, person: Person) -> bool:
    """Whether everything about a person stored so far is right."""
    return PersonForm(
        draft, person.kind, person.is_shareholder, data=person.data, person=person
    ).is_valid()
