"""What waits for a second person, as the pages read it."""

from dataclasses import dataclass

from kernel.accounts import proposal_kinds, proposing
from kernel.accounts.models import Role, User
from kernel.accounts.proposals import Proposal
from kernel.core.moment import now
from kernel.form import flow
from kernel.sla import proposal_clocks
from kernel.sla.clock_view import ClockView, view
from kernel.sla.models import Clock

TAKE_PART = (Role.SUPERVISOR, Role.ADMINISTRATOR, Role.OPERATOR)


@dataclass(frozen=True)
class Row:
    proposal: Proposal
    label: str
    clock: ClockView | None
    seconds: list[User]  # none once it is decided
    may_decide: bool


def takes_part(user: User) -> bool:
    """Whether their first page says what waits: who asks for such things, or decides them."""
    return user.holds(*TAKE_PART) or flow.registrar() in user.desks


def counts(user: User) -> dict[str, int]:
    """How many wait for this person's decision, and how many of their own wait for somebody's."""
    waiting = proposing.of_reader(user).filter(state=Proposal.State.WAITING)
    rows = list(waiting)
    return {
        "to_decide": sum(user in people for people in proposing.seconds_of(rows).values()),
        "asked": sum(row.asked_by_id == user.pk for row in rows),
    }


def rows(user: User, proposals) -> list[Row]:
    """With their clocks."""
    proposals, at = list(proposals), now()
    owners = [proposal.uid for proposal in proposals]
    clocks = Clock.objects.filter(name=proposal_clocks.NAME, owner__in=owners)
    views = {clock.owner: view(clock, at) for clock in clocks}
    seconds = proposing.seconds_of([row for row in proposals if row.is_waiting])
    return [
        Row(
            proposal,
            proposal_kinds.label(proposal.kind),
            views.get(proposal.uid),
            people := seconds.get(proposal.pk, []),
            user in people,
        )
        for proposal in proposals
    ]
