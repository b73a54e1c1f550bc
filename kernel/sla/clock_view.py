"""A clock as people read it: minutes used and left, when it is due, how urgent it is."""

from dataclasses import dataclass
from datetime import datetime

from kernel.core.certain import certain
from kernel.sla import clocks
from kernel.sla.calendars import work_calendar
from kernel.sla.models import Clock, Level
from kernel.sla.worktime import current_window, why_closed


@dataclass(frozen=True)
class ClockView:
    """`used`, `limit` and `left` are whole working minutes (`left` is negative when over); seconds are working seconds.

    `state` is what a page shows: running, half (past the first warning), at_risk, breached, paused, or stopped;
    a stopped clock that went over has `over` set. A clock that rests until a known moment (`rests_until`) is paused,
    and its `due_at` is known. `extended` of the limit were granted beyond the budget. `window_end` is the end of the
    office's present window (None when it is closed): a page counts down by itself until then. Where the office is
    closed, the clock stands still until `opens_at`; `closes_for` says why ("lunch" between two windows of a day, else
    "night", which may be a weekend or holidays).
    """

    name: str
    used: int
    limit: int
    left: int
    left_seconds: int
    used_seconds: int
    started_at: datetime
    due_at: datetime | None
    stopped_at: datetime | None
    state: str
    over: bool
    running: bool
    window_end: datetime | None
    extended: int = 0
    rests_until: datetime | None = None
    closes_for: str = ""
    opens_at: datetime | None = None

    @property
    def minutes_over(self) -> int:
        """Minutes over the limit, begun ones counted; 0 within it."""
        return max(0, -(self.left_seconds // 60))

    @property
    def share(self) -> float:
        """Used as a part of the limit; 1.0 is the limit."""
        return self.used_seconds / (self.limit * 60)


def view(clock: Clock, at: datetime) -> ClockView:
    """Read a clock at a moment. Right with no worker running: it looks at the stored moments, not at claims."""
    used_seconds = int(clocks.spent(clock, at).total_seconds())
    left_seconds = clock.limit_minutes * 60 - used_seconds
    running = clocks.counts(clock, at)
    rests = clock.state == Clock.State.RUNNING and not running
    calendar = work_calendar(clock.calendar_id)
    opening = current_window(at, calendar) if running else None
    opens_at = opening.opens_at if opening and not opening.is_open else None
    return ClockView(
        name=clock.name,
        used=used_seconds // 60,
        limit=clock.limit_minutes,
        extended=clock.extension_minutes,
        left=-(-left_seconds // 60),
        left_seconds=left_seconds,
        used_seconds=used_seconds,
        started_at=clock.started_at,
        due_at=clock.due_at,
        stopped_at=clock.stopped_at,
        state=_state(clock, at),
        over=left_seconds < 0 or (running and certain(clock.due_at) < at),
        running=running,
        window_end=opening.closes_at if opening else None,
        rests_until=clock.running_since if rests else None,
        closes_for=why_closed(at, opens_at, calendar) if opens_at else "",
        opens_at=opens_at,
    )


def _state(clock: Clock, at: datetime) -> str:
    if clock.state != Clock.State.RUNNING:
        return str(clock.state)
    if not clocks.counts(clock, at):
        return str(Clock.State.PAUSED)
    if certain(clock.due_at) < at:
        return "breached"
    if certain(clock.second_warning_at) <= at or clock.alarm_level >= Level.SECOND_WARNING:
        return "at_risk"
    return "half" if certain(clock.first_warning_at) <= at else "running"
