"""The facts of the papers that founders sign (`cases.founders_papers`), of the same kinds of values as in `facts`."""

from typing import NotRequired, TypedDict


class Contribution(TypedDict):
    """A shareholder's contribution; `share` is a percentage as text."""

    person: str
    id_number: NotRequired[str]
    amount_fen: int
    share: str
    form: str
    due_on: str


class Officer(TypedDict):
    post: str
    person: str
    id_number: NotRequired[str]
    phone: NotRequired[str]


class Signature(TypedDict):
    """Who signs, in which roles. `signed_at` and the first digits of the signature's digest are missing until then."""

    role: str
    person: str
    signed_at: NotRequired[str]
    mark: NotRequired[str]


class ApplicationForm(TypedDict):
    """`shared_with`: the departments that the founders allow to read it, in one line."""

    company_name: str
    company_type_label: str
    address: str
    scope: list[str] | str
    legal_representative: str
    officers: list[Officer]
    shared_with: str
    company_type: NotRequired[str]
    filing_number: NotRequired[str]
    verify_code: NotRequired[str]
    authority: NotRequired[str]
    issued_on: NotRequired[str]
    industry: NotRequired[str]
    capital_fen: NotRequired[int]
    contributions: NotRequired[list[Contribution]]
    contact: NotRequired[str]
    phone: NotRequired[str]
    agent: NotRequired[str]
    agent_phone: NotRequired[str]
    employees: NotRequired[int]
    term: NotRequired[str]
    signatures: NotRequired[list[Signature]]


class Articles(TypedDict):
    """Only companies have them: see `context.applies`.

    Either `directors` (the only director) or `board` (names joined); without `supervisor` they say that there is none.
    """

    company_name: str
    company_type: str
    address: str
    scope: list[str] | str
    capital_fen: int
    legal_representative: str
    legal_representative_post: str
    contributions: list[Contribution]
    verify_code: NotRequired[str]
    issued_on: NotRequired[str]
    term: NotRequired[str]
    directors: NotRequired[str]
    board: NotRequired[str]
    manager: NotRequired[str]
    supervisor: NotRequired[str]
    signatures: NotRequired[list[Signature]]


class Drafted(TypedDict):
    """What the papers say that the founders sign before they file; the day is that of the approval."""

    company_name: str
    company_type: str
    company_type_label: str
    legal_representative: str
    authority: NotRequired[str]
    issued_on: NotRequired[str]
    filing_number: NotRequired[str]
    verify_code: NotRequired[str]
    signatures: NotRequired[list[Signature]]


class Resolution(Drafted):
    """Of the several shareholders, whose `count` it says, or the decision of the only one, `founder`."""

    address: str
    scope: list[str] | str
    capital_fen: int
    directors: str
    legal_representative_post: str
    contributions: list[Contribution]
    count: NotRequired[int]
    founder: NotRequired[str]
    supervisor: NotRequired[str]
    agent: NotRequired[str]


class Appointed(Officer):
    """`by`: how the post was filled; `term`: for how long."""

    by: str
    term: NotRequired[str]


class Appointments(Drafted):
    officers: list[Appointed]


class AddressCommitment(Drafted):
    address: str
    address_right: NotRequired[str]
    lease_until_on: NotRequired[str]


class InformedCommitment(Drafted):
    """`shared_with`: the departments that the founders allow to read what they file, in one line."""

    address: str
    shared_with: str
    capital_fen: NotRequired[int]


class PowerOfAttorney(Drafted):
    """`powers` are the options of the wording; none given means all of them."""

    principals: str
    agent: str
    agent_id_number: NotRequired[str]
    agent_phone: NotRequired[str]
    powers: NotRequired[list[str]]
    until_on: NotRequired[str]
