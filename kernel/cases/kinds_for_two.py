"""What of a case only two persons do together: what there is to ask for, and how the second reads it."""

from django.utils.translation import gettext_lazy as _

from kernel.accounts.proposal_kinds import ProposalKind
from kernel.accounts.proposals import Proposal
from kernel.cases import proposed
from kernel.cases.actions import supervise
from kernel.cases.models import Application
from kernel.core.certain import certain
from kernel.core.words import Words


def of_case(proposal: Proposal) -> list[tuple[Words, Words]]:
    """The case that it is about."""
    case: Application = certain(proposed.case_of(proposal))
    return [
        (_("Case"), case.number),
        (_("Company"), case.name),
        (_("State"), case.get_state_display()),
    ]


KINDS = (
    ProposalKind(
        supervise.DECLINE,
        _("Decline a case"),
        supervise.decline,
        of_case,
        why=_("Legal basis"),
    ),
)
