"""What happened in a zone on some days, a row for each stage, case, wait, appointment and review, by its source."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from django.db.models import Q
from django.utils.timezone import localtime

from kernel.cases.models import Application, Correction
from kernel.core.certain import certain
from kernel.form import flow
from kernel.sla import clocks
from kernel.sla.models import Clock
from portal.figures.rows import (
    APPOINTMENT,
    CASE,
    FILED,
    OVERDUE,
    OWNER,
    REPAIR,
    REVIEW,
    SERVICE,
    STAGE,
    THEME,
    TICKET,
    WAIT,
    Row,
)
from portal.supervision import owners, waits
from portal.supervision.tally import (
    COMPLETED,
    DAY_SECONDS,
    breached_clocks,
    clocks_of,
    finished_clocks,
    midnight,
    of_zone,
    within,
)
from reviews.models import BAD_LEVELS, Repair, Review
from reviews.themes import theme_of
from services.booked.models import ServiceRequest
from services.hall import counts
from services.hall.models import How, Ticket

MINUTE = timedelta(minutes=1)
EVER = datetime(2000, 1, 1, tzinfo=UTC)  # before any clock
Span = tuple[datetime, datetime]


def happened(zone, first: date, last: date) -> dict[str, Row]:
    """Source → its row, of the days from `first` to `last`, in a constant number of queries."""
    span = (midnight(first), midnight(last + timedelta(days=1)))
    rows: dict[str, Row] = {}
    for part in PARTS:
        rows.update(part(zone, span))
    return rows


def still_overdue(zone, day: date) -> list[Row]:
    """The clocks that were over and under way when the day ended; the minutes are those over the limit, not known of a
    clock that has moved since. One that was given more time and isn't over any more is none of them."""
    end = midnight(day + timedelta(days=1))
    rows = clocks_of(zone, names=flow.counted()).filter(breached_clocks(EVER, end))
    going = rows.filter(~Q(state=Clock.State.STOPPED) | Q(stopped_at__gte=end)).order_by()
    over = [(clock, _over(clock, end)) for clock in going]
    return [
        Row(OVERDUE, clock.name, day, minutes=minutes)
        for clock, minutes in over
        if minutes is None or minutes >= 0
    ]


def _over(clock: Clock, end: datetime) -> int | None:
    if clock.stopped_at or (clock.running_since and clock.running_since > end):
        return None
    return clocks.spent(clock, end) // MINUTE - clock.budget_minutes - clock.extension_minutes


def _when(at: datetime) -> dict:
    local = localtime(at)
    return {"day": local.date(), "hours": f"{local:%H}"}


def _filed(zone, span: Span) -> Iterable[tuple[str, Row]]:
    rows = Application.objects.filter(of_zone(zone), within("submitted_at", [span])).order_by()
    for pk, at, kind, channel in rows.values_list("pk", "submitted_at", "company_type", "channel"):
        yield f"filed:{pk}", Row(FILED, channel, company_type=kind, **_when(at))


def _stages(zone, span: Span) -> Iterable[tuple[str, Row]]:
    finished = finished_clocks(zone, [span]).filter(name__in=flow.counted()).order_by()
    asked = _corrections(finished.values("owner"))
    for clock in finished:
        limit = clock.budget_minutes + clock.extension_minutes
        yield (
            f"stage:{clock.pk}",
            Row(
                STAGE,
                clock.name,
                company_type=clock.company_type,
                **_when(clock.stopped_at),
                minutes=clock.spent // MINUTE,
                limit=limit,
                late=int(clock.breached_at is not None or clock.spent > limit * MINUTE),
                corrections=sum(
                    asked[clock.owner, desk] for desk in flow.clocks()[clock.name].covers
                ),
            ),
        )


def _corrections(uids) -> Counter:
    """(uid of the case, department) → how often it asked for corrections."""
    rows = Correction.objects.filter(stage__application__uid__in=uids).order_by()
    return Counter(rows.values_list("stage__application__uid", "stage__department"))


def _cases(zone, span: Span) -> Iterable[tuple[str, Row]]:
    """A row for each case, and one for each owner of its minutes: whose they were, no row tells beside the case."""
    completed = Application.objects.filter(within("completed_at", [span]), zone=zone).order_by()
    asked = Counter(uid for uid, _desk in _corrections(completed.values("uid")).elements())
    for uid, at, kind, worked in owners.of_cases(zone, completed):
        common = {"company_type": kind} | _when(at)
        corrections = asked[uid]
        yield (
            f"case:{uid}",
            Row(CASE, COMPLETED, **common, corrections=corrections, right=int(not corrections)),
        )
        for owner, time in worked.items():
            if time:
                yield (
                    f"owner:{uid}:{owner}",
                    Row(OWNER, owner, **common, minutes=round(time / MINUTE)),
                )


def _waits(zone, span: Span) -> Iterable[tuple[str, Row]]:
    rows = waits.ended(zone, within("at", [span])).order_by()
    columns = ("pk", "application__company_type", "at", "data", "began_at")
    for pk, kind, *columns_of_wait in rows.values_list(*columns):
        wait = waits.Wait(*columns_of_wait)
        days = wait.seconds // DAY_SECONDS
        yield (
            f"wait:{pk}",
            Row(WAIT, wait.kind, company_type=kind, **_when(wait.written_at), days=days),
        )


def _appointments(zone, span: Span) -> Iterable[tuple[str, Row]]:
    rows = waits.appointments(zone, within("at", [span])).order_by()
    for pk, at, kind, outcome in rows.values_list("pk", "at", "company_type", "kind"):
        yield f"appointment:{pk}", Row(APPOINTMENT, outcome, company_type=kind, **_when(at))


def _reviews(zone, span: Span) -> Iterable[tuple[str, Row]]:
    """`first` marks the first review of each completed case, by which the share of cases that were reviewed is
    reckoned. What isn't a case's is told by what kind of thing it was."""
    rows = Review.objects.filter(within("created_at", [span]), zone=zone)
    given = rows.select_related("application").defer("application__answers").order_by()
    first = _first_reviews(given.values("application"))
    for review in given:
        case = None if review.kind else review.application
        yield (
            f"review:{review.pk}",
            Row(
                REVIEW,
                review.kind or review.service,
                company_type=case.company_type if case else "",
                **_when(review.created_at),
                level=review.level,
                bad=int(review.is_bad),
                first=int(
                    review.pk in first and case is not None and case.completed_at is not None
                ),
            ),
        )


def _first_reviews(cases) -> set[int]:
    """The keys of the first review of each case."""
    first: dict[int, int] = {}
    of_cases = Review.objects.filter(application__in=cases, kind="").order_by("pk")
    for pk, case in of_cases.values_list("pk", "application"):
        first.setdefault(case, pk)
    return set(first.values())


def _themes(zone, span: Span) -> Iterable[tuple[str, Row]]:
    """What each bad review is about."""
    bad = Review.objects.filter(within("created_at", [span]), zone=zone, level__in=BAD_LEVELS)
    for pk, at, tags in bad.order_by().values_list("pk", "created_at", "tags"):
        yield f"theme:{pk}", Row(THEME, theme_of(tags), **_when(at))


def _repairs(zone, span: Span) -> Iterable[tuple[str, Row]]:
    """What was closed, by what it was about; done, where the writer said that it is solved."""
    closed = Repair.objects.filter(within("closed_at", [span]), follow_up__review__zone=zone)
    columns = ("pk", "closed_at", "follow_up__review__tags", "answer")
    for pk, at, tags, answer in closed.order_by().values_list(*columns):
        solved = int(answer == Repair.Answer.SOLVED)
        yield f"repair:{pk}", Row(REPAIR, theme_of(tags), **_when(at), done=solved)


def _services(zone, span: Span) -> Iterable[tuple[str, Row]]:
    """What ended, given or not. One that was missed and then given after all is corrected."""
    ended = ServiceRequest.objects.filter(within("ended_at", [span]), zone=zone).order_by()
    for pk, at, kind, state in ended.values_list("pk", "ended_at", "kind", "state"):
        given, missed = ServiceRequest.State.DONE, ServiceRequest.State.NO_SHOW
        yield (
            f"service:{pk}",
            Row(SERVICE, kind, **_when(at), done=int(state == given), missed=int(state == missed)),
        )


SERVED = (How.CASE, How.SERVICE, How.ANSWERED)


def _tickets(zone, span: Span) -> Iterable[tuple[str, Row]]:
    """Who was never called waited until they gave up, so that giving up makes no wait shorter."""
    ended = Ticket.objects.filter(within("ended_at", [span]), zone=zone).exclude(how="").order_by()
    for ticket in ended:
        yield (
            f"ticket:{ticket.pk}",
            Row(
                TICKET,
                ticket.lane,
                **_when(ticket.ended_at),
                minutes=_waited(ticket),
                done=int(ticket.how in SERVED),
                missed=int(ticket.how == How.NO_SHOW),
            ),
        )


def _waited(ticket: Ticket) -> int:
    called = counts.waited(ticket)
    if called is not None:
        return called
    return max(timedelta(), certain(ticket.ended_at) - ticket.since) // MINUTE


PARTS = (
    _filed,
    _stages,
    _cases,
    _waits,
    _appointments,
    _reviews,
    _themes,
    _repairs,
    _services,
    _tickets,
)
