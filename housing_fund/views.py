"""The pages of the housing fund's desk."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from housing_fund import CODE, rules
from housing_fund.desk import proposed_number
from housing_fund.forms import DepositForm
from housing_fund.models import DepositRegistration
from kernel.core.certain import certain
from kernel.desks.case_page import CasePage
from kernel.desks.data import Row
from kernel.desks.pages import DeskPages
from kernel.form import flow
from kernel.standards.display import yuan


class HousingFundPages(DeskPages):
    department = CODE
    namespace = CODE
    title = gettext_lazy("Housing fund desk")
    template = "housing_fund/case.html"
    form_class = DepositForm
    close_label = gettext_lazy("Register deposits and close")
    closed_sentence = gettext_lazy("%(name)s: the deposits are registered.")

    def on_request(self) -> frozenset[str]:
        return frozenset({"contacts.finance"})  # the officer calls the contact about the accounts

    def initial(self, page: CasePage) -> dict:
        decision = rules.decide(page.filing)
        return {
            "number": proposed_number(certain(page.application.uscc)),
            "people": decision.people,
            "base": f"{decision.base_fen / rules.FEN:.2f}",
            "rate": decision.rate,
        }

    def context(self, page: CasePage) -> dict:
        if page.stage.state == flow.DONE:
            return {"record": recorded(DepositRegistration.objects.get(pk=page.application.pk))}
        decision = rules.decide(page.filing)
        return {"monthly": yuan(rules.monthly_fen(decision.base_fen, decision.rate))}

    def ready_note(self, page: CasePage) -> str:
        return _(
            "Closing issues the notice of the registration, which says what is due in a month."
        )


def recorded(registration: DepositRegistration) -> list[Row]:
    """What was registered, for reading."""
    monthly = rules.monthly_fen(registration.base_fen, registration.rate)
    return [
        Row(_("Registration number"), registration.number),
        Row(_("People to deposit for"), str(registration.people)),
        Row(_("Base of a month"), yuan(registration.base_fen)),
        Row(_("Deposit rate"), f"{registration.rate}%"),
        Row(_("Deposit of a month"), yuan(monthly)),
    ]
