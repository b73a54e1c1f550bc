"""The housing fund's desk: the deposits are as the company said; the officer gives the number, and it gets a notice."""

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from housing_fund import CODE, gateway, rules
from housing_fund.models import DepositRegistration
from kernel.accounts import authorities
from kernel.cases.actions import close_stage
from kernel.cases.models import Application
from kernel.core import external_systems
from kernel.core.errors import refusing_taken

AUTHORITY = "housing_fund_authority_name"  # the setting of a zone that names who signs the notice


class HousingFundDesk:
    department = CODE

    def open(self, case, stage) -> None:
        """Nothing to prepare: the rules read the filing when the officer opens it."""

    def conditions(self, case, stage, **granted) -> list[str]:
        """`granted`: `number` of the registration, and any of `rules.DECIDED` that the officer changed."""
        return list(rules.faults(decided(case, granted)).values())

    def closed(self, case, stage, **granted) -> None:
        values, application = decided(case, granted), case.application
        DepositRegistration.objects.create(
            application=application, officer=case.actor, registered_at=case.at, **values
        )
        case.issue("deposit_notice", self.department, notice_facts(case, values))
        case.tell(self.department, case=application.pk)

    def close(self, **decision) -> Application:
        """Raises Refused for a number that another company has."""
        taken = _("Another company already has this registration number. Check the number.")
        with refusing_taken(DepositRegistration, "number", sentence=taken):
            return close_stage(self, **decision)


def decided(case, granted: dict) -> dict:
    """The company's answers with what the officer gave; the number is asked of the fund's system when none is."""
    decision = rules.decide(case.filing)
    number = granted["number"] if "number" in granted else proposed_number(case.application.uscc)
    return {"number": rules.normal(number)} | {
        name: granted.get(name, getattr(decision, name)) for name in rules.DECIDED
    }


def proposed_number(uscc: str) -> str:
    """The number of the fund's own system; empty while that doesn't answer, and the officer enters it by hand."""
    return external_systems.ask(CODE, gateway.system().number_for, uscc) or ""


def notice_facts(case, values: dict) -> dict:
    """What the notice prints (`housing_fund.papers.DepositNotice`)."""
    application, contact = case.application, case.filing.holder_of("finance")
    return {
        "company_name": application.name,
        "uscc": application.uscc,
        "authority": authorities.name(application.zone, AUTHORITY),
        "filing_number": application.filing_number,
        "issued_on": localdate(case.at).isoformat(),
        "unit_number": values["number"],
        "rate": f"{values['rate']}%",
        "people": values["people"],
        "base_fen": values["base_fen"] or None,
        "monthly_fen": rules.monthly_fen(values["base_fen"], values["rate"]) or None,
        "contact": contact.name if contact else "",
    }
