"""The sweep: clocks that fell due are claimed, their alarms recorded and announced.

A claim asks the owner's door first (`clocks.locked`), so that it never waits for, nor deadlocks with, an action.
"""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from kernel.core import rows
from kernel.core.apart import apart
from kernel.sla import set_aside, signals
from kernel.sla.clocks import alarm_of, locked, places, stored
from kernel.sla.models import Alarm, Clock, Level

BATCH = 500

# The level moves one step at a time; a sweep after an outage passes as often as there are steps to catch up.
_CLAIM = """
UPDATE sla_clock SET alarm_level = alarm_level + 1,
    alarm_at = CASE alarm_level WHEN 0 THEN second_warning_at WHEN 1 THEN due_at ELSE NULL END,
    breached_at = CASE WHEN alarm_level = 2 THEN COALESCE(breached_at, due_at) ELSE breached_at END,
    failures = 0
WHERE id IN ({ids}) AND (alarm_at < %s OR alarm_at = %s AND alarm_level < 2)
RETURNING id, alarm_level
"""


def claim_due(at: datetime, limit: int = BATCH) -> int:
    """One step of the sweep: claim up to `limit` clocks that fell due by `at`, record and announce them. A clock is
    over after its deadline, not at it, as everywhere.

    Everything happens in one transaction: either the claim, its alarms and all that listeners write stand, or none.
    Returns how many alarms were recorded; 0 means that nothing is due (or another worker has it in hand).
    """
    just_in_time = Q(alarm_at=at, alarm_level=Level.SECOND_WARNING)
    due = (
        Clock.objects.filter(~just_in_time, alarm_at__lte=at)
        .order_by("alarm_at")
        .values_list("pk", "owner")[:limit]
    )
    return apart(
        list(due),
        lambda some: _claim_together(dict(some), at),
        lambda item, failure: _count_failure(item[0], item[1], failure, at),
    )


def _count_failure(clock_id: int, owner: UUID, failure: Exception, at: datetime) -> None:
    with transaction.atomic():
        if locked({owner}):  # somebody who is moving the owner on may be about to mend it
            set_aside.failed(clock_id, failure, at)


def _claim_together(due: dict[int, UUID], at: datetime) -> int:
    with transaction.atomic():
        mine = locked(set(due.values()))
        ids = [pk for pk, owner in due.items() if owner in mine]
        if not ids:
            return 0
        alarms = _record(_claim(ids, at), at)
        for level, signal in ((False, signals.clock_warned), (True, signals.clock_breached)):
            if chosen := [alarm for alarm in alarms if (alarm.level == Level.BREACH) is level]:
                signal.send(sender=Clock, alarms=chosen, at=at)
    return len(alarms)


def _claim(ids: list[int], at: datetime) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM.format(ids=places(ids)), [*ids, stored(at), stored(at)])
        return dict(cursor.fetchall())


def _record(levels: dict[int, int], at: datetime) -> list[Alarm]:
    claimed = Clock.objects.filter(pk__in=levels).order_by("pk")
    alarms = [alarm_of(clock, levels[clock.pk], at) for clock in claimed]
    rows.insert(alarms)
    return alarms
