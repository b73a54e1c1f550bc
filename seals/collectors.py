"""Who may collect a set of seals at the window."""

from dataclasses import dataclass, field
from datetime import date

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel.cases.agency import is_principal, power_fault, principals
from kernel.cases.models import Application
from kernel.core.moment import now
from kernel.form.choices import AgentPower
from kernel.form.filing import AGENT, LONGEST_NAME, Filing
from kernel.standards.display import role_title
from seals.models import PickUp

__all__ = ["LONGEST_NAME", "NAMED", "Collector", "may_collect", "who_may"]
NAMED = "named"  # the key of whom the applicant has named


@dataclass(frozen=True)
class Collector:
    """`number` is that of their document; `capacity` says why they may."""

    name: str
    number: str = field(repr=False)
    capacity: str


def who_may(filing: Filing, pick_up: PickUp, today: date | None = None) -> dict[str, Collector]:
    """By key: the founders and the legal representative; the agent, within the power of attorney; and who is named."""
    collectors = {
        person.uid: Collector(person.name, person.number, _founding(filing, person))
        for person in principals(filing)
        if not person.is_legal and person.number
    }
    agent, last = filing.holder_of(AGENT), filing.agent_until
    lasts = not last or last >= (today or localdate(now()))
    if agent and agent.number and lasts and AgentPower.COLLECT in filing.agent_powers:
        collectors.setdefault(
            agent.uid, Collector(agent.name, agent.number, pgettext("who collects", "agent"))
        )
    if pick_up.named:
        capacity = _("named by the applicant")
        collectors[NAMED] = Collector(pick_up.named["name"], pick_up.named["id_number"], capacity)
    return collectors


def may_collect(user, application: Application, filing: Filing) -> bool:
    """Whether an account is of somebody on that list, so that its page shows the code: a founder's, or the applicant's
    within the power of attorney."""
    if is_principal(user, filing):
        return True
    return application.applicant_id == user.pk and not power_fault(user, filing, AgentPower.COLLECT)


def _founding(filing: Filing, person) -> str:
    role = "shareholder" if person.is_shareholder else "legal_representative"
    return str(role_title(filing.form, role))
