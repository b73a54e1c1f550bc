"""Acting for the founders: who is an agent, and what the power of attorney lets an agent do in the portal.

Held here: changing the form or the uploads of a case that was returned, opening what was issued, and the last day. What
happens at a window (confirming copies, being handed the seals) the portal doesn't see: the officers read the powers.
"""

from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.accounts.proofs import Right, allows
from kernel.catalogue import in_language
from kernel.core.moment import now
from kernel.core.privacy import blind_index
from kernel.form.choices import AgentPower
from kernel.form.filing import AGENT, Filing, PersonFacts

WAY_OUT = gettext_lazy(
    "Let a founder in, or hand the case over to one, on the page “Who works on it”."
)

# What each power, and the last day, mean in the portal, for the page on which they are given.
HELD_TO = {
    AgentPower.CORRECT: gettext_lazy(
        "Without it the agent changes no page of the form after a return."
    ),
    AgentPower.AMEND: gettext_lazy("Without it the agent changes no uploaded file after a return."),
    AgentPower.CONFIRM_COPIES: gettext_lazy(
        "This happens on paper, at the window; the portal does not see it."
    ),
    AgentPower.COLLECT: gettext_lazy(
        "Without it the agent opens no licence and no paper here. Whether the seals are handed over at the window, the "
        "officer there decides by this answer."
    ),
}
UNTIL = gettext_lazy(
    "From the next day on the agent does nothing more with the case here. Only a founder extends it."
)


def principals(filing: Filing) -> list[PersonFacts]:
    """Who acts on their own behalf: the founders and the legal representative."""
    return list(filter(None, [*filing.shareholders, filing.holder_of("legal_representative")]))


def is_principal(user, filing: Filing) -> bool:
    """Whether an account is, by the ID number that it has proved, that of a principal."""
    return allows(user, Right.PRINCIPAL) and user.id_index in {
        blind_index(person.number) for person in principals(filing) if person.number
    }


def is_person(user, person: PersonFacts) -> bool:
    """Whether an account is, by the ID number that it has proved, that of a person of a filing."""
    return bool(
        user.is_authenticated
        and person.number
        and allows(user, Right.PRINCIPAL)
        and user.id_index == blind_index(person.number)
    )


def filer_fault(user, filing: Filing) -> tuple[str, str] | None:
    """Why `user` can't be the one who files this, as (a sentence, the field to change); None where they can.

    Whoever is neither founder nor legal representative by their proved number is an agent, whatever they tick: then
    the power of attorney names them, and its limits hold.
    """
    if is_principal(user, filing):
        return None
    agent = filing.holder_of(AGENT)
    if agent is not None and is_person(user, agent):
        return None
    if not filing.has_agent:
        sentence = _(
            "By the ID number that your account has proved you are neither a founder nor the legal representative, so "
            "you file as an agent: choose the agent, name yourself, and have the founders sign the power of attorney."
        )
        return sentence, "agent.files_by"
    sentence = _(
        "The power of attorney names somebody else: whoever files for the founders is the agent. Name yourself with "
        "the ID number that your account has proved, or let a founder submit it."
    )
    return sentence, "agent.agent"


def power_fault(user, filing: Filing, power: str = "") -> str | None:
    """Why the power of attorney keeps `user` from acting, or from what one of its powers (AgentPower) is for.

    Where an agent files, whoever isn't a principal acts by it: until its last day, and within the powers that the
    founders gave. None for who may act, and for who acts on their own behalf.
    """
    if not filing.has_agent or is_principal(user, filing):
        return None
    last = filing.agent_until
    if last and last < localdate(now()):
        ended = _("The power of attorney by which you act ended on %(day)s.")
        return ended % {"day": date_format(last, "DATE_FORMAT")}
    if power and power not in filing.agent_powers:
        lacks = _("The power of attorney by which you act leaves this out: %(power)s.")
        return lacks % {"power": AgentPower(power).label}
    return None


def refusal(fault: str) -> str:
    """What is refused for such a fault, with who can do it instead."""
    return in_language("{0}{1}", "{0} {1}").format(fault, WAY_OUT)
