"""What happens to clocks. The commands change clocks in memory; whoever holds the owner's lock writes them.

Lock order is owner first, then clock, everywhere: the sweep, too, asks the owner's door (`guard_owners`) before it
claims, so that it never waits for, nor deadlocks with, an action.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Q

from kernel.core import rows
from kernel.core.certain import certain
from kernel.sla import set_aside, signals
from kernel.sla.calendars import work_calendar
from kernel.sla.models import Alarm, Clock, Level, Span
from kernel.sla.worktime import deadline, elapsed

FIELDS = (
    "state",
    "running_since",
    "spent",
    "first_warning_at",
    "second_warning_at",
    "due_at",
    "alarm_at",
    "alarm_level",
    "breached_at",
    "stopped_at",
    "extension_minutes",
    "calendar_version",
)
BATCH = 500
WARNINGS = 2  # levels before the breach

_guard: Callable[[set[UUID]], set[UUID]] = set


def guard_owners(guard: Callable[[set[UUID]], set[UUID]]) -> None:
    """Register the function that locks owners without waiting and returns those it got (the others come next time)."""
    global _guard
    _guard = guard


def locked(owners: set[UUID]) -> set[UUID]:
    """Those of the owners that are locked now, for whoever changes their clocks."""
    return _guard(owners)


def start(
    owner: UUID,
    name: str,
    minutes: int,
    calendar_id: int,
    warn_at_percent: Sequence[float],
    at: datetime,
) -> Clock:
    """A new clock of `minutes` working minutes, running from `at`; not saved.

    `warn_at_percent` has two parts of the limit at most, in order; with fewer the first levels are skipped.
    """
    clock = Clock(
        owner=owner,
        name=name,
        calendar_id=calendar_id,
        budget_minutes=minutes,
        warn_at_percent=warn_at_percent,
        started_at=at,
        state=Clock.State.RUNNING,
        alarm_level=WARNINGS - len(warn_at_percent),
    )
    _run(clock, at)
    return clock


def pause(clock: Clock, at: datetime) -> None:
    """Stop counting; the moments it would fall due are unknown until it resumes. No effect unless it is running."""
    if clock.state == Clock.State.RUNNING:
        _keep_up(clock)
        _keep_breach(clock, at)
        clock.spent = spent(clock, at)
        _rest(clock, Clock.State.PAUSED, at)


def resume(clock: Clock, at: datetime, since: datetime | None = None) -> None:
    """Count on from `at`, or rest until `since`, which lies ahead, and count on from then.

    No effect on a clock that has stopped, nor on one that counts and is to go on.
    """
    if clock.state == Clock.State.STOPPED or (since is None and counts(clock, at)):
        return
    if clock.state == Clock.State.RUNNING:
        _keep_up(clock)
        _keep_breach(clock, at)
        clock.spent = spent(clock, at)
    clock.state = Clock.State.RUNNING
    _run(clock, since or at)


def counts(clock: Clock, at: datetime) -> bool:
    """Whether the clock counts at this moment: it runs, and doesn't rest until a moment that lies ahead."""
    return clock.state == Clock.State.RUNNING and certain(clock.running_since) <= at


def stop(clock: Clock, at: datetime) -> None:
    """Stop for good. No effect when it has stopped."""
    if clock.state == Clock.State.STOPPED:
        return
    _keep_up(clock)
    _keep_breach(clock, at)
    clock.spent = spent(clock, at)
    _rest(clock, Clock.State.STOPPED, at)
    clock.stopped_at = at


def extend(clock: Clock, minutes: int, at: datetime) -> None:
    """Add working minutes to the limit; the deadline and the warnings are reckoned anew.

    What the new limit puts ahead again is announced again when it falls due; a breach that happened stays recorded.
    """
    _keep_up(clock)
    clock.extension_minutes += minutes
    used = spent(clock, at)
    reached = sum(clock.limit * percent / 100 <= used for percent in _thresholds(clock))
    clock.alarm_level = min(clock.alarm_level, max(reached, WARNINGS - len(clock.warn_at_percent)))
    if clock.state == Clock.State.RUNNING:
        _keep_breach(clock, at)
        clock.spent = used
        _run(clock, max(at, certain(clock.running_since)))


def postpone(clock: Clock, minutes: int) -> None:
    """Add working minutes to the limit of a running clock. What was announced is not announced again."""
    clock.extension_minutes += minutes
    reckon(clock)


def _thresholds(clock: Clock) -> list[float]:
    """The part of the limit, in percent, at which each level falls due; a level that is skipped, with the next."""
    parts = [*clock.warn_at_percent, 100]
    return [*parts[:1] * (Level.BREACH - len(parts)), *parts]


def catch_up(clock: Clock, at: datetime) -> list[Alarm]:
    """What fell due by `at` and no sweep has seen, in memory, not saved: whoever moves the clock records it.

    The move clears the moments, so it would be lost otherwise. A clock that is set aside keeps them.
    """
    _keep_up(clock)
    alarms = []
    while not clock.aside_at and clock.alarm_level < Level.BREACH:
        moment = clock.moments[clock.alarm_level]
        if moment is None or not _has_come(clock.alarm_level + 1, moment, at):
            break
        clock.alarm_level += 1
        alarms.append(_alarm(clock, clock.alarm_level, at))
    return alarms


def _has_come(level: int, moment: datetime, at: datetime) -> bool:
    """A warning comes at its moment, a breach after it: work that ends just when its time is used up is in time."""
    return moment < at if level == Level.BREACH else moment <= at


def spent(clock: Clock, at: datetime) -> timedelta:
    """Working time used up to `at`."""
    if clock.state != Clock.State.RUNNING:
        return clock.spent
    return clock.spent + elapsed(certain(clock.running_since), at, work_calendar(clock.calendar_id))


def _run(clock: Clock, at: datetime) -> None:
    clock.running_since = at
    reckon(clock)


def reckon(clock: Clock) -> None:
    """Deadline and warnings of a running clock from where it began to run, by all that is known of its calendar."""
    at, calendar = certain(clock.running_since), work_calendar(clock.calendar_id)
    left = [clock.limit * percent / 100 - clock.spent for percent in _thresholds(clock)]
    moments = [deadline(at, max(rest, timedelta()), calendar) for rest in left]
    clock.calendar_version = calendar.version
    clock.first_warning_at, clock.second_warning_at, clock.due_at = moments
    clock.alarm_at = (
        None if clock.aside_at or clock.alarm_level == Level.BREACH else moments[clock.alarm_level]
    )


def _keep_up(clock: Clock) -> None:
    """A clock that is moved on before `kernel.sla.recalculation` has come to it is reckoned with the newest version
    first."""
    if (
        clock.state == Clock.State.RUNNING
        and clock.calendar_version != work_calendar(clock.calendar_id).version
    ):
        reckon(clock)


def _keep_breach(clock: Clock, at: datetime) -> None:
    """A breach that no sweep has seen is recorded in the clock before its deadline is cleared."""
    if clock.due_at and clock.due_at < at and not clock.breached_at:
        clock.breached_at = clock.due_at


def _rest(clock: Clock, state: str, at: datetime) -> None:
    """A clock that is set aside keeps the moments that have come, for when it is put back; no other comes any more."""
    clock.state = state
    clock.running_since = clock.alarm_at = None
    clock.first_warning_at, clock.second_warning_at, clock.due_at = (
        moment if clock.aside_at and moment and _has_come(level, moment, at) else None
        for level, moment in enumerate(clock.moments, start=1)
    )


_END = """
UPDATE sla_span SET ended_at = %s, started_at = CASE WHEN started_at > %s THEN %s ELSE started_at END
WHERE clock_id IN ({ids}) AND (ended_at IS NULL OR ended_at > %s)
"""


def hold(begun: Collection[Span], ended: Collection[int], at: datetime) -> None:
    """Hand clocks over: `ended` are clocks whose holders let go of them, `begun` the spans of their new holders.

    Where it was known who would hold a clock later, nothing comes of that: a span of no length.
    """
    if ended:
        moment = _stored(at)
        with connection.cursor() as cursor:
            cursor.execute(
                _END.format(ids=_places(ended)), [moment, moment, moment, *ended, moment]
            )
    rows.insert(list(begun))


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
        lambda one, failure: _count_failure(one[0], one[1], failure, at),
    )


def apart(chosen: list, work: Callable[[list], int], failed: Callable[..., None]) -> int:
    """A step for these together; where it fails, half by half, so that one can't hold up the others.

    `work` is one transaction and says how much it has done; the one that it fails for, and why, is told to `failed`.
    """
    try:
        return work(chosen) if chosen else 0
    except (OperationalError, InterfaceError, SoftTimeLimitExceeded):
        raise  # the database is away, or the task's time is up: nothing can be said of any of them
    except Exception as failure:
        if len(chosen) == 1:
            failed(chosen[0], failure)
            return 0
    half = len(chosen) // 2
    return apart(chosen[:half], work, failed) + apart(chosen[half:], work, failed)


def _count_failure(clock_id: int, owner: UUID, failure: Exception, at: datetime) -> None:
    with transaction.atomic():
        if _guard({owner}):  # somebody who is moving the owner on may be about to mend it
            set_aside.failed(clock_id, failure, at)


def _claim_together(due: dict[int, UUID], at: datetime) -> int:
    with transaction.atomic():
        mine = _guard(set(due.values()))
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
        cursor.execute(_CLAIM.format(ids=_places(ids)), [*ids, _stored(at), _stored(at)])
        return dict(cursor.fetchall())


def _places(values: Collection) -> str:
    """A place in the statement for each value, which is then given as a parameter."""
    return ", ".join(["%s"] * len(values))


def _stored(at: datetime):
    """A moment as the engine stores it."""
    return connection.ops.adapt_datetimefield_value(at)


def _record(levels: dict[int, int], at: datetime) -> list[Alarm]:
    claimed = Clock.objects.filter(pk__in=levels).order_by("pk")
    alarms = [_alarm(clock, levels[clock.pk], at) for clock in claimed]
    rows.insert(alarms)
    return alarms


def _alarm(clock: Clock, level: int, at: datetime) -> Alarm:
    moment = certain(clock.moments[level - 1])
    return Alarm(
        clock=clock, level=level, limit_minutes=clock.limit_minutes, fell_due_at=moment, seen_at=at
    )
