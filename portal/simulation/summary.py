"""What a day came to, counted twice: as the supervisor's page has it, and from the trail alone."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from evaluations import queries as reviews
from portal.supervision import figures, lists
from registration import flow, replay, trail
from registration.models import Application, Event
from sla.calendars import work_calendar
from sla.models import Clock
from sla.worktime import deadline, elapsed

BATCH = 500


@dataclass(frozen=True)
class Counted:
    """Cases filed, completed, and times returned since a moment; `median` and `p90` are working minutes of the whole
    case, of those completed; `breaches` are clocks that went over."""

    filed: int
    completed: int
    median: float | None
    p90: float | None
    breaches: int


def as_supervised(zone, since: datetime, at: datetime) -> Counted:
    """As the supervisor's page counts the zone."""
    total = figures.stage_times(zone, since)[-1]
    return Counted(
        filed=figures.electronic(zone, since).n, completed=reviews.score(zone, since).cases,
        median=total.p50, p90=total.p90, breaches=lists.breaches(zone, since, at).count(),
    )  # fmt: skip


@dataclass
class Audit:
    """The zone's cases under way or moved since then, recounted from their events."""

    counted: Counted
    returns: int
    reviews: int
    cases: int
    events: int
    faults: list[str]


def from_trail(zone, since: datetime, at: datetime) -> Audit:
    """Recount from the events, and recompute every chain on the way; what doesn't agree is among the faults."""
    moved = Event.objects.filter(at__gte=since).values("application")
    here = Application.objects.filter(zone=zone).exclude(state=flow.DRAFT)
    pks = set(here.filter(pk__in=moved).values_list("pk", flat=True))
    pks |= set(here.filter(state__in=flow.RUNNING_STATES).values_list("pk", flat=True))
    filed = breaches = returns = events = 0
    taken, faults = [], []
    for case, chain, clocks in _cases(sorted(pks)):
        events += len(chain)
        faults += _faults(case, chain)
        filed += any(event.kind == Event.Kind.SUBMITTED and event.at >= since for event in chain)
        returns += sum(event.kind == Event.Kind.RETURNED and event.at >= since for event in chain)
        breaches += sum(over is not None and since <= over < at for over in map(_over(chain, at), clocks))
        if chain and chain[-1].kind == Event.Kind.COMPLETED and chain[-1].at >= since:
            total = next(clock for clock in clocks if clock.name == "total")
            taken.append(_spent(chain, total, at).total_seconds() / 60)
    taken.sort()
    median, p90 = (figures.percentile(taken, percent) if taken else None for percent in (50, 90))
    score = reviews.score(zone, since)
    return Audit(Counted(filed, len(taken), median, p90, breaches), returns, score.n, len(pks), events, faults)


def differences(one: Counted, other: Counted) -> list[str]:
    """The names of the figures that the two have differently; minutes are the same to the second."""
    return [f.name for f in fields(Counted) if not _same(getattr(one, f.name), getattr(other, f.name))]


def _same(one: float | None, other: float | None) -> bool:
    return one == other if one is None or other is None else abs(one - other) < 1 / 60


def _cases(pks: list[int]) -> Iterable[tuple[Application, list[Event], list[Clock]]]:
    for first in range(0, len(pks), BATCH):
        batch = list(Application.objects.defer("answers").filter(pk__in=pks[first : first + BATCH]))
        chains: dict[int, list[Event]] = {case.pk: [] for case in batch}
        for event in Event.objects.filter(application__in=batch).order_by("application", "seq"):
            chains[event.application_id].append(event)
        clocks: dict = {case.uid: [] for case in batch}
        for clock in Clock.objects.filter(owner__in=clocks):
            clocks[clock.owner].append(clock)
        yield from ((case, chains[case.pk], clocks[case.uid]) for case in batch)


def _faults(case: Application, chain: list[Event]) -> list[str]:
    found = trail.faults(case, chain)
    if replay.fold(chain)[0] != case.state:
        found.append(f"the trail says {replay.fold(chain)[0]}, the case {case.state}")
    return [f"{case.number}: {fault}" for fault in found]


def _runs(chain: list[Event], clock: Clock, at: datetime) -> Iterable[tuple[datetime, datetime]]:
    """From when to when a clock ran, by the states of the stages after each event; until `at` where it still runs."""
    began, rule = None, flow.CLOCK[clock.name]
    for place, event in enumerate(chain, start=1):
        stages = replay.fold(chain[:place])[1]
        runs = bool(stages) and flow.clock_state(rule, stages) == "running"
        if runs and began is None:
            began = event.at
        elif not runs and began is not None:
            yield began, event.at
            began = None
    if began is not None:
        yield began, max(at, began)


def _spent(chain: list[Event], clock: Clock, at: datetime) -> timedelta:
    calendar = work_calendar(clock.calendar_id)
    return sum((elapsed(*run, calendar) for run in _runs(chain, clock, at)), timedelta())


def _over(chain: list[Event], at: datetime):
    """The moment at which a clock went over its budget, as a function of the clock; None when it didn't."""

    def over(clock: Clock) -> datetime | None:
        calendar, left = work_calendar(clock.calendar_id), clock.budget
        for began, ended in _runs(chain, clock, at):
            spent = elapsed(began, ended, calendar)
            if spent >= left and (due := deadline(began, left, calendar)) < ended:
                return due
            left -= spent
        return None

    return over
