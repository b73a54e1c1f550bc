"""Materials that may follow later: what a case has promised, who may promise, and until when an officer can wait.

Source: the rules on deferred materials (main documents present, a due date for each promise; a promise that is broken
stays with whoever made it). Days and bars are settings of the zone.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Q
from django.utils.timezone import get_current_timezone, localdate

from kernel.accounts.models import User, Zone
from kernel.cases.models import Application, Deferral
from kernel.cases.side_clocks import minutes_between
from kernel.core.certain import certain
from kernel.core.privacy import blind_index
from kernel.form import flow
from kernel.form.fields import FIELD
from kernel.form.filing import AGENT, Filing
from kernel.sla.calendars import calendar_id, work_calendar
from kernel.sla.models import Clock
from kernel.sla.worktime import is_workday
from kernel.standards.evaluation import StandardFinding
from kernel.standards.records import Standard, StandardSet

State = Deferral.State
STANDING = (State.GRANTED, State.SUPPLIED, State.ACCEPTED)
# Promises that are still to be kept; whose licence was revoked owes nothing any more.
OWED = ~Q(state=State.ACCEPTED) & ~Q(application__state=flow.REVOKED)
MOST_DAYS = 366  # to look for working days: a calendar without any is a mistake


def kind_of(standard: Standard) -> str:
    """The material that a deferrable standard asks for."""
    return FIELD[standard.fields[0]].name


def label(kind: str) -> str:
    return str(FIELD[f"materials.{kind}"].label)


def clock_name(kind: str) -> str:
    return f"{flow.MATERIAL}:{kind}"


def unmet(
    application, findings: Iterable[StandardFinding], states: Iterable[str] = tuple(State)
) -> list[StandardFinding]:
    """The findings that fail and whose material isn't promised; reads only where one that may follow fails."""
    return unpromised(
        findings,
        lambda: application.deferrals.filter(state__in=states).values_list("standard", flat=True),
    )


def unpromised(
    findings: Iterable[StandardFinding], promised: Callable[[], Iterable[str]]
) -> list[StandardFinding]:
    """`unmet`, with the numbers of the standards whose material is promised; asked for only where it matters."""
    failed = [finding for finding in findings if finding.failed]
    if not any(finding.standard.deferrable for finding in failed):
        return failed
    known = set(promised())
    return [
        finding
        for finding in failed
        if not (finding.standard.deferrable and finding.standard.id in known)
    ]


def postponed(findings: Iterable[StandardFinding], kinds: Iterable[str]) -> list[StandardFinding]:
    """The questions that nobody can answer before the material is there."""
    keys = {f"materials.{kind}" for kind in kinds}
    return [finding for finding in findings if finding.asks and keys & set(finding.standard.fields)]


def questions_of(
    deferral: Deferral, standards: StandardSet, company_type: str, confirmed: Iterable[str]
) -> list[Standard]:
    """The questions on a material that were left open by the approval."""
    return [
        standard
        for standard in standards.of(flow.registrar())
        if standard.is_question
        and standard.concerns(company_type)
        and standard.id not in confirmed
        and f"materials.{deferral.kind}" in standard.fields
    ]


def due_minutes(zone: Zone, at: datetime) -> int:
    """Working minutes to the end of the zone's last day for a promise; the day of the approval doesn't count."""
    end = datetime.combine(last_day(zone, at) + timedelta(days=1), time(), get_current_timezone())
    return minutes_between(zone, at, end)


def last_day(zone: Zone, at: datetime):
    """The last of the zone's working days for a promise that begins at a moment."""
    calendar = work_calendar(calendar_id(zone.calendar_code))
    day, left = localdate(at), zone.setting("deferral_working_days")
    for _turn in range(MOST_DAYS * 2):
        if not left:
            return day
        day += timedelta(days=1)
        left -= is_workday(day, calendar)
    return day


@dataclass(frozen=True)
class Bar:
    """Why somebody may not promise again: the promise that was broken, since when, and until when that counts."""

    deferral: Deferral
    since: datetime
    until: datetime


def broken(at: datetime) -> Q:
    """Promises whose time has passed, whether or not a sweep has seen it, even if the material came afterwards."""
    return Q(clock__breached_at__isnull=False) | Q(
        clock__state=Clock.State.RUNNING, clock__due_at__lt=at
    )


def bar_of(deferral: Deferral) -> Bar:
    """A broken promise as a bar; `clock` and `application` should be loaded."""
    clock = certain(deferral.clock)
    since = certain(clock.breached_at or clock.due_at)
    return Bar(
        deferral,
        since,
        since + timedelta(days=deferral.application.zone.setting("deferral_bar_days")),
    )


def bars(user: User, filing: Filing, at: datetime) -> list[Bar]:
    """The bars that count now against whoever files: the account, and by their ID numbers the person behind it and
    the one who answers for the filing. A number is barred whoever it was broken as, under whatever account."""
    numbers = {user.id_index, promiser_of(filing), _index_of(filing, AGENT)} - {""}
    theirs = Q(promiser__in=numbers) | Q(asker__in=numbers) | Q(application__applicant=user)
    rows = Deferral.objects.filter(broken(at) & theirs).select_related("clock", "application__zone")
    return [bar for bar in map(bar_of, rows) if bar.until > at]


def promiser_of(filing: Filing) -> str:
    """The legal representative's blind index; empty where there is none."""
    return _index_of(filing, "legal_representative")


def asker_of(application: Application) -> str:
    """The blind index of who files: whoever submits has proved that name and number are theirs."""
    return application.applicant.id_index


def _index_of(filing: Filing, role: str) -> str:
    person = filing.holder_of(role)
    return blind_index(person.number) if person else ""
