"""What only two persons do with a licence."""

from django.utils.translation import gettext_lazy as _

from kernel.accounts.proposal_kinds import ProposalKind
from kernel.cases.kinds_for_two import of_case
from registration import actions

KINDS = (
    ProposalKind(
        actions.REISSUE, _("Issue a licence anew"), actions.reissue_licence, of_case, _("Ground")
    ),
    ProposalKind(
        actions.REVOKE, _("Revoke a licence"), actions.revoke_licence, of_case, _("Ground")
    ),
)
