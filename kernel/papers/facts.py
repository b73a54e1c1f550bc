"""The facts each paper is printed from: plain values that can be kept as JSON, so that a paper can be made again.

Dates (`_on`) and moments (`_at`) are such or their ISO texts; amounts (`_fen`) are integer hundredths of a yuan; names,
addresses and numbers are printed as they come, so whoever collects the facts masks what the reader need not see.
`verify_code` leads the QR code to the verify page; without it there is none. `scope` is a list of items or one text.
Whatever is not required may be missing or empty: its line or column is left out. `company_type` (1130 …), where given,
decides what the head of the company and its place are called. Here stand the papers that an authority issues; those
that the founders sign stand in `founders`, those of one department in its `papers.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NotRequired, TypedDict

from django.utils.functional import Promise

from kernel.core.departments import Department, Table
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
    """`deferred`: materials that are promised for later; `shared_with`: the other departments, in one line."""

    uscc: str
    shared_with: str
    company_type_label: str
    legal_representative: str
    company_type: NotRequired[str]
    address: NotRequired[str]
    capital_fen: NotRequired[int]
    deferred: NotRequired[list[Deferred]]


class ReceivedMaterial(TypedDict):
    material: str
    state: str


class Receipt(Issued):
    """`check_code` lets people without an account ask for the progress; `progress_address` says where. `beside` are the
    departments that work side by side, `shared_with` all others than the registrar, each in one line."""

    filing_number: str  # type: ignore[misc]  # of a receipt it is required
    check_code: str
    received_at: str
    shared_with: str
    beside: str
    progress_address: NotRequired[str]
    materials: NotRequired[list[ReceivedMaterial]]
    due_at: NotRequired[str]
    minutes: NotRequired[int]


@dataclass(frozen=True)
class Paper:
    """A paper that a department issues, for its `Department.papers`.

    `facts` is the shape of what it is printed from. The folder `data` has its wording, `<kind>.json`, and invented
    facts for a sample, `<kind>.sample.json`. `drawn(document)`, where there is one, gives the facts with what is drawn
    for the paper; the worker that makes it calls this, and it may fail there. `drawn_sample(facts)` does so for the
    sample. `called` is what people call its facts. One that the founders sign with their own says who (`signed_by`,
    roles of `kernel.cases.founders_papers`) and gives its facts from a case (`drafted`), None where it has none of it.
    """

    kind: str
    label: Promise | str
    facts: type
    data: Path
    drawn: Callable[[Any], dict] | None = None
    drawn_sample: Callable[[dict], dict] | None = None
    called: Mapping[str, Promise | str] = field(default_factory=dict)
    signed_by: tuple[str, ...] = ()
    drafted: Callable[[Any], dict | None] | None = None


_OWN: dict[str, type] = {
    "licence": Licence,
    "licence_original": Licence,
    "approval_notice": ApprovalNotice,
    "application_form": ApplicationForm,
    "articles": Articles,
    "resolution": Resolution,
    "appointments": Appointments,
    "address_commitment": AddressCommitment,
    "informed_commitment": InformedCommitment,
    "power_of_attorney": PowerOfAttorney,
    "receipt": Receipt,
}
# By kind; the departments say those of their own papers.
KINDS = Table(
    lambda departments: _OWN | {kind: paper.facts for kind, paper in _papers(departments).items()}
)
PAPERS = Table(lambda departments: _papers(departments))


def _papers(departments: tuple[Department, ...]) -> dict[str, Paper]:
    return {paper.kind: paper for department in departments for paper in department.papers}


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
