"""Registration's own desk: what approving a case means. It issues the USCC, the licence and the notice of approval."""

import secrets

from django.conf import settings
from django.utils import translation
from django.utils.timezone import localdate

from registration import desks, flow
from registration.catalogue import company_type
from registration.numbers import issue_uscc
from registration.standards import display

VERIFY_CODE_BYTES = 16  # 128 bits: nobody finds a licence by guessing


class LicenceDesk:
    department = flow.REGISTRATION

    def open(self, case, stage) -> None:
        """Nothing to prepare: everything is in the filing."""

    def conditions(self, case, stage) -> list[str]:
        return []

    def closed(self, case, stage) -> None:
        """Approval: the code, the licence with its QR, and the notice, each exactly once."""
        application = case.application
        application.uscc = issue_uscc(application.zone)
        facts = licence_facts(case)
        case.issue("licence", self.department, facts, verify_code=facts["verify_code"])
        case.issue("approval_notice", self.department, facts)
        case.issue("articles", self.department, {**facts, "shareholders": shareholders(case.filing)})


def licence_facts(case) -> dict:
    """What the licence prints (see `registration.papers.facts`); money in fen, dates as ISO text, texts in Chinese."""
    application, filing = case.application, case.filing
    code = secrets.token_hex(VERIFY_CODE_BYTES)
    with translation.override("zh-hans"):  # a licence is printed in Chinese, whatever language the officer reads
        scope = display(filing, "scope.items")
        division = display(filing, "address.division")
    return {
        "uscc": application.uscc,
        "name": filing.name,
        "type": company_type(filing.company_type).licence_wording,
        "legal_representative": filing.holder_of("legal_representative").name,
        "scope": scope,
        "capital_fen": filing.capital_fen,
        "established_on": localdate(case.at).isoformat(),
        "address": division + filing.answer("address.detail"),
        "authority": application.zone.authority_name,
        "filing_number": application.filing_number,
        "verify_code": code,
        "verify_address": f"{settings.SITE_ADDRESS}/verify/{code}",
    }


def shareholders(filing) -> list[dict]:
    """The shareholders as the articles list them: no ID numbers."""
    return [
        {
            "name": person.name,
            "contribution_fen": person.contribution_fen,
            "due_on": person.contribution_due,
            "form": person.contribution_form,
        }
        for person in filing.shareholders
    ]


def register() -> None:
    desks.register(LicenceDesk())
