"""Every field of the one form: where it is typed, and which departments reuse it. Each field has one source.

Here stand the fields that belong to everybody; each department brings those that it alone asks for, with its page
(its `fields.py`), and says which of the others it uses (`Department.sees`).

Pages, check-your-answers, desks, pins and the reuse matrix all read this table, so that a department can't ask again
for what is known: a desk page prints `form(company_type).fields_for(department)` and nothing else.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from django.db.models import TextChoices
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from kernel.catalogue import company_types, in_language
from kernel.core import departments as registry
from kernel.core.departments import Department, Row, Table
from kernel.core.words import Words
from kernel.core.written import COMPANY, LINE, STREET, Kind
from kernel.form.choices import AddressProof, FiledBy
from kernel.form.dates import as_day

OF_AGENT = ("agent.files_by", FiledBy.AGENT)
# Keys that most departments use (`Department.sees`).
NAME = (
    "name.company_type",
    "name.division",
    "name.trade_name",
    "name.industry_term",
    "name.organisation_form",
)
AGENT = ("agent.files_by", "agent.agent", "agent.powers", "agent.until")


@dataclass(frozen=True)
class Field:
    """`key` is `section.name`; `personal` values are masked wherever the work doesn't need them in full.

    `used_by` are the codes of the departments that read it. `choices` is what can be answered; `only_if` the other
    field and those of its answers with which the question arises. `shown` makes of what was typed what people read;
    `mask` what is shown of a personal one that names nobody of the filing, and `own_mask` what its own applicant sees.
    `width` is the class of a narrow control (`w-mid`, `w-short`). `written` says what may stand in a text. Of an upload
    `hint` says what is wanted, and an `optional` one may be left out.
    """

    key: str
    label: Words
    used_by: tuple[str, ...] = ()
    personal: bool = False
    choices: type[TextChoices] | None = None
    only_if: tuple[str, ...] | None = None
    shown: Callable[[str], str] | None = None
    mask: Callable[[str], str] | None = None
    own_mask: Callable[[str], str] | None = None
    width: str = ""
    hint: Words = ""
    optional: bool = False
    written: Kind | None = None

    @property
    def section(self) -> str:
        return self.key.split(".", 1)[0]

    @property
    def name(self) -> str:
        return self.key.split(".", 1)[1]


@dataclass(frozen=True)
class Section:
    """One page of the form, one line of the task list: where it stands and what it is called. How it is filled in is
    its class (`kernel.applicants.pages.FormPage`).

    A department's page also names the `material` of today that its answers are part of.
    """

    key: str
    title: Words
    group: str
    material: str = ""


OF_DEPARTMENTS = "departments"  # the group of their pages
_BEFORE = (
    Section("name", _("Company name"), "company"),
    Section("scope", _("Industry and business scope"), "company"),
    Section("address", _("Registered address"), "company"),
    Section("capital", _("Registered capital"), "company"),
    Section("shareholders", _("Shareholders and contributions"), "people"),
    Section("officers", _("Legal representative and officers"), "people"),
    Section("contacts", _("Finance, tax and social security contacts"), "people"),
    Section("agent", _("Filing through an agent"), "people"),
)
_AFTER = (Section("materials", _("Materials to upload"), "finish"),)
OF_ENTRIES = (
    "shareholders",
    "contacts",
    "materials",
)  # pages of people and of files, one entry each: no fields of their own
GROUPS = (
    ("company", _("Company")),
    ("people", _("People")),
    (OF_DEPARTMENTS, _("For the departments")),
    ("finish", _("Materials and submission")),
)

_FIELDS = (
    Field("name.company_type", _("Company type")),
    Field("name.division", _("Administrative division"), width="w-mid"),
    Field("name.division_place", _("Where the division stands")),
    Field("name.trade_name", _("Trade name"), width="w-mid"),
    Field("name.industry_term", _("Industry term"), width="w-mid"),
    Field("name.organisation_form", _("Organisation form"), width="w-mid"),
    Field("name.word_reason", _("Why a word may stand in the name"), written=LINE),
    Field("name.group_members", _("Companies that this one controls"), written=LINE),
    Field("name.group_parent", _("Parent company of the group"), written=COMPANY),
    Field("name.undertaking", _("Undertaking on similar names")),
    Field("scope.industry", _("Main industry")),
    Field("scope.items", _("Business scope")),
    Field(
        "scope.approval",
        _("Number of the approval before registration"),
        width="w-mid",
        written=LINE,
    ),
    Field("address.division", _("Division of the address"), width="w-mid"),
    Field("address.detail", _("Street and number"), written=STREET),
    Field("address.proof", _("Right to use the premises")),
    Field(
        "address.lease_until",
        _("Lease until"),
        only_if=("address.proof", AddressProof.LEASED),
        shown=as_day,
        width="w-mid",
    ),
    Field("capital.amount", _("Registered capital (yuan)"), width="w-mid"),
    Field("capital.meant", _("Amount below 10,000 yuan")),
    Field("capital.paid_by", _("Paid in by"), shown=as_day, width="w-mid"),
    Field("capital.property", _("Property invested")),
    Field("shareholders.people", _("Shareholders"), personal=True),
    Field("officers.legal_representative", _("Legal representative"), personal=True),
    Field("officers.director", _("Director"), personal=True),
    Field("officers.manager", _("Manager"), personal=True),
    Field("officers.supervisor", _("Supervisor of the company"), personal=True),
    Field("contacts.finance", _("Finance contact"), personal=True),
    Field("agent.files_by", _("Who files")),
    Field("agent.agent", _("Agent"), personal=True, only_if=OF_AGENT),
    Field("agent.powers", _("What the agent may do"), only_if=OF_AGENT),
    Field("agent.until", _("Power of attorney valid until"), only_if=OF_AGENT, shown=as_day),
    Field(
        "materials.address_proof",
        _("Proof of address"),
        hint=_("The title deed, or the lease with all its pages."),
    ),
    Field(
        "materials.id_copies",
        _("ID copies of shareholders and officers"),
        personal=True,
        hint=_("Both sides of the identity card of every shareholder and officer."),
    ),
    Field(
        "materials.shareholder_licence",
        _("Licence of the shareholding company"),
        hint=_("The business licence of the company that is the shareholder."),
    ),
    Field(
        "materials.prior_approval",
        _("Approval before registration"),
        hint=_("The approval that an item of the business scope needs before the registration."),
    ),
    Field(
        "materials.agent_id",
        _("Agent's ID copy"),
        personal=True,
        hint=_("Both sides of the agent's identity card."),
    ),
)


Departments = tuple[Department, ...]


def _sections(departments: Departments, left_out: Departments = ()) -> tuple[Section, ...]:
    asking = registry.those(department.code for department in (*departments, *left_out))
    return (
        *_BEFORE,
        *(department.section for department in asking if department.section),
        *_AFTER,
    )


def _fields(departments: Departments, left_out: Departments = ()) -> tuple[Field, ...]:
    """All of them in the order of the pages: on a page of everybody's first those that stand here. Who is left out has
    its own page alone, for whoever thinks again, and uses nothing."""
    places = [section.key for section in _sections(departments, left_out)]
    owned = [(entry, department.code) for department in departments for entry in department.fields]
    owned += [
        (entry, "")
        for department in left_out
        for entry in department.fields
        if department.section and entry.section == department.section.key
    ]
    whole = [*((entry, "") for entry in _FIELDS), *owned]
    absent = registry.left_out(department.code for department in departments)
    needless = {
        key for department in absent if (way := department.leaving_out) for key in way.takes_along
    }
    named = [
        replace(entry, used_by=_users(entry, owner, departments))
        for entry, owner in whole
        if entry.key not in needless
    ]
    return tuple(sorted(named, key=lambda entry: places.index(entry.section)))


def _users(entry: Field, owner: str, departments: tuple[Department, ...]) -> tuple[str, ...]:
    return tuple(
        department.code
        for department in departments
        if department.code == owner or entry.key in department.sees
    )


SECTIONS = Row(_sections)
SECTION = Table(lambda departments: {section.key: section for section in _sections(departments)})
FIELDS = Row(_fields)
FIELD = Table(lambda departments: {entry.key: entry for entry in _fields(departments)})
# The contacts that the departments call, in the order of the page.
CONTACTS = Row(
    lambda departments: [
        entry.name for entry in _fields(departments) if entry.section == "contacts"
    ]
)


# Where a type's only founder heads the company: the field that is known, and the one that answers it.
FOUNDER = {"officers.legal_representative": "shareholders.people"}


@dataclass(frozen=True)
class Form:
    """The one form as a company type has it: its pages and fields under the names that the type gives them.

    `all_fields` are those of every type; `known` those that are answered by another one and have no place of their own:
    key → the other's key.
    """

    sections: tuple[Section, ...]
    fields: tuple[Field, ...]
    all_fields: tuple[Field, ...]
    labels: Mapping[str, Words]
    known: dict[str, str]

    @cached_property
    def keys(self) -> frozenset[str]:
        """Of `all_fields`."""
        return frozenset(field.key for field in self.all_fields)

    def has_section(self, key: str) -> bool:
        return any(section.key == key for section in self.sections)

    def fields_of(self, section: str) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.section == section)

    def departments_of(self, section: str) -> frozenset[str]:
        """The departments that reuse anything that the type is asked for on a page."""
        return frozenset(
            department for field in self.fields_of(section) for department in field.used_by
        )

    def fields_for(self, department: str) -> tuple[Field, ...]:
        """The fields that a department reuses, in the order of the form."""
        own = {field.key for field in self.fields if department in field.used_by}
        own |= {
            key
            for key, source in self.known.items()
            if department in FIELD[key].used_by and source not in own
        }
        return tuple(
            replace(field, label=self.label(field.key))
            for field in self.all_fields
            if field.key in own
        )

    def label(self, key: str) -> Words:
        """What the type calls a field or a page."""
        return self.labels.get(key) or (FIELD[key].label if key in FIELD else SECTION[key].title)

    def asked(self, keys) -> tuple[str, ...]:
        """Those of the fields that the type asks for, each once; for a known field the one that answers it."""
        own = {field.key for field in self.fields}
        return tuple(
            dict.fromkeys(key for key in (self.known.get(key, key) for key in keys) if key in own)
        )


def form(type_code: str, departments: Iterable[str] = (), left_out: Iterable[str] = ()) -> Form:
    """The form of a company type, as these departments use it (codes; none: all that there are), with the pages on
    which others are `left_out`; of an unknown type every field, under its usual name."""
    asking = registry.those(departments) if departments else registry.departments()
    return _form(type_code, asking, registry.those(left_out))


@lru_cache(maxsize=256)
def _form(type_code: str, departments: Departments, left_out: Departments) -> Form:
    kind, every = company_types.find(type_code), _fields(departments, left_out)
    if kind is None:
        return Form(_sections(departments, left_out), every, every, {}, {})
    labels = {key: _said(*texts) for key, texts in kind.labels.items()}
    known = FOUNDER if kind.founder_heads else {}
    asked = tuple(
        replace(field, label=labels.get(field.key, field.label))
        for field in every
        if kind.has(field.key) and field.key not in known
    )
    pages = {field.section for field in asked}
    sections = tuple(
        replace(page, title=labels.get(page.key, page.title))
        for page in _sections(departments, left_out)
        if page.key in pages
    )
    return Form(sections, asked, every, labels, known)


_said = lazy(in_language, str)
