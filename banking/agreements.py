"""The three-party agreement on withholding taxes: the company consents when it signs its papers, the bank makes it with
the account, the tax office accepts it when it is told. Without the consent, or where nobody is told, there is none.
"""

from datetime import datetime

from django.utils.timezone import localdate

from banking import CODE
from banking.models import WithholdingAgreement
from banking.papers import AGREEMENT, CONSENT, HEAD
from kernel.accounts import authorities
from kernel.cases import exchange, founders_papers
from kernel.cases.locked_case import Case, locked_case
from kernel.cases.models import Application, Event
from kernel.cases.numbers import next_number
from kernel.core.certain import certain

BATCH = 50  # agreements of one round


def consented_at(case) -> datetime | None:
    """When the head of the company signed the consent, as it reads now; None where that wasn't asked for or done."""
    given = case.filing.sections.get("signatures", {})
    if not any(CONSENT in papers for papers in given.values()):
        return None  # nobody has signed one: people need not be read for it
    head = case.filing.holder_of(HEAD)
    if not founders_papers.has_signed(case, CONSENT, head):
        return None
    return datetime.fromisoformat(given[head.uid][CONSENT]["at"])


def make(case: Case) -> None:
    """With the account that was just opened; tells whoever is the third side."""
    at = consented_at(case)
    if at is None or not exchange.is_heard(case, exchange.AGREEMENT):
        return
    region, day = case.application.zone.region_code, localdate(case.at)
    serial = next_number(f"withholding-{region}-{day:%Y%m%d}")
    made = WithholdingAgreement.objects.create(
        application=case.application,
        number=f"{region}{day:%Y%m%d}{serial:05d}",
        consented_at=at,
        made_at=case.at,
        made_by=case.actor,
    )
    case.record(Event.Kind.STEP, case.stage(CODE), step="agreement", number=made.number)
    exchange.tell(case, exchange.AGREEMENT)


def facts(application: Application) -> dict | None:
    """What the third side is told; None where there is no agreement."""
    made = WithholdingAgreement.objects.filter(application=application).first()
    account = exchange.facts(exchange.ACCOUNT, application)
    if made is None or account is None:
        return None
    return {"number": made.number, "bank": account["bank"], "account": account["number"]}


def follow() -> int:
    """Issue the papers of the agreements that have been accepted; returns how many."""
    waiting = WithholdingAgreement.objects.filter(accepted_at=None).order_by("made_at")
    return sum(map(_accepted, waiting.select_related("application")[:BATCH]))


def _accepted(made: WithholdingAgreement) -> bool:
    told = exchange.told(exchange.AGREEMENT, made.application)
    moments = [system.at for system in told if system.at]
    if not told or len(moments) < len(told):
        return False
    with locked_case(made.application_id) as case:
        at = max(moments)
        free = WithholdingAgreement.objects.filter(pk=made.pk, accepted_at=None)
        if not free.update(accepted_at=at):
            return False
        case.record(Event.Kind.STEP, case.stage(CODE), step="agreement_accepted")
        case.issue(AGREEMENT, CODE, _printed(case, made, at))
    return True


def _printed(case: Case, made: WithholdingAgreement, accepted_at: datetime) -> dict:
    application, account = case.application, certain(facts(case.application))
    return {
        "company_name": application.name,
        "uscc": application.uscc,
        "legal_representative": application.legal_representative,
        "authority": account["bank"],
        "bank_name": account["bank"],
        "account_number": account["account"],
        "agreement_number": made.number,
        "tax_authority": authorities.name(application.zone, authorities.TAX_AUTHORITY),
        "filing_number": application.filing_number,
        "issued_on": localdate(case.at).isoformat(),
        "consented_at": made.consented_at.isoformat(),
        "made_at": made.made_at.isoformat(),
        "accepted_at": accepted_at.isoformat(),
    }
