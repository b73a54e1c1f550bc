"""One person's own page, beside the pages of the form."""

from datetime import date

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.applicants.draft import Draft
from kernel.applicants.inputs import CreditCode, Day, IdNumber, Mobile, Text, Yuan, as_typed
from kernel.applicants.pages.base import EntryForm
from kernel.cases.models import Person
from kernel.core.certain import certain
from kernel.core.typed import credit_code, id_number
from kernel.core.written import COMPANY, PERSON, STREET
from kernel.form import id_copies
from kernel.form.choices import ContributionForm, YesNo
from kernel.form.codes import uscc_check
from kernel.form.filing import AGENT, OFFICES, PERSON_FIELDS, Filing, PersonFacts
from kernel.standards.rules.company import deadline_fault

TICKED = ("on", YesNo.YES.value)  # what a box says, and what is stored of it


class PersonForm(EntryForm):
    """One person or shareholding company, entered once whatever the number of its roles."""

    name = Text(label=gettext_lazy("Name"), written=PERSON)
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
    representative = Text(
        label=gettext_lazy("Legal representative of that company"), written=PERSON
    )
    id_from = Day(label=gettext_lazy("Identity card valid from"))
    id_until = Day(label=gettext_lazy("Identity card valid until"), required=False)
    id_long_term = forms.BooleanField(
        label=gettext_lazy("The card is valid long-term: it says so instead of a last day"),
        required=False,
    )
    phone = Mobile(label=gettext_lazy("Mobile phone"))
    address = Text(100, label=gettext_lazy("Contact address"), required=False, written=STREET)
    contribution = Yuan(label=gettext_lazy("Contribution (yuan)"))
    contribution_form = forms.ChoiceField(
        label=gettext_lazy("Form of the contribution"),
        choices=ContributionForm.choices,
        widget=forms.RadioSelect,
    )
    contribution_due = Day(label=gettext_lazy("Paid in by"))

    ONLY_NATURAL = ("id_number",)
    ONLY_WITH_CARD = ("id_from", "id_until", "id_long_term")
    BOXES = ("uscc_confirmed", "id_long_term")
    ONLY_LEGAL = ("uscc", "uscc_confirmed", "representative")
    ONLY_SHAREHOLDER = ("contribution", "contribution_form", "contribution_due")
    AS_WIDE_AS_THE_PAGE = ("address", "contribution_form", *BOXES)

    same: PersonFacts | None = None  # who is entered with this number already

    def __init__(
        self,
        draft: Draft,
        kind: str,
        is_shareholder: bool,
        data=None,
        person: Person | None = None,
        role: str = "",
    ):
        """`role` is that for which somebody new is entered."""
        self.role = role
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
        if "id_until" in self.fields:
            self.fields["id_until"].required = self.now("id_long_term") not in TICKED
        if kind == Person.Kind.LEGAL:
            self.fields["name"].label = _("Company name")
            self.fields["name"].written = COMPANY
            self.fields["phone"].help_text = _(
                "Of its legal representative: the link goes there by which the company signs."
            )
        for field in self.fields.values():
            field.error_messages["required"] = _("Fill in: %(field)s.") % {"field": field.label}

    def width(self, name):
        return "" if name in self.AS_WIDE_AS_THE_PAGE else "w-mid"

    def _rest(self) -> str:
        """The capital that is left, where one shareholder brings all of it; in yuan."""
        filing = self.draft.filing
        brings_all, left = certain(self.draft.kind).is_one_shareholder, filing.uncontributed_fen
        return f"{left // 100}" if brings_all and left > 0 and left % 100 == 0 else ""

    def _not_asked(self) -> list[str]:
        legal = self.kind == Person.Kind.LEGAL
        names = list(self.ONLY_NATURAL if legal else self.ONLY_LEGAL)
        names += [] if self.is_shareholder else ["address"]
        names += [] if self._shows_card() else self.ONLY_WITH_CARD
        if not (self.is_shareholder and self.draft.filing.has("shareholders.contribution")):
            names += self.ONLY_SHAREHOLDER
        if legal and not uscc_check(self.now("uscc")).needs_confirmation:
            names.append("uscc_confirmed")
        return names

    def _shows_card(self) -> bool:
        """Whether the identity card is asked for: of shareholders, officers and the agent, not of who is called."""
        if self.kind == Person.Kind.LEGAL:
            return False
        known = {facts.uid for facts, _kind in id_copies.people_asked(self.draft.filing)}
        is_known = self.person is not None and str(self.person.uid) in known
        return self.is_shareholder or self.role in (*OFFICES, AGENT) or is_known

    def now(self, name: str) -> str:
        return str((self.data.get(name) if self.is_bound else self.initial.get(name)) or "")

    def typed(self) -> dict:
        """As typed; of what isn't asked on this page, what was known before stays."""
        known = dict(self.person.data) if self.person else {}
        asked = {name: as_typed(self.data.get(name)) for name in self.fields}
        for name in set(self.BOXES) & set(asked):
            asked[name] = YesNo.YES.value if self.data.get(name) in TICKED else ""
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
        self._judge_card()
        day = self.cleaned_data.get("contribution_due")
        fault = self._due_fault(day) if day else None
        if fault:
            self.add_error("contribution_due", fault)

    def _confirm_code(self):
        code = self.cleaned_data.get("uscc")
        verdict = uscc_check(code) if code else None
        if verdict and verdict.needs_confirmation and not self.typed().get("uscc_confirmed"):
            self.add_error("uscc_confirmed", f"{verdict.sentence} {verdict.remedy}")

    def _judge_card(self):
        """A card's last day, or that it has none; what is wrong with either day is said at that day."""
        if "id_until" not in self.fields or {"id_from", "id_until"} & set(self.errors):
            return
        facts = PersonFacts("", self.kind, self.is_shareholder, self.typed())
        if fault := id_copies.validity_fault(facts, self.draft.today):
            is_first = facts.id_from_on and facts.id_from_on > self.draft.today
            self.add_error("id_from" if is_first else "id_until", capfirst(fault))

    def _meet_once(self):
        field = "uscc" if self.kind == Person.Kind.LEGAL else "id_number"
        read = credit_code if self.kind == Person.Kind.LEGAL else id_number
        number = read(self.cleaned_data.get(field))
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
