"""What happens to clocks. The commands change clocks in memory; whoever holds the owner's lock writes them.

Lock order is owner first, then clock, everywhere: the sweep, too, asks the owner's door (`guard_owners`) before it
claims, so that it never waits for, nor deadlocks with, an action.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from kernel.core import rows
from kernel.core.certain import certain
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
WARNINGS = 2  # levels before the breach

Guard = Callable[[set[UUID]], set[UUID]]
_guards: list[Guard] = []


def guard_owners(guard: Guard) -> None:
    """Register a function that locks those owners that are its own without waiting and returns those it got (the others
    come next time). Rooms above register later and own most clocks: theirs is asked first."""
    if guard not in _guards:
        _guards.insert(0, guard)


def locked(owners: set[UUID]) -> set[UUID]:
    """Those of the owners that are locked now, for whoever changes their clocks."""
    mine: set[UUID] = set()
    for guard in _guards:
        if rest := owners - mine:
            mine |= guard(rest)
    return mine


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
        alarms.append(alarm_of(clock, clock.alarm_level, at))
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
        moment = stored(at)
        with connection.cursor() as cursor:
            cursor.execute(_END.format(ids=places(ended)), [moment, moment, moment, *ended, moment])
    rows.insert(list(begun))


def alarm_of(clock: Clock, level: int, at: datetime) -> Alarm:
    """The alarm of a level that has come, as it is recorded."""
    moment = certain(clock.moments[level - 1])
    return Alarm(
        clock=clock, level=level, limit_minutes=clock.limit_minutes, fell_due_at=moment, seen_at=at
    )


def places(values: Collection) -> str:
    """A place in the statement for each value, which is then given as a parameter."""
    return ", ".join(["%s"] * len(values))


def stored(at: datetime):
    """A moment as the engine stores it."""
    return connection.ops.adapt_datetimefield_value(at)
