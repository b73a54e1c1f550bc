"""Registration's own desk: what approving a case means. It issues the USCC, the licence and the papers beside it."""

import secrets

from django.utils import translation
from django.utils.timezone import localdate

from registration import desks, flow
from registration.catalogue import company_type
from registration.choices import ContributionForm
from registration.fields import FIELD
from registration.filing import OFFICES, Filing, PersonFacts
from registration.numbers import issue_uscc
from registration.standards import display

VERIFY_CODE_BYTES = 16  # 128 bits: nobody finds a licence by guessing
PRINTED_IN = "zh-hans"  # a licence is printed in Chinese, whatever language the officer reads


class LicenceDesk:
    department = flow.REGISTRATION

    def open(self, case, stage) -> None:
        """Nothing to prepare: everything is in the filing."""

    def conditions(self, case, stage) -> list[str]:
        return []

    def closed(self, case, stage) -> None:
        """Approval: the code, the licence with its QR, and the papers of the company, each exactly once."""
        case.application.uscc = issue_uscc(case.application.zone)
        code = secrets.token_hex(VERIFY_CODE_BYTES)
        with translation.override(PRINTED_IN):
            facts = company_facts(case)
            case.issue("licence", self.department, {**facts, "copy": "1-1", "verify_code": code}, verify_code=code)
            case.issue("approval_notice", self.department, facts)
            case.issue("articles", self.department, {**facts, **articles_facts(case.filing)})


def company_facts(case) -> dict:
    """What every paper of registration says of the company (see `registration.papers.facts`); money in fen."""
    application, filing = case.application, case.filing
    kind = company_type(filing.company_type)
    return {
        "company_name": filing.name,
        "company_type": kind.code,
        "company_type_label": kind.licence_type,
        "uscc": application.uscc,
        "legal_representative": filing.holder_of("legal_representative").name,
        "scope": display(filing, "scope.items"),
        "capital_fen": filing.capital_fen,
        "address": display(filing, "address.division") + filing.answer("address.detail"),
        "authority": application.zone.authority_name,
        "filing_number": application.filing_number,
        "established_on": localdate(case.at).isoformat(),
        "issued_on": localdate(case.at).isoformat(),
    }


def articles_facts(filing: Filing) -> dict:
    """What the articles of association add: who contributes what by when, and who holds which office."""
    holders = {role: filing.holder_of(role) for role in OFFICES}
    post = "director" if holders["legal_representative"] == holders["director"] else "manager"
    return {
        "legal_representative_post": str(FIELD[f"officers.{post}"].label),
        "directors": _name(holders["director"]),
        "manager": _name(holders["manager"]),
        "supervisor": _name(holders["supervisor"]),
        "contributions": [contribution(person, filing.capital_fen) for person in filing.shareholders],
    }


def contribution(person: PersonFacts, capital_fen: int) -> dict:
    """A shareholder's line; the share is a percentage with two places."""
    return {
        "person": person.name,
        "amount_fen": person.contribution_fen,
        "share": f"{person.contribution_fen * 100 / capital_fen:.2f}%",
        "form": str(ContributionForm(person.contribution_form).label),
        "due_on": person.contribution_due,
    }


def _name(person: PersonFacts | None) -> str:
    return person.name if person else ""


def register() -> None:
    desks.register(LicenceDesk())
