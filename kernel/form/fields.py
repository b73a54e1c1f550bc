"""Every field of the one form: where it is typed, and which departments reuse it. Each field has one source.

Pages, check-your-answers, desks, pins and the reuse matrix all read this table, so that a department can't ask again
for what is known: a desk page prints `form(company_type).fields_for(department)` and nothing else.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _

from kernel.catalogue import company_types, in_language
from kernel.form.flow import BANKING, REGISTRATION, SEALS, SOCIAL_SECURITY, TAX

ALL = (REGISTRATION, SEALS, TAX, SOCIAL_SECURITY, BANKING)
AGENT = (REGISTRATION, SEALS, TAX, SOCIAL_SECURITY)


@dataclass(frozen=True)
class Field:
    """`key` is `section.name`; `personal` values are masked wherever the work doesn't need them in full."""

    key: str
    label: Promise | str
    used_by: tuple[str, ...]
    personal: bool = False

    @property
    def section(self) -> str:
        return self.key.split(".", 1)[0]

    @property
    def name(self) -> str:
        return self.key.split(".", 1)[1]


@dataclass(frozen=True)
class Section:
    """One page of the form, one line of the task list."""

    key: str
    title: Promise | str
    group: str


SECTIONS = (
    Section("name", _("Company name"), "company"),
    Section("scope", _("Industry and business scope"), "company"),
    Section("address", _("Registered address"), "company"),
    Section("capital", _("Registered capital"), "company"),
    Section("shareholders", _("Shareholders and contributions"), "people"),
    Section("officers", _("Legal representative and officers"), "people"),
    Section("contacts", _("Finance, tax and social security contacts"), "people"),
    Section("agent", _("Filing through an agent"), "people"),
    Section("seals", _("Seals and delivery"), "departments"),
    Section("tax", _("Tax"), "departments"),
    Section("social_security", _("Social security"), "departments"),
    Section("bank", _("Bank"), "departments"),
    Section("materials", _("Materials to upload"), "finish"),
)
SECTION = {section.key: section for section in SECTIONS}
OF_ENTRIES = (
    "shareholders",
    "materials",
)  # pages of people and of files, one entry each: no fields of their own
GROUPS = (
    ("company", _("Company")),
    ("people", _("People")),
    ("departments", _("Seals, tax, social security, bank")),
    ("finish", _("Materials and submission")),
)

FIELDS = (
    Field("name.company_type", _("Company type"), ALL),
    Field("name.division", _("Administrative division"), ALL),
    Field("name.trade_name", _("Trade name"), ALL),
    Field("name.industry_term", _("Industry term"), ALL),
    Field("name.organisation_form", _("Organisation form"), ALL),
    Field("name.undertaking", _("Undertaking on similar names"), (REGISTRATION,)),
    Field("scope.industry", _("Main industry"), (REGISTRATION, TAX, SOCIAL_SECURITY, BANKING)),
    Field("scope.items", _("Business scope"), (REGISTRATION, TAX, BANKING)),
    Field("scope.approval", _("Number of the approval before registration"), (REGISTRATION,)),
    Field(
        "address.division",
        _("Division of the address"),
        (REGISTRATION, TAX, SOCIAL_SECURITY, BANKING),
    ),
    Field("address.detail", _("Street and number"), (REGISTRATION, TAX, SOCIAL_SECURITY, BANKING)),
    Field("address.proof", _("Right to use the premises"), (REGISTRATION, TAX)),
    Field("address.lease_until", _("Lease until"), (REGISTRATION, TAX)),
    Field("capital.amount", _("Registered capital (yuan)"), (REGISTRATION, TAX, BANKING)),
    Field("capital.meant", _("Amount below 10,000 yuan"), (REGISTRATION,)),
    Field("capital.paid_by", _("Paid in by"), (REGISTRATION, TAX)),
    Field("capital.property", _("Property invested"), (REGISTRATION,)),
    Field("shareholders.people", _("Shareholders"), (REGISTRATION, TAX, BANKING), personal=True),
    Field("officers.legal_representative", _("Legal representative"), ALL, personal=True),
    Field("officers.director", _("Director"), (REGISTRATION,), personal=True),
    Field("officers.manager", _("Manager"), (REGISTRATION,), personal=True),
    Field("officers.supervisor", _("Supervisor of the company"), (REGISTRATION,), personal=True),
    Field("contacts.finance", _("Finance contact"), (TAX, BANKING), personal=True),
    Field("contacts.tax_agent", _("Tax agent"), (TAX,), personal=True),
    Field(
        "contacts.social_security", _("Social security contact"), (SOCIAL_SECURITY,), personal=True
    ),
    Field("agent.files_by", _("Who files"), AGENT),
    Field("agent.agent", _("Agent"), AGENT, personal=True),
    Field("agent.powers", _("What the agent may do"), AGENT),
    Field("agent.until", _("Power of attorney valid until"), AGENT),
    Field("seals.contract_seal", _("Contract seal as well"), (SEALS,)),
    Field("seals.delivery", _("Delivery"), (SEALS,)),
    Field("seals.recipient", _("Recipient"), (SEALS,), personal=True),
    Field("seals.phone", _("Recipient's phone"), (SEALS,), personal=True),
    Field("seals.address", _("Delivery address"), (SEALS,), personal=True),
    Field("tax.taxpayer_class", _("Taxpayer class"), (TAX,)),
    Field("tax.accounting_system", _("Accounting system"), (TAX,)),
    Field("tax.invoice_kind", _("Invoices"), (TAX,)),
    Field("tax.withholding", _("Three-party withholding agreement"), (TAX, BANKING)),
    Field("social_security.has_employees", _("Employees at the start"), (SOCIAL_SECURITY,)),
    Field("social_security.employee_count", _("Number of employees"), (SOCIAL_SECURITY,)),
    Field("social_security.hired_on", _("First day of work"), (SOCIAL_SECURITY,)),
    Field("bank.branch", _("Bank branch"), (BANKING,)),
    Field("bank.meeting", _("How the intent to open is verified"), (BANKING,)),
    Field("bank.appointment", _("Appointment"), (BANKING,)),
    Field("materials.address_proof", _("Proof of address"), (REGISTRATION, TAX, BANKING)),
    Field(
        "materials.id_copies",
        _("ID copies of shareholders and officers"),
        (REGISTRATION, BANKING),
        personal=True,
    ),
    Field(
        "materials.shareholder_licence",
        _("Licence of the shareholding company"),
        (REGISTRATION, BANKING),
    ),
    Field("materials.prior_approval", _("Approval before registration"), (REGISTRATION,)),
    Field("materials.agent_id", _("Agent's ID copy"), AGENT, personal=True),
    Field("materials.seal_card", _("Seal specimen card"), (BANKING,)),
)
FIELD = {field.key: field for field in FIELDS}


# Where a type's only founder heads the company: the field that is known, and the one that answers it.
FOUNDER = {"officers.legal_representative": "shareholders.people"}


@dataclass(frozen=True)
class Form:
    """The one form as a company type has it: its pages and fields under the names that the type gives them.

    `known` are the fields that are answered by another one and have no place of their own: key → the other's key.
    """

    sections: tuple[Section, ...]
    fields: tuple[Field, ...]
    labels: dict[str, Promise | str]
    known: dict[str, str]

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
            replace(field, label=self.label(field.key)) for field in FIELDS if field.key in own
        )

    def label(self, key: str) -> Promise | str:
        """What the type calls a field or a page."""
        return self.labels.get(key) or (FIELD[key].label if key in FIELD else SECTION[key].title)

    def asked(self, keys) -> tuple[str, ...]:
        """Those of the fields that the type asks for, each once; for a known field the one that answers it."""
        own = {field.key for field in self.fields}
        return tuple(
            dict.fromkeys(key for key in (self.known.get(key, key) for key in keys) if key in own)
        )


@lru_cache(maxsize=64)
def form(type_code: str) -> Form:
    """The form of a company type; of an unknown one every field, under its usual name."""
    kind = company_types.find(type_code)
    if kind is None:
        return Form(SECTIONS, FIELDS, {}, {})
    labels = {key: _said(*texts) for key, texts in kind.labels.items()}
    known = FOUNDER if kind.founder_heads else {}
    asked = tuple(
        replace(field, label=labels.get(field.key, field.label))
        for field in FIELDS
        if kind.has(field.key) and field.key not in known
    )
    pages = {field.section for field in asked}
    sections = tuple(
        replace(page, title=labels.get(page.key, page.title))
        for page in SECTIONS
        if page.key in pages
    )
    return Form(sections, asked, labels, known)


_said = lazy(in_language, str)
