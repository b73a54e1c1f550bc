"""Four eyes: one person asks, another agrees, and then it is done, once and exactly as it was asked.

The second is a supervisor of the zone who is somebody else, whatever account they use, and whom it doesn't concern. An
operator is the second where the zone has fewer than two supervisors or none that is somebody else, where an operator
asked, and once the proposal is late. Each step leaves its row, and `moved` tells whoever watches: the case's trail, the
clock, the people.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.dispatch import Signal
from django.utils.translation import gettext_lazy as _

from kernel.accounts import proposal_kinds
from kernel.accounts.models import Role, User, Zone
from kernel.accounts.proposal_kinds import Agreed
from kernel.accounts.proposals import Proposal
from kernel.core.errors import Incomplete, NotAllowed, Refused, Stale
from kernel.core.moment import now

State = Proposal.State
ENOUGH = 2  # supervisors of a zone with whom it needs no operator
OF_ZONE = (Role.SUPERVISOR, Role.ADMINISTRATOR)  # who read what was asked in theirs
ALREADY = _(
    "This was asked for already and waits for a second person. It stands under “Four eyes”."
)
CHANGED = _("It stands otherwise than when this was asked for, so it can't be done any more.")
OVER = _("This was decided or taken back meanwhile. Nothing was done a second time.")

moved = Signal()
"""Sent within the transaction: `proposal`, the `step` (asked, agreed, done, refused, withdrawn, impossible), who (`by`)
and `at`. "agreed" comes before the deed and is undone with it where it isn't possible."""


class NotTheSecond(NotAllowed):
    sentence = _(
        "Another person must decide this: not the one who asked, under no account of theirs, and not the one whom it "
        "concerns."
    )


@transaction.atomic
def ask(
    *,
    actor: User,
    kind: str,
    subject: str,
    arguments: Mapping[str, Any],
    reason: str,
    zone: Zone | None,
    person: User | None = None,
) -> Proposal:
    """Ask for something that only two persons do; whoever owns the kind has checked that the actor may. Raises
    Incomplete without a reason, Refused while the same waits already, or where nobody can be the second."""
    proposal_kinds.kind(kind)
    if not reason.strip():
        raise Incomplete(_("Write the reason. The second person decides by it."))
    proposal = Proposal(
        kind=kind,
        subject=subject,
        arguments=dict(arguments),
        reason=reason.strip(),
        zone=zone,
        person=person,
        asked_by=actor,
        asked_at=now(),
    )
    if waiting(kind, subject):
        raise Refused(ALREADY)
    if not seconds(proposal):
        raise Refused(
            _("Nobody can be the second person yet: the zone needs a supervisor, or an operator.")
        )
    with _once():
        proposal.save(force_insert=True)
    _tell(proposal, "asked", actor)
    return proposal


@contextmanager
def _once() -> Iterator[None]:
    """The database decides between two who ask for the same at once. Raises Refused."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "one_waits_for_the_same" in str(error) or "accounts_proposal.subject" in str(error):
            raise Refused(ALREADY) from error
        raise


@transaction.atomic
def agree(*, actor: User, uid) -> Proposal:
    """Do what was asked. What isn't possible any more isn't done, and the proposal says why and is over. Raises
    NotTheSecond, Refused where it was decided meanwhile."""
    proposal = _locked(uid)
    _require_second(actor, proposal)
    try:
        with transaction.atomic():
            _tell(proposal, "agreed", actor)
            _do(proposal, actor)
    except Stale:
        return _end(proposal, State.IMPOSSIBLE, actor, str(CHANGED))
    except Refused as refused:
        return _end(proposal, State.IMPOSSIBLE, actor, str(refused))
    return _end(proposal, State.DONE, actor)


@transaction.atomic
def refuse(*, actor: User, uid, answer: str) -> Proposal:
    """Decide against it. Raises Incomplete without a reason, NotTheSecond, Refused where it was decided meanwhile."""
    if not answer.strip():
        raise Incomplete(_("Write why not. Whoever asked reads it."))
    proposal = _locked(uid)
    _require_second(actor, proposal)
    return _end(proposal, State.REFUSED, actor, answer.strip())


@transaction.atomic
def withdraw(*, actor: User, uid) -> Proposal:
    """Take it back. Raises NotAllowed for anybody but who asked, Refused where it was decided meanwhile."""
    proposal = _locked(uid)
    if proposal.asked_by_id != actor.pk:
        raise NotAllowed
    return _end(proposal, State.WITHDRAWN, actor)


def waiting(kind: str, subject: str) -> Proposal | None:
    """What waits for a second person already."""
    rows = Proposal.objects.filter(kind=kind, subject=subject, state=State.WAITING)
    return rows.first()


# Who may be the second ------------------------------------------------------------------------------------------------


def seconds(proposal: Proposal) -> list[User]:
    """Those who may decide it now, as the database knows them."""
    return _among(_deciding(), proposal)


def seconds_of(proposals: Collection[Proposal]) -> dict[int, list[User]]:
    """The same of several, read at once: key → people."""
    people = _deciding() if proposals else []
    return {proposal.pk: _among(people, proposal) for proposal in proposals}


def _deciding() -> list[User]:
    rows = User.objects.holding(Role.SUPERVISOR, Role.OPERATOR).filter(is_active=True)
    return list(rows.defer("password", "phone", "id_number").order_by("pk"))


def _among(people: Collection[User], proposal: Proposal) -> list[User]:
    supervisors = [
        person
        for person in people
        if person.holds(Role.SUPERVISOR) and proposal.zone_id in (None, person.zone_id)
    ]
    others = [person for person in supervisors if _is_another(person, proposal)]
    few = len(supervisors) < ENOUGH or not others
    if few or proposal.asked_by.is_operator or proposal.late_at is not None:
        others += [
            person for person in people if person.is_operator and _is_another(person, proposal)
        ]
    return others


def _is_another(person: User, proposal: Proposal) -> bool:
    """Neither who asked nor whom it concerns, under no account that may be theirs."""
    concerned = [proposal.asked_by, *([proposal.person] if proposal.person else [])]
    return not any(_same(person, somebody) for somebody in concerned)


def _same(person: User, other: User) -> bool:
    """Whether two accounts may be one person's: they are one, or have one name, e-mail or ID number."""
    marks = zip(_marks(person), _marks(other), strict=True)
    return person.pk == other.pk or any(mine and mine == theirs for mine, theirs in marks)


def _marks(person: User) -> tuple[str, str, str]:
    name = "".join(person.real_name.split())
    return name.casefold(), person.email.casefold(), person.id_index


def may_decide(user: User, proposal: Proposal) -> bool:
    return proposal.is_waiting and user in seconds(proposal)


def of_reader(user: User) -> QuerySet[Proposal]:
    """Those that the user may read: who asked, who decided, who may (or might have), and the zone's
    administrators, who are told when one is late."""
    rows = Proposal.objects.select_related("asked_by", "decided_by", "zone", "person")
    own = Q(asked_by=user) | Q(decided_by=user)
    if user.is_operator:
        return rows
    if user.holds(*OF_ZONE):
        return rows.filter(own | Q(zone=None) | Q(zone=user.zone_id))
    return rows.filter(own)


# Steps ----------------------------------------------------------------------------------------------------------------


def lateness(uids, at) -> list[Proposal]:
    """Those of these proposals that still wait, marked as late; the sweep has locked them."""
    rows = Proposal.objects.select_related("asked_by", "person", "zone")
    late = list(rows.filter(uid__in=uids, state=State.WAITING, late_at=None))
    Proposal.objects.filter(pk__in=[row.pk for row in late]).update(late_at=at)
    for row in late:
        row.late_at = at
    return late


def _locked(uid) -> Proposal:
    """Under a lock, while it waits. Of two who decide at once the second comes too late."""
    rows = Proposal.objects.select_for_update(of=("self",))
    proposal = rows.select_related("asked_by", "person", "zone").filter(uid=uid).first()
    if proposal is None:
        raise NotAllowed
    if not proposal.is_waiting:
        raise Refused(OVER)
    return proposal


def _require_second(actor: User, proposal: Proposal) -> None:
    """As the database knows the actor now, not as the session does."""
    if not may_decide(actor, proposal):
        raise NotTheSecond


def _do(proposal: Proposal, second: User) -> None:
    """As the first, who must still be who may ask for it."""
    first = proposal.asked_by
    if not first.is_active:
        raise Refused(_("The account of who asked for this is shut. Nothing was done."))
    agreed = Agreed(proposal, first, second)
    token = proposal_kinds._being_done.set(agreed)
    try:
        proposal_kinds.kind(proposal.kind).do(agreed)
    finally:
        proposal_kinds._being_done.reset(token)


def _end(proposal: Proposal, state: str, by: User, answer: str = "") -> Proposal:
    proposal.state, proposal.decided_by, proposal.decided_at = state, by, now()
    proposal.answer = answer
    proposal.save(update_fields=["state", "decided_by", "decided_at", "answer"])
    _tell(proposal, state, by)
    return proposal


def _tell(proposal: Proposal, step: str, by: User) -> None:
    moved.send(sender=Proposal, proposal=proposal, step=str(step), by=by, at=now())
