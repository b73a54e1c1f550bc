"""Whose turn it is: one line of who booked and who took a ticket. Plain functions, apart from web and database.

    first(waiting, calls, at, ahead_in_a_row)      the next one of those that a window may call
    in_order(waiting, calls, at, ahead_in_a_row)   all of them, as they would be called one after another

The order, each the oldest first (by the moment from which they wait: who booked from the booked time on):
who missed their call and came in time; who booked, once their time has come; who goes first on a ground; everybody
else. Who booked and came early is called before their time only where nobody else waits.

Going ahead has an end: after `ahead_in_a_row` calls in a row that went past whoever waits longest, it is their turn. So
of so many calls and one more, one is the oldest's, and nobody is skipped for ever.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

RETURNED, DUE, GROUND, USUAL, EARLY = range(5)
MEASURED_FROM = 3  # tickets of a day from which on their mean is worth more than the usual minutes


@dataclass(frozen=True)
class InLine:
    """Somebody who waits. `key` tells them apart, `since` is when they began to wait, `due_at` the booked time."""

    key: int
    lane: str
    since: datetime
    due_at: datetime | None = None
    goes_first: bool = False
    returned: bool = False


@dataclass(frozen=True)
class Call:
    """A call of this day: since when the called one had waited, and the lanes that the window called just then."""

    since: datetime
    at: datetime
    lanes: frozenset[str]


def standing(person: InLine, at: datetime) -> int:
    if person.returned:
        return RETURNED
    if person.due_at:
        return DUE if person.due_at <= at else EARLY
    return GROUND if person.goes_first else USUAL


def passed(person: InLine, calls: Iterable[Call]) -> int:
    """How many of the last calls in a row went past them. `calls` are the newest first."""
    count = 0
    for call in calls:
        if person.lane not in call.lanes:
            continue
        if call.at < person.since or call.since <= person.since:
            break
        count += 1
    return count


def first(
    waiting: Sequence[InLine], calls: Sequence[Call], at: datetime, ahead_in_a_row: int
) -> InLine | None:
    """Who is called next; None where nobody waits. `calls` are the newest first."""
    present = [person for person in waiting if standing(person, at) != EARLY]
    if not present:
        return min(waiting, key=_age, default=None)
    oldest = min(present, key=_age)
    if passed(oldest, calls) >= ahead_in_a_row:
        return oldest
    return min(present, key=lambda person: (standing(person, at), *_age(person)))


def in_order(
    waiting: Sequence[InLine],
    calls: Sequence[Call],
    at: datetime,
    ahead_in_a_row: int,
    lanes: frozenset[str],
) -> list[InLine]:
    """As they would be called by windows that call these lanes, if nobody came any more."""
    left, made, order = list(waiting), list(calls), []
    while left:
        person = first(left, made, at, ahead_in_a_row)
        assert person is not None  # noqa: S101 (somebody is left)
        left.remove(person)
        order.append(person)
        made.insert(0, Call(person.since, at, lanes))
    return order


def estimate(before: int, each: float, windows: int, busy: int) -> int | None:
    """Minutes until somebody is called with so many before them, estimated: of the windows that call their lane `busy`
    have somebody in hand, and each ticket takes `each` minutes. None while no window calls the lane."""
    if not windows:
        return None
    return ceil(max(before + busy - windows + 1, 0) * each / windows)


def minutes_each(measured: Sequence[float], usual: float) -> float:
    """How long one takes today: the mean of those that were served, once there are a few."""
    return sum(measured) / len(measured) if len(measured) >= MEASURED_FROM else usual


def _age(person: InLine) -> tuple[datetime, int]:
    return person.since, person.key
