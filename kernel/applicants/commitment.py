"""By when a case is done, as its pages promise it: never earlier than can be, never later than was said.

An appointment at the bank that lies beyond the limit of the whole case is the applicant's own time. The promise then
has two parts: everything else by the limit, and the bank within its minutes from the appointment on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.timezone import localtime

from kernel.cases import awaiting
from kernel.cases.models import Application
from kernel.cases.queries import CaseView
from kernel.core.certain import certain
from kernel.form import flow
from kernel.form.filing import Filing, read
from kernel.sla.calendars import calendar_id, work_calendar
from kernel.sla.clock_view import ClockView
from kernel.sla.workdays import unsettled_years
from kernel.sla.worktime import deadline


@dataclass(frozen=True)
class Commitment:
    """`by` is when everything is done, or everything but the bank where `bank_by` says when that is; None: not known
    while the case waits for a correction, or nothing is left of it. `minutes` are the bank's, from `appointment` on.
    `unsettled` is the year whose holidays it rests on without their official arrangement being known: it may move."""

    by: datetime | None = None
    bank_by: datetime | None = None
    appointment: datetime | None = None
    minutes: int = 0
    unsettled: int | None = None

    @property
    def last(self) -> datetime | None:
        return self.bank_by or self.by


def of_view(view: CaseView, filing: Filing) -> Commitment:
    return made(view.application, view.clocks, filing, view.at)


def of_case(application: Application, clocks: Mapping[str, ClockView], at: datetime) -> Commitment:
    """The same where only the row of the case was read, with its answers where it is under way."""
    if application.state not in flow.RUNNING_STATES:
        return Commitment()
    return made(application, clocks, read(application, (), (), at.date()), at)


def made(
    application: Application, clocks: Mapping[str, ClockView], filing: Filing, at: datetime
) -> Commitment:
    return _judged(_made(application, clocks, filing, at), application, at)


def _made(
    application: Application, clocks: Mapping[str, ClockView], filing: Filing, at: datetime
) -> Commitment:
    total = clocks.get("total")
    if total is None or application.state not in flow.RUNNING_STATES:
        return Commitment()
    appointment, bank = awaiting.appointment(filing, application.zone), clocks.get(_bank())
    if bank and bank.rests_until:
        rest = [
            certain(clocks[name].due_at)
            for name in _beside_the_bank()
            if name in clocks and clocks[name].running
        ]
        return Commitment(max(rest, default=None), bank.due_at, bank.rests_until, bank.limit)
    if bank and bank.running and appointment and bank.started_at < appointment:
        # As it was said while the bank awaited it.
        return Commitment(min(certain(total.due_at), certain(clocks["settling"].due_at)))
    return (
        _with_bank(application, appointment, total.due_at, at)
        if bank is None
        else Commitment(total.due_at)
    )


def if_filed_now(application: Application, filing: Filing, at: datetime) -> Commitment:
    """What the receipt would promise."""
    zone = application.zone
    minutes = flow.budget("total", zone.settings, among=filing.departments)
    limit = deadline(at, minutes, work_calendar(calendar_id(zone.calendar_code)))
    promise = _with_bank(application, awaiting.appointment(filing, zone), limit, at)
    return _judged(promise, application, at)


def _judged(promise: Commitment, application: Application, at: datetime) -> Commitment:
    """The same, saying whether it rests on a year whose official arrangement isn't known yet."""
    if promise.last is None:
        return promise
    calendar = work_calendar(calendar_id(application.zone.calendar_code))
    years = range(localtime(at).year, localtime(promise.last).year + 1)
    return replace(promise, unsettled=next(iter(unsettled_years(years, calendar)), None))


def _with_bank(
    application: Application, appointment: datetime | None, limit: datetime | None, at: datetime
):
    """The limit of the whole case while the bank's part is still to come; in two parts where that can't lie within."""
    if limit and appointment and appointment > at:
        zone = application.zone
        minutes = flow.budget(_bank(), zone.settings)
        bank_by = deadline(appointment, minutes, work_calendar(calendar_id(zone.calendar_code)))
        if bank_by > limit:
            return Commitment(limit, bank_by, appointment, minutes)
    return Commitment(limit)


def _bank() -> str:
    """The clock of the bank."""
    return flow.stage_clocks().get(flow.meeting(), "")


def _beside_the_bank() -> list[str]:
    """The clocks of those that work beside it."""
    return [flow.stage_clocks()[name] for name in flow.beside() if name != flow.meeting()]
