"""Who is told of what waits for a second person: those who can be the second, and in the end who asked."""

from collections.abc import Iterable, Iterator

from kernel.accounts import proposing
from kernel.accounts.models import Role, User
from kernel.accounts.proposals import Proposal
from kernel.core.wake import wake
from kernel.sla import proposal_clocks
from portal.notices.models import Notice
from portal.notices.sending_out import SEND_OUT

WAITS = ("proposal_asked", "proposal_reminder", "proposal_late")
ENDS = ("done", "refused", "impossible")


def tell(sender, proposal: Proposal, step: str, at, **_kwargs) -> None:
    """At the beginning the possible seconds, at the end who asked; for the others it is settled then."""
    if step == "asked":
        _write(proposal, "proposal_asked", proposing.seconds(proposal), at)
        return
    waiting = Notice.objects.filter(kind__in=WAITS, params__proposal=str(proposal.uid))
    waiting.filter(read_at=None, settled_at=None).update(settled_at=at)
    if step in ENDS:
        _write(proposal, f"proposal_{step}", [proposal.asked_by], at)


def alarm(sender, proposals: Iterable[Proposal], late: bool, at, **_kwargs) -> None:
    """A reminder to the possible seconds; once it is late the next level reads it too."""
    for proposal in proposals:
        kind = "proposal_late" if late else "proposal_reminder"
        _write(proposal, kind, _when_late(proposal) if late else proposing.seconds(proposal), at)


def _when_late(proposal: Proposal) -> Iterator[User]:
    yield from proposing.seconds(proposal)
    yield proposal.asked_by
    if proposal.zone:
        level = proposal.zone.setting("breach_next_level")
        people = User.objects.holding(level, Role.ADMINISTRATOR)
        yield from people.filter(zone=proposal.zone, is_active=True)


def _write(proposal: Proposal, kind: str, people: Iterable[User], at) -> None:
    to = {person.pk: person for person in people}
    Notice.objects.bulk_create(
        Notice(
            recipient=person,
            kind=kind,
            params={"what": proposal.kind, "proposal": str(proposal.uid)},
            created_at=at,
            channels_at=at,
            idempotency_key=f"{kind}:{proposal.uid}:{person.pk}",
        )
        for person in to.values()
    )
    wake(SEND_OUT)


def connect() -> None:
    proposing.moved.connect(tell, dispatch_uid="portal.notices.proposals")
    proposal_clocks.alarmed.connect(alarm, dispatch_uid="portal.notices.proposals.alarms")
