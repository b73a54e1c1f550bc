"""Clocks beside the flow: what must happen by a time, whatever the stages do.

A draft is filed, a breach is explained, a bad review is answered by a call, a material follows: each is one clock of
the case, named after `flow.SIDE_CLOCKS` ("draft", "reason:tax", "contact:whole", "material:articles"), swept, warned of
and recorded like any other. Who starts one calls `begin`; who does what it waits for calls `keep`; both with the case
locked. What the trail says when one falls due is a kind's own (`listen`), else a warning or a breach like any clock's.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from math import ceil

from kernel.cases import name_claims
from kernel.cases.models import Application, Event
from kernel.core import rows
from kernel.core.certain import certain
from kernel.form import flow
from kernel.sla import clocks
from kernel.sla.calendars import calendar_id, work_calendar
from kernel.sla.models import Alarm, Clock, Level
from kernel.sla.worktime import elapsed

# What a kind may change of its case when it falls due; the sweep writes it with the trail.
CHANGING = ("state", "name_claim", "name_reserved_until", "names_similar")
Entry = tuple[str, dict]  # the kind of an event, and its data
_listeners: dict[str, Callable[[Application, Alarm], Entry | None]] = {}


def listen(kind: str, entry: Callable[[Application, Alarm], Entry | None]) -> None:
    """Register what a kind enters on the trail when it warns or goes over; None where there is nothing to say any more.

    Called in the sweep's transaction with the case locked. It may change the case in memory, `CHANGING` of it.
    """
    _listeners[kind] = entry


def begin(
    application: Application,
    name: str,
    minutes: int,
    at: datetime,
    warn_at_percent: Sequence[float] = (),
) -> None:
    """Start a side clock of `minutes` working minutes; no effect where the case has one of this name."""
    begin_all([started(application, name, minutes, at, warn_at_percent)])


def begin_all(begun: Iterable[Clock]) -> None:
    """Write the clocks that were `started`, except for those that a case has already."""
    rows.insert(list(begun), met_by=("owner", "name"), changing=("name",))


def started(
    application: Application,
    name: str,
    minutes: int,
    at: datetime,
    warn_at_percent: Sequence[float] = (),
) -> Clock:
    """A side clock that begins now, not saved."""
    calendar = calendar_id(application.zone.calendar_code)
    return clocks.start(application.uid, name, minutes, calendar, list(warn_at_percent), at)


def keep(application: Application, name: str, at: datetime) -> None:
    """It has happened: stop the clock, whether in time or not. No effect where there is none."""
    stop(
        Clock.objects.filter(owner=application.uid, name=name).exclude(state=Clock.State.STOPPED),
        at,
    )


def stop(going, at: datetime) -> None:
    going = list(going)
    for clock in going:
        clocks.stop(clock, at)
    rows.update(going, clocks.FIELDS)


def entry(application: Application, alarm: Alarm) -> Entry | None:
    """What enters the trail for an alarm of any clock of the case; None for one that has lost its meaning."""
    kind = flow.kind_of(alarm.clock.name)
    return _listeners.get(kind, plain_entry)(application, alarm)


def plain_entry(application: Application, alarm: Alarm) -> Entry:
    """The clock, its level, and the moment it fell due, which may lie before the moment it was seen."""
    kind = Event.Kind.BREACHED if alarm.level == Level.BREACH else Event.Kind.WARNED
    return kind, {
        "clock": alarm.clock.name,
        "level": alarm.level,
        "fell_due_at": alarm.fell_due_at.isoformat(),
        "budget_minutes": alarm.clock.limit_minutes,
    }


def minutes_between(zone, start: datetime, end: datetime) -> int:
    """The working minutes of the zone's calendar between two moments, begun ones counted."""
    return ceil(
        elapsed(start, end, work_calendar(calendar_id(zone.calendar_code))) / timedelta(minutes=1)
    )


# A draft is kept so many days, and its applicant is reminded some days before it lapses.


def draft_limits(application: Application) -> tuple[int, list[float]]:
    """The working minutes that a draft is kept, and the percent of them at which its applicant is reminded."""
    zone, begun = application.zone, application.created_at
    kept, reminded = zone.setting("draft_days"), zone.setting("draft_reminder_days")
    minutes = minutes_between(zone, begun, begun + timedelta(days=kept))
    until = minutes_between(zone, begun, begun + timedelta(days=max(kept - reminded, 0)))
    return minutes, [until / minutes * 100] if 0 < until < minutes else []


def draft_clock_when_filed(application: Application, at: datetime) -> Clock:
    """The draft's clock as it stands once the draft is filed; not saved."""
    minutes, calendar = draft_limits(application)[0], calendar_id(application.zone.calendar_code)
    return Clock(
        owner=application.uid,
        name=flow.DRAFT,
        calendar_id=calendar,
        budget_minutes=minutes,
        warn_at_percent=[],
        state=Clock.State.STOPPED,
        started_at=application.created_at,
        stopped_at=at,
        spent=elapsed(application.created_at, at, work_calendar(calendar)),
        alarm_level=Level.SECOND_WARNING,
    )


def draft_due(application: Application, alarm: Alarm) -> Entry:
    """The reminder; and at the end the draft is discarded, as its applicant could have done. A reminder that goes out
    late, after the workers stood still, leaves its days all the same."""
    if alarm.level != Level.BREACH:
        _leave_the_days(application, alarm)
        return plain_entry(application, alarm)
    application.withdraw()
    name_claims.release(application)
    stop([alarm.clock], alarm.seen_at)
    return Event.Kind.WITHDRAWN, {"lapsed": True, "fell_due_at": alarm.fell_due_at.isoformat()}


def _leave_the_days(application: Application, alarm: Alarm) -> None:
    clock, days = alarm.clock, application.zone.setting("draft_reminder_days")
    until = alarm.seen_at + timedelta(days=days)
    due = certain(clock.due_at)
    if due < until:
        # one minute more: a deadline that falls outside working time would stand at the end of the one before
        clocks.postpone(clock, minutes_between(application.zone, due, until) + 1)
        rows.update([clock], clocks.FIELDS)


listen(flow.DRAFT, draft_due)
