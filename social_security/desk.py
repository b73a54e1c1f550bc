"""The social security desk: registration follows the licence; the officer gives the number and the day to enrol by."""

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from kernel.accounts import authorities
from kernel.cases.actions import close_stage
from kernel.cases.models import Application
from kernel.core import external_systems
from kernel.core.errors import refusing_taken
from social_security import CODE, gateway, rules
from social_security.models import Registration

# Settings of a zone that name who signs here.
AUTHORITY = "social_security_authority_name"


class SocialSecurityDesk:
    department = CODE

    def open(self, case, stage) -> None:
        """Nothing to prepare: the rules read the filing when the officer opens it."""

    def conditions(self, case, stage, **granted) -> list[str]:
        """`granted`: `number` of the registration, `employees`, `first_day` (a date or None)."""
        values = decided(case, granted)
        faults = rules.faults(values["number"], values["employees"], values["first_day"])
        return list(faults.values())

    def closed(self, case, stage, **granted) -> None:
        values = decided(case, granted)
        application = case.application
        Registration.objects.create(
            application=application,
            officer=case.actor,
            registered_at=case.at,
            number=values["number"],
            employees=values["employees"],
            first_day=values["first_day"],
            enrol_by=rules.enrol_by(values["first_day"]),
            contact=values["contact"] or None,
        )
        case.issue("social_security_receipt", self.department, receipt_facts(case, values))
        case.tell(self.department, case=application.pk)

    def close(self, **decision) -> Application:
        """Raises Refused for a number that another company has."""
        taken = _("Another company already has this registration number. Check the number.")
        with refusing_taken(Registration, "number", sentence=taken):
            return close_stage(self, **decision)


def decided(case, granted: dict) -> dict:
    """The company's answers with what the officer gave; the number is asked of the office's system when none is."""
    decision = rules.decide(case.filing)
    return {
        "number": rules.normal(
            granted["number"] if "number" in granted else proposed_number(case.application.uscc)
        ),
        "employees": granted.get("employees", decision.employees) or 0,
        "first_day": granted.get("first_day", decision.first_day),
        "contact": decision.contact,
    }


def proposed_number(uscc: str) -> str:
    """The number of the office's own system; empty while that doesn't answer, and the officer enters it by hand."""
    return external_systems.ask(CODE, gateway.system().number_for, uscc) or ""


def receipt_facts(case, values: dict) -> dict:
    """What the receipt prints (`social_security.papers.SocialSecurityReceipt`)."""
    application, zone = case.application, case.application.zone
    contact = case.filing.by_uid.get(values["contact"])
    return {
        "company_name": application.name,
        "uscc": application.uscc,
        "authority": authorities.name(zone, AUTHORITY),
        "filing_number": application.filing_number,
        "issued_on": localdate(case.at).isoformat(),
        "unit_number": values["number"],
        "contact": contact.name if contact else "",
        "employees": values["employees"],
        "insurances": [
            {"insurance": item.name_zh, "employer": item.employer, "employee": item.employee}
            for item in rules.insurances(case.filing, zone.settings)
        ],
    }
