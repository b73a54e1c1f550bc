"""What registration does for the clocks: it locks their owners for the sweep, and writes alarms to the trail."""

from uuid import UUID

from registration import signals, trail
from registration.models import Application, Event
from sla import clocks
from sla.models import Level
from sla.signals import clock_breached, clock_warned


def lock_owners(owners: set[UUID]) -> set[UUID]:
    """Lock the cases that own these clocks, without waiting for those that an action is moving; returns the locked."""
    rows = Application.objects.select_for_update(of=("self",), skip_locked=True).filter(uid__in=owners).order_by("pk")
    return set(rows.values_list("uid", flat=True))


def write_alarms(sender, alarms, at, **_kwargs) -> None:
    """An event on the trail of each case whose clock warned or breached, in the sweep's transaction."""
    owners = {alarm.clock.owner for alarm in alarms}
    cases = {case.uid: case for case in Application.objects.select_related("zone").filter(uid__in=owners)}
    written: dict[UUID, list[Event]] = {uid: [] for uid in cases}
    for alarm in alarms:
        if case := cases.get(alarm.clock.owner):
            kind = Event.Kind.BREACHED if alarm.level == Level.BREACH else Event.Kind.WARNED
            written[case.uid].append(
                trail.append(
                    case, kind, at, clock=alarm.clock.name, level=alarm.level,
                    fell_due_at=alarm.fell_due_at.isoformat(), budget_minutes=alarm.clock.limit_minutes,
                )
            )  # fmt: skip
    Event.objects.bulk_create([event for events in written.values() for event in events])
    Application.objects.bulk_update(cases.values(), ["trail_head", "trail_length"])
    for uid, events in written.items():
        signals.case_moved.send(sender=Application, application=cases[uid], events=events)


def connect() -> None:
    clocks.guard_owners(lock_owners)
    clock_warned.connect(write_alarms, dispatch_uid="registration.guards.warned")
    clock_breached.connect(write_alarms, dispatch_uid="registration.guards.breached")
