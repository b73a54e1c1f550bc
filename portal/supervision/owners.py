"""Whose the minutes were: of one case, and of the cases completed on some days."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import pgettext_lazy

from kernel.cases.holders import APPLICANT, QUEUE, SUPERVISOR
from kernel.cases.models import Application
from kernel.cases.ownership import Stretch, minutes, order, tiles
from kernel.core.departments import departments
from kernel.form import flow
from kernel.sla.calendars import calendar_id, work_calendar
from kernel.sla.models import Span

NO_DESK = {
    SUPERVISOR: pgettext_lazy("owner of a minute", "Supervisor"),
    QUEUE: pgettext_lazy("owner of a minute", "Nobody: in line"),
    APPLICANT: pgettext_lazy("owner of a minute", "Applicant"),
}
TENTHS = 1000  # of a percent, in 100 %


def labels() -> dict[str, str]:
    """Every owner there can be with its word, in the order in which they come to own a minute."""
    words = {department.code: department.owner for department in departments()} | NO_DESK
    return {owner: words[owner] for owner in order()}


@dataclass(frozen=True)
class Part:
    """An owner's part of a case, in working minutes, and of all its minutes (`shares`)."""

    label: str
    minutes: float
    share: float


@dataclass(frozen=True)
class Owned:
    label: str
    started_at: datetime
    ended_at: datetime
    minutes: float


def of_case(application: Application, at: datetime) -> tuple[list[Part], list[Owned]]:
    """The minutes of a case by owner, and its life in stretches, until its end or `at`; two queries."""
    end = application.completed_at or _broken_off(application) or at
    life = _lives([(application.uid, application.submitted_at, end)], [application.uid])[
        application.uid
    ]
    calendar = work_calendar(calendar_id(application.zone.calendar_code))
    by_owner = minutes(life, calendar)
    amounts = [worked / timedelta(minutes=1) for worked in by_owner.values()]
    words = labels()
    parts = [
        Part(words[owner], *row)
        for owner, *row in zip(by_owner, amounts, shares(amounts), strict=True)
    ]
    return parts, [_owned(stretch, calendar, words) for stretch in life]


def shares(amounts: list[float]) -> list[float]:
    """The part of each in their sum, to a tenth of a percent; where they are rounded, those nearest to the next tenth
    are rounded up, so that the parts add up to 100 %. All 0 where there is nothing."""
    total = sum(amounts) or 1
    exact = [amount / total * TENTHS for amount in amounts]
    tenths = [int(part) for part in exact]
    nearest = sorted(range(len(exact)), key=lambda place: tenths[place] - exact[place])
    for place in nearest[: round(sum(exact)) - sum(tenths)]:
        tenths[place] += 1
    return [part / TENTHS for part in tenths]


def _owned(stretch: Stretch, calendar, words: dict[str, str]) -> Owned:
    worked = sum(minutes([stretch], calendar).values(), timedelta())
    return Owned(
        words[stretch.owner], stretch.started_at, stretch.ended_at, worked / timedelta(minutes=1)
    )


def _broken_off(application: Application) -> datetime | None:
    """When a case ended that was broken off."""
    if application.state not in flow.GIVEN_UP:
        return None
    return application.stages.order_by("-closed_at").values_list("closed_at", flat=True).first()


def of_days(zone, completed: QuerySet[Application]) -> Iterable[tuple]:
    """(moment of completion, company type, owner, working time) of completed cases of a zone; two queries."""
    for _uid, done, kind, worked in of_cases(zone, completed):
        for owner, time in worked.items():
            yield done, kind, owner, time


def of_cases(zone, completed: QuerySet[Application]) -> Iterable[tuple]:
    """(uid, moment of completion, company type, owner → working time) of completed cases of a zone; two queries."""
    calendar = work_calendar(calendar_id(zone.calendar_code))
    cases = list(completed.values_list("uid", "company_type", "submitted_at", "completed_at"))
    lives = (
        _lives([(uid, begin, end) for uid, _kind, begin, end in cases], completed.values("uid"))
        if cases
        else {}
    )
    for uid, kind, _begin, done in cases:
        yield uid, done, kind, minutes(lives[uid], calendar)


def _lives(cases: list[tuple], owners) -> dict:
    """The stretches of cases given as (uid, from, to), by uid; `owners` are their uids, or the query for them."""
    held = defaultdict(list)
    spans = Span.objects.filter(clock__owner__in=owners, clock__name__in=flow.clocks()).order_by()
    for owner, *span in spans.values_list(
        "clock__owner", "clock__name", "holder", "started_at", "ended_at"
    ):
        held[owner].append(span)
    return {uid: tiles(held[uid], begin, end) for uid, begin, end in cases}
