"""The second person: who is there to agree, and what was asked for and then agreed to, in one call."""

from kernel.accounts import proposing
from kernel.accounts.models import Role, User
from kernel.accounts.proposals import Proposal
from kernel.cases import actions
from kernel.cases.models import Application
from kernel.standards.actions import ask_to_publish
from kernel.standards.models import StandardsVersion
from registration.actions import ask_to_reissue, ask_to_revoke
from tests import factories


def with_a_second(zone) -> User:
    """Another supervisor, who can be the second for whatever is asked there."""
    return factories.UserFactory(role=Role.SUPERVISOR, zone=zone)


def agreed(proposal: Proposal) -> Proposal:
    """The second agrees, and it could be done."""
    ended = proposing.agree(actor=proposing.seconds(proposal)[0], uid=proposal.uid)
    assert ended.state == Proposal.State.DONE, ended.answer
    return ended


def agree_to_all() -> list[Proposal]:
    """Somebody agrees to all that waits."""
    waiting = Proposal.objects.filter(state=Proposal.State.WAITING).order_by("pk")
    return [agreed(proposal) for proposal in waiting]


def decline(*, actor, application_id: int, legal_basis: str) -> Application:
    return _case(actions.ask_to_decline, actor, application_id, legal_basis=legal_basis)


def revoke_licence(*, actor, application_id: int, ground: str) -> Application:
    return _case(ask_to_revoke, actor, application_id, ground=ground)


def reissue_licence(*, actor, application_id: int, ground: str) -> Application:
    return _case(ask_to_reissue, actor, application_id, ground=ground)


def publish_version(*, actor, part: str, number: int, effective_from) -> StandardsVersion:
    """Asked for by the operator and agreed to by a supervisor."""
    with_a_second(None)
    key = {"part": part, "number": number}
    agreed(ask_to_publish(actor=actor, **key, effective_from=effective_from, reason="A new law."))
    return StandardsVersion.objects.get(**key)


def _case(ask, actor, application_id: int, **words) -> Application:
    """Asked for by the actor and agreed to by a second; the case as it stands then."""
    zone = Application.objects.get(pk=application_id).zone
    if User.objects.holding(Role.SUPERVISOR).filter(zone=zone).count() < proposing.ENOUGH:
        with_a_second(zone)
    agreed(ask(actor=actor, application_id=application_id, **words))
    return Application.objects.get(pk=application_id)
