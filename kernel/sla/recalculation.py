"""Reckoning running clocks anew after their calendar changed.

A running clock whose `calendar_version` is behind its calendar's newest is the work that is left: nothing else is kept,
so a worker that is killed loses nothing, and nothing is done twice. A clock that is paused is reckoned when it resumes.
What a version counted stays counted (`workdays.Versions`), so reckoning a clock again from where it began to run gives
the same spent minutes and the new deadline.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from time import monotonic
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Min

from kernel.core import rows
from kernel.core.apart import apart
from kernel.core.certain import certain
from kernel.core.moment import now
from kernel.sla import calendars, clocks, signals
from kernel.sla.models import CalendarVersion, Clock
from kernel.sla.workdays import AnyCalendar
from kernel.sla.worktime import deadline

BATCH = 200  # owners whose clocks are reckoned in one transaction
MOMENTS = ("first_warning_at", "second_warning_at", "due_at")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Moved:
    """A clock whose warnings or deadline moved, and when it was due before."""

    clock: Clock
    due_before: datetime


def behind():
    """The running clocks that have not been reckoned with the newest version of their calendar."""
    newest = (
        CalendarVersion.objects.order_by().values_list("calendar").annotate(number=Max("number"))
    )
    for calendar_id, number in newest:
        old = Clock.objects.filter(
            calendar=calendar_id, state=Clock.State.RUNNING, calendar_version__lt=number
        )
        # One old version at a time: then the index gives the earliest deadlines first.
        version = 0
        while version := old.filter(calendar_version__gt=version).aggregate(
            next=Min("calendar_version")
        )["next"]:
            yield calendar_id, old.filter(calendar_version=version).order_by("due_at")


def renew() -> int:
    """One step: a batch of owners of each calendar that changed; returns how many clocks were reckoned anew.

    0 means that none is left, or that somebody else has the rest in hand, or that it fails for them.
    """
    return sum(_renew(calendar_id, old) for calendar_id, old in behind())


def renew_for(seconds: float) -> tuple[int, bool]:
    """Step after step for so many real seconds: how many clocks were reckoned, and whether some are left."""
    end, reckoned = monotonic() + seconds, 0
    while batch := renew():
        reckoned += batch
        if monotonic() > end:
            break
    return reckoned, any(behind())


def would_move(calendar_id: int, calendar: AnyCalendar) -> list[Moved]:
    """The running clocks whose deadlines would move if the calendar were this one, the earliest first; not saved.

    The clocks come with their deadlines of then, `due_before` is today's.
    """
    moved = []
    for clock in Clock.objects.filter(
        calendar=calendar_id, state=Clock.State.RUNNING, due_at__gt=now()
    ).order_by("due_at"):
        due = deadline(certain(clock.running_since), clock.limit - clock.spent, calendar)
        if due != clock.due_at:
            moved.append(Moved(clock, certain(clock.due_at)))
            clock.due_at = due
    return moved


def _renew(calendar_id: int, old) -> int:
    owners = list(dict.fromkeys(old.values_list("owner", flat=True)[:BATCH]))
    return apart(owners, partial(_renew_together, calendar_id), _report)


def _renew_together(calendar_id: int, owners: Collection[UUID]) -> int:
    with transaction.atomic():
        mine = clocks.locked(set(owners))
        calendars.forget()  # this process may know an older version than the row that says there is a newer one
        versions = CalendarVersion.objects.filter(calendar=calendar_id)
        version = certain(versions.order_by("-number").first())
        running = Clock.objects.filter(
            owner__in=mine,
            calendar=calendar_id,
            state=Clock.State.RUNNING,
            calendar_version__lt=version.number,
        )
        outdated = list(running.order_by("pk"))
        moved = [change for clock in outdated if (change := _reckoned(clock))]
        rows.update(outdated, (*MOMENTS, "alarm_at", "calendar_version"))
        if moved:
            signals.clocks_reckoned.send(sender=Clock, moved=moved, version=version, at=now())
    return len(outdated)


def _report(owner: UUID, failure: Exception) -> None:
    """Its clocks stay behind, and the next sweep tries again."""
    log.error("clocks not reckoned", exc_info=failure, extra={"owner": str(owner)})


def _reckoned(clock: Clock) -> Moved | None:
    before = [getattr(clock, name) for name in MOMENTS]
    clocks.reckon(clock)
    return (
        Moved(clock, before[-1]) if before != [getattr(clock, name) for name in MOMENTS] else None
    )
