"""What cases do for the clocks: they lock their owners for the sweep, and write alarms to the trail."""

from collections import defaultdict
from uuid import UUID

from kernel.accounts.zones import zone
from kernel.cases import breaches, side_clocks, signals, trail
from kernel.cases.models import Application, Event
from kernel.core import rows
from kernel.sla import clocks
from kernel.sla.signals import clock_breached, clock_warned, clocks_reckoned


def lock_owners(owners: set[UUID]) -> set[UUID]:
    """Lock the cases that own these clocks, without waiting for those that an action is moving; returns the locked."""
    cases = (
        Application.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(uid__in=owners)
        .order_by("pk")
    )
    return set(cases.values_list("uid", flat=True))


def write_alarms(sender, alarms, at, **_kwargs) -> None:
    """An event on the trail of each case whose clock warned or breached, in the sweep's transaction."""
    owners = {alarm.clock.owner for alarm in alarms}
    rows = Application.objects.defer("answers").filter(uid__in=owners)
    cases = {case.uid: case for case in rows}
    for case in cases.values():
        case.zone = zone(case.zone_id)
    written: dict[UUID, list[Event]] = {uid: [] for uid in cases}
    for alarm in alarms:
        alarmed = cases.get(alarm.clock.owner)
        if alarmed and (entry := side_clocks.entry(alarmed, alarm)):
            kind, data = entry
            written[alarmed.uid].append(trail.append(alarmed, kind, at, **data))
    moves = [(cases[uid], events) for uid, events in written.items() if events]
    _write(moves)
    breaches.ask(cases, [alarm for alarm in alarms if alarm.clock.owner in cases], at)
    signals.cases_alarmed.send(sender=Application, moves=moves)


def write_reckoned(sender, moved, version, at, **_kwargs) -> None:
    """An event on the trail of each case whose deadlines a change of the calendar moved: who, and from when to when."""
    changes: dict[UUID, list[dict]] = defaultdict(list)
    for change in moved:
        due = {"before": change.due_before.isoformat(), "after": change.clock.due_at.isoformat()}
        changes[change.clock.owner].append({"clock": change.clock.name, **due})
    data = {"calendar_version": version.number, "in_force_from": version.in_force_from.isoformat()}
    moves = [
        (
            case,
            [
                trail.append(
                    case,
                    Event.Kind.RECKONED,
                    at,
                    version.published_by,
                    **data,
                    deadlines=changes[case.uid],
                )
            ],
        )
        for case in Application.objects.select_related("zone")
        .defer("answers")
        .filter(uid__in=changes)
    ]
    _write(moves)
    signals.cases_alarmed.send(sender=Application, moves=moves)


def _write(moves: list[tuple[Application, list[Event]]]) -> None:
    rows.insert([event for _case, events in moves for event in events])
    rows.update(
        [case for case, _events in moves], (*side_clocks.CHANGING, "trail_head", "trail_length")
    )


def connect() -> None:
    clocks.guard_owners(lock_owners)
    clock_warned.connect(write_alarms, dispatch_uid="kernel.cases.clock_events.warned")
    clock_breached.connect(write_alarms, dispatch_uid="kernel.cases.clock_events.breached")
    clocks_reckoned.connect(write_reckoned, dispatch_uid="kernel.cases.clock_events.reckoned")
