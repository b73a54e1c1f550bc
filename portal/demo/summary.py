"""What a day came to, counted twice: as the supervisor's page has it, and from the trail alone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from kernel.cases import replay, trail
from kernel.cases.models import Application, Event
from kernel.form import flow
from kernel.sla.calendars import work_calendar
from kernel.sla.models import Clock
from kernel.sla.worktime import deadline, elapsed
from portal.supervision import figures, lists
from portal.supervision.scope import Scope
from portal.supervision.tally import midnight

BATCH = 500


@dataclass(frozen=True)
class Counted:
    """Cases filed and completed on a day, with their `reviews`; `median` and `p90` are whole working minutes of the
    whole case, of those completed; `breaches` are clocks that went over, of those that figures count."""

    filed: int
    completed: int
    median: int | None
    p90: int | None
    breaches: int
    reviews: int


def as_supervised(zone, day: date, at: datetime) -> Counted:
    """As the supervisor's page counts the zone's day."""
    scope = Scope(zone, day, day, day)
    shown = figures.read(scope, at)
    total = next(times for times in shown.times if times.clock == "total")
    return Counted(
        filed=shown.electronic.n,
        completed=shown.reviews.cases,
        median=total.p50,
        p90=total.p90,
        breaches=lists.breaches(scope, at).count(),
        reviews=shown.reviews.n,
    )


@dataclass
class Audit:
    """The zone's cases under way or moved since then, recounted from their events."""

    counted: Counted
    returns: int
    cases: int
    events: int
    faults: list[str]


def from_trail(zone, day: date, at: datetime) -> Audit:
    """Recount the day from the events, and recompute every chain on the way; what doesn't agree is among the faults."""
    since, until = midnight(day), midnight(day + timedelta(days=1))
    filed = breaches = reviews = returns = events = 0
    taken, faults, pks = [], [], _moved(zone, since)
    for case, chain, clocks in _cases(pks):
        events += len(chain)
        faults += _faults(case, chain)
        today = [event for event in chain if since <= event.at < until]
        kinds = [event.kind for event in today]
        counted = [
            clock for clock in clocks if clock.name in flow.counted() and clock.started_at < at
        ]
        until_then = [
            event for event in chain if event.at <= at
        ]  # a later day may be played already
        filed += Event.Kind.SUBMITTED in kinds
        returns += kinds.count(Event.Kind.RETURNED)
        breaches += sum(
            over is not None and since <= over < min(until, at)
            for over in map(_over(until_then, at), counted)
        )
        if Event.Kind.COMPLETED in kinds:
            total = next(clock for clock in clocks if clock.name == "total")
            taken.append(_spent(chain, total, at) // timedelta(minutes=1))
            reviews += case.reviews.count()
    taken.sort()
    median, p90 = (_percentile(taken, percent) for percent in (50, 90))
    return Audit(
        Counted(filed, len(taken), median, p90, breaches, reviews),
        returns,
        len(pks),
        events,
        faults,
    )


def _moved(zone, since: datetime) -> list[int]:
    """The zone's cases that are under way, or in which something has happened since then."""
    here = Application.objects.filter(zone=zone).exclude(state=flow.DRAFT)
    moved = here.filter(pk__in=Event.objects.filter(at__gte=since).values("application"))
    under_way = here.filter(state__in=flow.RUNNING_STATES)
    return sorted({*moved.values_list("pk", flat=True), *under_way.values_list("pk", flat=True)})


def _percentile(ordered: list[int], percent: int) -> int | None:
    """The nearest rank; None of nothing."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)] if ordered else None


def differences(first: Counted, other: Counted) -> list[str]:
    """The names of the figures that the two have differently."""
    return [
        field.name
        for field in fields(Counted)
        if getattr(first, field.name) != getattr(other, field.name)
    ]


def _cases(pks: list[int]) -> Iterable[tuple[Application, list[Event], list[Clock]]]:
    for first in range(0, len(pks), BATCH):
        batch = list(Application.objects.defer("answers").filter(pk__in=pks[first : first + BATCH]))
        chains: dict[int, list[Event]] = {case.pk: [] for case in batch}
        for event in Event.objects.filter(application__in=batch).order_by("application", "seq"):
            chains[event.application_id].append(event)
        clocks: dict = {case.uid: [] for case in batch}
        for clock in Clock.objects.filter(owner__in=clocks, name__in=flow.clocks()):
            clocks[clock.owner].append(clock)
        yield from ((case, chains[case.pk], clocks[case.uid]) for case in batch)


def _faults(case: Application, chain: list[Event]) -> list[str]:
    errors = trail.faults(case, chain)
    if replay.fold(chain)[0] != case.state:
        errors.append(f"the trail says {replay.fold(chain)[0]}, the case {case.state}")
    return [f"{case.number}: {fault}" for fault in errors]


def _runs(chain: list[Event], clock: Clock, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """From when to when a clock ran, by the states of the stages after each event; until `at` where it still runs.

    While a stage awaits its applicant it counts only from the appointment on.
    """
    rule, ends = flow.clocks()[clock.name], [*(event.at for event in chain[1:]), None]
    for (event, _state, stages, awaited), end in zip(replay.steps(chain), ends, strict=True):
        state, begins = flow.clock_aim(rule, stages, awaited) if stages else (None, None)
        began, ended = begins or event.at, end or max(at, event.at)
        if state == "running" and began < ended:
            yield began, ended


def _spent(chain: list[Event], clock: Clock, at: datetime) -> timedelta:
    calendar = work_calendar(clock.calendar_id)
    return sum((elapsed(*run, calendar) for run in _runs(chain, clock, at)), timedelta())


def _over(chain: list[Event], at: datetime):
    """The moment at which a clock first went over its limit of then, as a function of the clock; None: it didn't."""

    def over(clock: Clock) -> datetime | None:
        calendar, left, added = (
            work_calendar(clock.calendar_id),
            clock.budget,
            _extensions(chain, clock),
        )
        for began, ended in _runs(chain, clock, at):
            for cut, more in [
                *((cut, more) for cut, more in added if cut < ended),
                (ended, timedelta()),
            ]:
                cut = max(cut, began)
                if (
                    elapsed(began, cut, calendar) >= left
                    and (due := deadline(began, left, calendar)) < cut
                ):
                    return due
                left += more - elapsed(began, cut, calendar)
                began = cut
            added = [(cut, more) for cut, more in added if cut >= ended]
        return None

    return over


def _extensions(chain: list[Event], clock: Clock) -> list[tuple[datetime, timedelta]]:
    """When the supervisor added how much to the clock."""
    mine = (
        event
        for event in chain
        if event.kind == Event.Kind.EXTENDED and event.data["clock"] == clock.name
    )
    return [(event.at, timedelta(minutes=event.data["minutes"])) for event in mine]
