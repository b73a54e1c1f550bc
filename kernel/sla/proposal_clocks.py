"""The clock of what waits for a second person: it begins when somebody asks and ends with the decision.

It runs in the calendar of the zone; what counts in every zone goes by the one that was set up first. Going over, it
makes the proposal late, so that the operator may decide as well; nothing lapses by itself.
"""

from uuid import UUID

from django.dispatch import Signal

from kernel.accounts import proposing
from kernel.accounts.models import Zone
from kernel.accounts.proposals import Proposal
from kernel.core import rows
from kernel.sla import clocks
from kernel.sla.calendars import calendar_id
from kernel.sla.models import Clock, Level
from kernel.sla.signals import clock_breached, clock_warned

NAME = "proposal"
WARN_AT = 80  # percent

alarmed = Signal()
"""Sent in the sweep's transaction: the `proposals` that still wait, whether they are `late`, and `at`."""


def follow(sender, proposal: Proposal, step: str, at, **_kwargs) -> None:
    """Start the clock, or stop it for good."""
    if step == "asked":
        zone = proposal.zone or Zone.objects.order_by("pk").first()
        if zone is None:
            return  # nobody is at work anywhere yet
        minutes, calendar = zone.setting("proposal_minutes"), calendar_id(zone.calendar_code)
        rows.insert([clocks.start(proposal.uid, NAME, minutes, calendar, [WARN_AT], at)])
    elif step != "agreed":
        going = list(Clock.objects.filter(owner=proposal.uid, name=NAME))
        for clock in going:
            clocks.stop(clock, at)
        rows.update(going, clocks.FIELDS)


def lock_owners(owners: set[UUID]) -> set[UUID]:
    """Lock the proposals that own these clocks, without waiting for those that somebody decides just now."""
    proposals = Proposal.objects.select_for_update(of=("self",), skip_locked=True)
    return set(proposals.filter(uid__in=owners).order_by("pk").values_list("uid", flat=True))


def sound(sender, alarms, at, **_kwargs) -> None:
    """A reminder, or that they are late."""
    owners = {alarm.level: set[UUID]() for alarm in alarms}
    for alarm in alarms:
        if alarm.clock.name == NAME:
            owners[alarm.level].add(alarm.clock.owner)
    for level, uids in owners.items():
        late = level == Level.BREACH
        if uids and (proposals := proposing.lateness(uids, at) if late else _waiting(uids)):
            alarmed.send(sender=Proposal, proposals=proposals, late=late, at=at)


def _waiting(uids: set[UUID]) -> list[Proposal]:
    rows_waiting = Proposal.objects.filter(uid__in=uids, state=Proposal.State.WAITING)
    return list(rows_waiting.select_related("asked_by", "person", "zone"))


def connect() -> None:
    clocks.guard_owners(lock_owners)
    proposing.moved.connect(follow, dispatch_uid="kernel.sla.proposal_clocks")
    for signal in (clock_warned, clock_breached):
        signal.connect(sound, dispatch_uid=f"kernel.sla.proposal_clocks.{id(signal)}")
