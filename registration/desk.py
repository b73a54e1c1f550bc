"""Registration's own desk: what approving a case means. It issues the USCC, the licence and the papers beside it."""

from django.utils import translation

from kernel.cases import founders_papers, paper_facts
from kernel.cases.actions import close_stage
from kernel.cases.models import Application
from kernel.cases.numbers import issue_uscc
from kernel.cases.signers import refusals
from registration import CODE, papers


class LicenceDesk:
    department = CODE

    def open(self, case, stage) -> None:
        """Everything is in the filing; the applicant gets a receipt."""
        with translation.override(paper_facts.PRINTED_IN):
            case.issue("receipt", self.department, papers.receipt(case))

    def conditions(self, case, stage, **granted) -> list[str]:
        """Every name can be printed: the licence is signed, and the seals are drawn from it. And nobody who is named
        refuses."""
        return founders_papers.unprintable(case) + refusals(case)

    def closed(self, case, stage, **granted) -> None:
        """Approval: the code, the licence with its QR, and the papers of the company, each exactly once."""
        case.application.uscc = issue_uscc(case.application.zone, case.filing.kind.uscc_class)
        case.application.legal_representative = case.filing.holder_of("legal_representative").name
        with translation.override(paper_facts.PRINTED_IN):
            company = paper_facts.company(case)
            papers.issue_licence(case, company)
            case.issue("approval_notice", self.department, {**company, **papers.following(case)})
            founders_papers.issue(case)

    def close(self, **decision) -> Application:
        """With `deferring` the promised materials may follow later."""
        return close_stage(self, **decision)
