"""The facts each paper is printed from: plain values that can be kept as JSON, so that a paper can be made again.

Dates (`_on`) and moments (`_at`) are such or their ISO texts; amounts (`_fen`) are integer hundredths of a yuan; names,
addresses and numbers are printed as they come, so whoever collects the facts masks what the reader need not see.
`verify_code` leads the QR code to the verify page; without it there is none. `scope` is a list of items or one text.
Whatever is not required may be missing or empty: its line or column is left out. `company_type` (1130 …), where given,
decides what the head of the company and its place are called. Here stand the papers that an authority issues; those
that the founders sign stand in `founders`.
"""

from typing import NotRequired, TypedDict

from kernel.papers.founders import (
    AddressCommitment,
    ApplicationForm,
    Appointments,
    Articles,
    InformedCommitment,
    PowerOfAttorney,
    Resolution,
)


class Issued(TypedDict):
    """What every paper that an authority issues says."""

    company_name: str
    authority: str
    issued_on: str
    verify_code: NotRequired[str]
    number: NotRequired[str]
    filing_number: NotRequired[str]


class Licence(Issued):
    """`company_type` is the code (1130 …) and picks the labels; `copy` is the copy's number such as 1-1."""

    uscc: str
    company_type: str
    company_type_label: str
    legal_representative: str
    scope: list[str] | str
    established_on: str
    address: str
    capital_fen: NotRequired[int]
    composition: NotRequired[str]
    copy: NotRequired[str]


class Deferred(TypedDict):
    material: str
    due_on: str


class ApprovalNotice(Issued):
    """`deferred`: materials that are promised for later."""

    uscc: str
    company_type_label: str
    legal_representative: str
    company_type: NotRequired[str]
    address: NotRequired[str]
    capital_fen: NotRequired[int]
    deferred: NotRequired[list[Deferred]]


class Seal(TypedDict):
    """`svg` is the impression as markup of our own; it is drawn when the paper is made."""

    label: str
    code: str
    size: str
    svg: NotRequired[str]
    kind: NotRequired[str]


class SealReceipt(Issued):
    uscc: str
    engraver: str
    legal_representative: str
    seals: list[Seal]
    agent: NotRequired[str]
    identity_checked_on: NotRequired[str]
    delivery: NotRequired[str]


class Tax(TypedDict):
    tax: str
    period: str
    rate: NotRequired[str]


class Invoice(TypedDict):
    invoice: str
    limit: str
    quota: str


class TaxStaff(TypedDict):
    role: str
    person: str
    id_number: NotRequired[str]
    phone: NotRequired[str]


class TaxConfirmation(Issued):
    uscc: str
    taxpayer_class: str
    accounting_system: str
    taxes: list[Tax]
    invoices: NotRequired[list[Invoice]]
    staff: NotRequired[list[TaxStaff]]
    bank_name: NotRequired[str]
    account_number: NotRequired[str]
    agreement_number: NotRequired[str]


class Insurance(TypedDict):
    insurance: str
    employer: NotRequired[str]
    employee: NotRequired[str]


class SocialSecurityReceipt(Issued):
    uscc: str
    unit_number: str
    insurances: list[Insurance]
    contact: NotRequired[str]
    phone: NotRequired[str]
    employees: NotRequired[int]
    bank_name: NotRequired[str]
    account_number: NotRequired[str]


class BankAccountNotice(Issued):
    """`authority`: the branch that opened the account; `basic_account_number`: its number in the national system."""

    uscc: str
    bank_name: str
    account_number: str
    basic_account_number: str
    legal_representative: str
    opened_on: str
    intent_verified: NotRequired[str]


class ReceivedMaterial(TypedDict):
    material: str
    state: str


class Receipt(Issued):
    """`check_code` lets people without an account ask for the progress; `progress_address` says where."""

    filing_number: str
    check_code: str
    received_at: str
    progress_address: NotRequired[str]
    materials: NotRequired[list[ReceivedMaterial]]
    due_at: NotRequired[str]
    minutes: NotRequired[int]


KINDS: dict[str, type] = {
    "licence": Licence,
    "licence_original": Licence,
    "approval_notice": ApprovalNotice,
    "seal_receipt": SealReceipt,
    "tax_confirmation": TaxConfirmation,
    "social_security_receipt": SocialSecurityReceipt,
    "bank_account_notice": BankAccountNotice,
    "application_form": ApplicationForm,
    "articles": Articles,
    "resolution": Resolution,
    "appointments": Appointments,
    "address_commitment": AddressCommitment,
    "informed_commitment": InformedCommitment,
    "power_of_attorney": PowerOfAttorney,
    "receipt": Receipt,
}


class MissingFacts(ValueError):
    """A paper must not be issued with a hole in it."""

    def __init__(self, kind: str, names: list[str]):
        super().__init__(f"{kind} cannot be printed without {', '.join(names)}")
        self.kind, self.names = kind, names


def require(kind: str, facts: dict) -> None:
    """Raise MissingFacts where a required fact is absent or empty, KeyError where there is no such kind."""
    missing = sorted(
        name for name in KINDS[kind].__required_keys__ if facts.get(name) in (None, "", [])
    )
    if missing:
        raise MissingFacts(kind, missing)
