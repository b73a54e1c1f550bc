"""Whose every minute of a case was: its life, from the submission to its end, tiled by owners without gap or overlap.

During the parallel wave several hold the case at once. While the bank waits for the applicant (an appointment ahead, a
correction), the clock of the whole case rests and the minute is the applicant's. Any other minute belongs to the first
of these that holds anything (`order`): the supervisor, whom a window has asked; a desk that has its stage in hand (of
several, the one with the widest limit: the case can't end before it); else nobody, where a stage is in line; else the
applicant. So the supervisor, the desks and the line own exactly the minutes that the clock of the whole case runs, and
the applicant owns its pauses. What happens beside the case (a pick-up, a parcel) owns none of its minutes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from kernel.cases.holders import APPLICANT, QUEUE, SUPERVISOR
from kernel.form import flow
from kernel.sla.workdays import AnyCalendar
from kernel.sla.worktime import elapsed


def order() -> tuple[str, ...]:
    """Every owner there can be, the first to own a minute first."""
    return (*office(), APPLICANT)


def office() -> tuple[str, ...]:
    """Whose minutes the clock of the whole case counts."""
    desks = [desk for wave in flow.waves() for desk in sorted(wave.departments, key=_shortness)]
    return (SUPERVISOR, *desks, QUEUE)


def _shortness(department: str) -> int:
    return -flow.clocks()[flow.stage_clocks()[department]].minutes


Held = tuple[
    str, str, datetime, datetime | None
]  # the clock's name, its holder, from when, to when


@dataclass(frozen=True)
class Stretch:
    """Minutes in a row that have one owner."""

    owner: str
    started_at: datetime
    ended_at: datetime


def tiles(held: Iterable[Held], begin: datetime, end: datetime) -> list[Stretch]:
    """The life of a case from `begin` to `end` in stretches, from who held which of its clocks.

    A minute that no clock's holder had would be nobody's: `QUEUE`.
    """
    first = (APPLICANT, *order())  # the applicant whose meeting lies ahead goes before all
    places = {owner: place for place, owner in enumerate(first) if place}
    for_the_meeting = (flow.stage_clocks().get(flow.meeting()), APPLICANT)
    changes: dict[datetime, list[tuple[int, int]]] = {begin: [], end: []}
    for clock, holder, since, until in held:
        place = 0 if (clock, holder) == for_the_meeting else places[holder]
        since, until = max(since, begin), min(until or end, end)
        if since < until:
            changes.setdefault(since, []).append((place, 1))
            changes.setdefault(until, []).append((place, -1))
    holding, moments = [0] * len(first), sorted(changes)
    parts: list[Stretch] = []
    for moment, following in zip(moments, moments[1:], strict=False):
        for place, step in changes[moment]:
            holding[place] += step
        owner = next((name for name, n in zip(first, holding, strict=True) if n), QUEUE)
        if parts and parts[-1].owner == owner:
            moment = parts.pop().started_at
        parts.append(Stretch(owner, moment, following))
    return parts


def minutes(stretches: Iterable[Stretch], calendar: AnyCalendar) -> dict[str, timedelta]:
    """The working time of each owner, in that order; owners without any are left out."""
    of_owner: dict[str, timedelta] = {}
    for stretch in stretches:
        worked = elapsed(stretch.started_at, stretch.ended_at, calendar)
        of_owner[stretch.owner] = of_owner.get(stretch.owner, timedelta()) + worked
    return {owner: of_owner[owner] for owner in order() if of_owner.get(owner)}
