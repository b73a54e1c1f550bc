"""A case's answers as plain values, for rules, standards, desks and papers. Knows neither the web nor the database.

What was typed stays as typed in `Application.answers`; `Filing` parses it and gives None for what can't be read.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property, partial
from typing import TypeVar

from django.utils.functional import SimpleLazyObject
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from kernel.catalogue import CompanyType, chosen_items, company_types
from kernel.core import departments
from kernel.core.departments import Table
from kernel.core.typed import credit_code, id_number, visible
from kernel.core.written import COMPANY, PERSON, STREET, Kind, fault, shown, tidy
from kernel.form.amounts import read_yuan
from kernel.form.choices import DivisionPlace, FiledBy, YesNo
from kernel.form.dates import read_date, read_moment
from kernel.form.fields import CONTACTS, FIELD, Form, form
from kernel.form.flow import NAME_HELD
from kernel.form.stored_files import StoredFile, by_kind

PERSON_FIELDS = (
    "name",
    "id_number",
    "id_from",
    "id_until",
    "id_long_term",
    "phone",
    "address",
    "uscc",
    "uscc_confirmed",
    "representative",
    "contribution",
    "contribution_form",
    "contribution_due",
)
WRITTEN = {"name": PERSON, "representative": PERSON, "address": STREET}  # by the texts among them
NAME_PARTS = ("division", "trade_name", "industry_term", "organisation_form")
DIVISION_PLACE = "division_place"
OFFICES = ("legal_representative", "director", "manager", "supervisor")
AGENT = "agent"
SHAREHOLDERS = "shareholders"  # the page on which they are entered
# By the page on which they are given.
ROLES = {"officers": OFFICES, "contacts": CONTACTS, "agent": (AGENT,)}
ROLE_FIELD = Table(
    lambda _departments: {
        role: f"{section}.{role}" for section, roles in ROLES.items() for role in roles
    }
)
MOST_EMPLOYEES = 100_000  # more is a slip of the hand
LONGEST_NAME = 60  # characters of the name of a person or a company; the columns hold as much
LONGEST_UNIT = 30  # characters of a branch's code; the column holds as much


def read_count(text: str | None) -> int | None:
    """`12` → 12; None when it isn't a whole number of at most nine digits."""
    text = visible(str(text or ""))
    return int(text) if text.isdecimal() and len(text) <= 9 else None


@dataclass(frozen=True)
class PersonFacts:
    """One person or shareholding company, entered once."""

    uid: str
    kind: str
    is_shareholder: bool
    data: Mapping[str, str] = field(repr=False)

    def __getattr__(self, name: str) -> str:
        if name in PERSON_FIELDS:
            text, kind = str(self.data.get(name, "")), self.written(name)
            return tidy(text, kind) if kind else text.strip()
        raise AttributeError(name)

    @property
    def called(self) -> str:
        """The name, or words for somebody who has none yet."""
        return shown(self.name) or _("a person without a name")

    def written(self, name: str) -> Kind | None:
        """What may stand in one of PERSON_FIELDS that is a text."""
        kinds = WRITTEN | ({"name": COMPANY} if self.is_legal else {})
        return kinds.get(name)

    def fault(self, name: str) -> str:
        """What is wrong with the spelling of one of PERSON_FIELDS; empty where nothing is."""
        kind = self.written(name)
        return fault(str(self.data.get(name, "")), kind) if kind else ""

    @property
    def is_legal(self) -> bool:
        return self.kind == "legal"

    @property
    def number(self) -> str:
        """What tells this person or company from all others: the number as it is stored; empty until it is typed."""
        return credit_code(self.uscc) if self.is_legal else id_number(self.id_number)

    @property
    def id_from_on(self) -> date | None:
        return read_date(self.data.get("id_from"))

    @property
    def id_until_on(self) -> date | None:
        """The last day on which the identity card is valid; None for one without an end too (`is_long_term`)."""
        return None if self.is_long_term else read_date(self.data.get("id_until"))

    @property
    def is_long_term(self) -> bool:
        """Whether the identity card is valid without an end."""
        return self.id_long_term == YesNo.YES

    @property
    def contribution_fen(self) -> int | None:
        return read_yuan(self.data.get("contribution"))

    @property
    def contribution_due_on(self) -> date | None:
        return read_date(self.data.get("contribution_due"))


@dataclass(frozen=True)
class Unsigned:
    """Somebody who has still to sign, by name; `changed` where a paper says something else than they signed."""

    name: str
    changed: bool

    @property
    def sentence(self) -> str:
        if self.changed:
            sentence = _("%(name)s signed an earlier text: the papers have changed since.")
        else:
            sentence = _("%(name)s has not signed yet.")
        return sentence % {"name": self.name}


@dataclass(frozen=True)
class Filing:
    """`materials` maps a kind to its files; `filed_on` is today until it is submitted.

    `case_uid` tells the case from others where a rule compares it with them; empty for a filing of no case.
    `holds_name` says that the case holds its name, so that nobody else can have it; `names_similar` are the similar
    names that were in the register when it began to. `names_found` is what the register says of the name (findings of
    `kernel.names`) where it has been asked already; else a rule asks, in the registry's register.
    `unsigned` are those who have still to sign, where signatures are required and asked about (`kernel.cases.signers`).
    The parent of a group controls `group_members_least` companies and has `group_capital_least` yuan of capital.
    `at_work` are the codes of the departments that it was filed with, before that of those at work in its zone; empty
    for all that there are. Of these `optional` ones may still be left out.
    """

    company_type: str
    sections: Mapping[str, Mapping] = field(repr=False)
    people: Sequence[PersonFacts] = field(repr=False)
    materials: Mapping[str, Sequence[StoredFile]] = field(repr=False)
    filed_on: date
    supervisor_required: bool = False
    case_uid: str = ""
    holds_name: bool = False
    names_similar: Sequence[str] = ()
    names_found: Sequence | None = None
    name_registry: str = ""
    name_rest_days: int = 365
    name_rest_days_forfeited: int = 0
    group_members_least: int = 3
    group_capital_least: int = 0
    at_work: Sequence[str] = ()
    optional: Sequence[str] = ()
    unsigned: Sequence[Unsigned] = ()

    def answer(self, key: str) -> str:
        """What was typed for `section.name`; empty when nothing was."""
        section, name = key.split(".", 1)
        value = self.sections.get(section, {}).get(name, "")
        if not isinstance(value, str):
            return value
        kind = FIELD[key].written if key in FIELD else None
        return tidy(value, kind) if kind else value.strip()

    def fault(self, key: str) -> str:
        """What is wrong with the spelling of a text that was typed for `section.name`; empty where nothing is."""
        section, name = key.split(".", 1)
        return fault(self.sections.get(section, {}).get(name, ""), FIELD[key].written)

    @cached_property
    def name(self) -> str:
        """The full company name as composed of its four parts."""
        return full_name(self.sections.get("name", {}))

    @cached_property
    def shareholders(self) -> tuple[PersonFacts, ...]:
        return tuple(person for person in self.people if person.is_shareholder)

    @property
    def contributed_fen(self) -> int:
        """What the shareholders contribute in all, as far as it can be read."""
        return sum(person.contribution_fen or 0 for person in self.shareholders)

    @property
    def uncontributed_fen(self) -> int:
        """How much of the capital nobody contributes; below zero where they contribute more."""
        return (self.capital_fen or 0) - self.contributed_fen

    @cached_property
    def by_uid(self) -> Mapping[str, PersonFacts]:
        return {person.uid: person for person in self.people}

    @cached_property
    def kind(self) -> CompanyType | None:
        """The company type; None for a code that isn't one."""
        return company_types.find(self.company_type)

    def has(self, key: str) -> bool:
        """Whether companies of this type have a field, and the departments of this case ask for it."""
        asked = key not in FIELD or key in self.form.keys
        return asked and (self.kind is None or self.kind.has(key))

    @property
    def founder_heads(self) -> bool:
        return self.kind is not None and self.kind.founder_heads

    def holder_of(self, role: str) -> PersonFacts | None:
        """The person in a role of ROLE_FIELD. Where the only founder heads the company, nobody else can."""
        if self.founder_heads and role in OFFICES:
            return (
                self.shareholders[0]
                if self.shareholders and role == "legal_representative"
                else None
            )
        if role == AGENT and not self.has_agent:
            return None
        return self.by_uid.get(self.answer(ROLE_FIELD[role]))

    def roles_of(self, person: PersonFacts) -> tuple[str, ...]:
        roles = [role for role in ROLE_FIELD if self.holder_of(role) == person]
        if self.founder_heads and "legal_representative" in roles:
            roles.remove("legal_representative")  # the founder is it, so it goes without saying
        return (*(["shareholder"] if person.is_shareholder else []), *roles)

    def section_of(self, person: PersonFacts) -> str:
        """The page that owns somebody's entry, so that nobody changes a shareholder through the contacts."""
        if person.is_shareholder:
            return SHAREHOLDERS
        owned_by = (
            ROLE_FIELD[role].split(".")[0] for role in ROLE_FIELD if self.holder_of(role) == person
        )
        return next(owned_by, "contacts")

    @property
    def has_agent(self) -> bool:
        """Whether an agent files for the founders."""
        return self.answer("agent.files_by") == FiledBy.AGENT

    @property
    def agent_powers(self) -> tuple[str, ...]:
        return tuple(self.sections.get("agent", {}).get("powers", ())) if self.has_agent else ()

    @property
    def agent_until(self) -> date | None:
        """The last day of the power of attorney."""
        return read_date(self.answer("agent.until")) if self.has_agent else None

    @cached_property
    def capital_fen(self) -> int | None:
        return read_yuan(self.answer("capital.amount"))

    @property
    def capital_is_meant(self) -> bool:
        """Whether the applicant has confirmed this very amount, where it is so small that it may be a slip."""
        return self.capital_fen is not None and self.answer("capital.meant") == str(
            self.capital_fen
        )

    @cached_property
    def paid_by(self) -> date | None:
        return read_date(self.answer("capital.paid_by"))

    @cached_property
    def scope_codes(self) -> tuple[str, ...]:
        return tuple(self.sections.get("scope", {}).get("items", ()))

    @property
    def approval_numbers(self) -> tuple[str, ...]:
        """The numbers of the approvals that items of the scope need before the registration."""
        numbers = re.split("[;\uff1b,\uff0c\u3001]", self.answer("scope.approval"))
        return tuple(dict.fromkeys(filter(None, map(str.strip, numbers))))

    @property
    def waits_for_an_approval(self) -> bool:
        """Whether an item of its scope is registered with an approval only, or may be."""
        return any(item.approval for item in chosen_items(self.scope_codes))

    @cached_property
    def appointment(self) -> datetime | None:
        """When the applicant is met, in the zone's local time without a time zone; None for what isn't a moment, and
        where nobody meets them."""
        met = departments.meeting()
        if (
            met is None
            or met.meeting is None
            or (self.departments and met.code not in self.departments)
        ):
            return None
        return read_moment(self.answer(met.meeting.when))

    def unit_of(self, department: str) -> str:
        """The branch that a stage is narrowed to; empty where a department has one desk."""
        met = departments.department(department).meeting
        return self.answer(met.where) if met else ""

    @cached_property
    def departments(self) -> tuple[str, ...]:
        """The codes of those that the case goes through; empty for all that there are."""
        return tuple(code for code in self.at_work if code not in self.left_out)

    @cached_property
    def left_out(self) -> tuple[str, ...]:
        """Those that the company does without, as its answers say, of those that it still may."""
        choices = {code: departments.department(code).leaving_out for code in self.optional}
        return tuple(
            code
            for code, choice in choices.items()
            if choice and self.answer(choice.field) == choice.answer
        )

    @property
    def form(self) -> Form:
        """The pages and fields that this case is asked for."""
        return form(self.company_type, self.departments, self.left_out)


def full_name(answers: Mapping) -> str:
    """The company name composed of its four parts, as far as they are typed."""
    division, trade_name, industry_term, form = (
        str(answers.get(part) or "").strip() for part in NAME_PARTS
    )
    place = str(answers.get(DIVISION_PLACE) or "")
    return composed_name(division, trade_name, industry_term, form, place)


def composed_name(division: str, trade_name: str, industry_term: str, form: str, place: str) -> str:
    """The four parts as a name has them: the division in front, or in brackets at a `DivisionPlace`."""
    bracketed = f"\uff08{division}\uff09" if division else ""
    if place == DivisionPlace.MIDDLE:
        return trade_name + bracketed + industry_term + form
    if place == DivisionPlace.END:
        return trade_name + industry_term + bracketed + form
    return division + trade_name + industry_term + form


def registry_of(zone) -> str:
    """The registry whose register the names of a zone are compared with."""
    return zone.setting("name_registry")


Made = TypeVar("Made")


def _lazy(make: Callable[[], Made]) -> Made:
    return SimpleLazyObject(make)  # type: ignore[return-value]  # it behaves as what it makes


def read(application, people, materials, today: date) -> Filing:
    """The filing of a case, from its row, its people and its materials (any iterables of the models' rows)."""
    zone = application.zone
    filing = Filing(
        company_type=application.company_type,
        sections=application.answers,
        # Read when a rule looks at them, not before.
        people=_lazy(partial(_facts, people)),
        materials=_lazy(partial(by_kind, materials)),
        filed_on=localdate(application.submitted_at) if application.submitted_at else today,
        supervisor_required=zone.setting("supervisor_required"),
        case_uid=str(application.uid),
        names_similar=tuple(application.names_similar),
        name_registry=registry_of(zone),
        name_rest_days=zone.setting("name_rest_days"),
        name_rest_days_forfeited=zone.setting("name_rest_days_forfeited"),
        group_members_least=zone.setting("group_members_least"),
        group_capital_least=zone.setting("group_capital_least"),
        at_work=departments_of(application),
        optional=optional_in(application),
    )
    return replace(
        filing, holds_name=application.name == filing.name and _holds(application, today)
    )


def departments_of(application) -> tuple[str, ...]:
    """The codes of the departments that a case was filed with, before that of its zone's."""
    filed = application.standards_versions
    return (
        tuple(department.code for department in departments.those(filed))
        if filed
        else departments.at_work(application.zone.setting("departments"))
    )


def optional_in(application) -> tuple[str, ...]:
    """The codes of those of them that may still be left out: of a draft alone, where its zone allows it."""
    if application.standards_versions:
        return ()
    return departments.optional(departments_of(application), application.zone.setting)


def _holds(application, today: date) -> bool:
    """Whether the case holds the name that it has: by its submit, or by a reservation that hasn't run out."""
    reserved_until = application.name_reserved_until
    return application.state in NAME_HELD or (
        reserved_until is not None and reserved_until >= today
    )


def _facts(people) -> tuple[PersonFacts, ...]:
    return tuple(
        PersonFacts(str(row.uid), row.kind, row.is_shareholder, row.data) for row in people
    )
