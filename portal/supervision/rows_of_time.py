"""Rows of lists as plain values: clocks, waits, appointments. Each reads all rows in a constant number of queries."""

from collections import defaultdict
from datetime import datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from kernel import catalogue
from kernel.cases.models import Application, BreachReason, Stage
from kernel.cases.situation import state_words
from kernel.form import flow
from kernel.sla.clock_view import view
from kernel.sla.models import Clock, Level
from portal.supervision import case_page, waits
from portal.supervision.running import what_waits
from portal.supervision.tally import DAY_SECONDS

Value = str | int | float | datetime | None


def long_waits_rows(stages: list, at: datetime) -> list[list[Value]]:
    return [
        [
            stage.application.number,
            stage.application.name,
            stage.get_department_display(),
            stage.get_awaits_display() or stage.get_state_display(),
            stage.awaits_since,
            (localdate(at) - localdate(stage.awaits_since)).days,
            str(stage.holder or ""),
        ]
        for stage in stages
    ]


def ended_waits_rows(events: list, at: datetime) -> list[list[Value]]:
    return [
        [
            event.application.number,
            event.application.name,
            event.get_department_display(),
            str(waits.WAITS[wait.kind]),
            wait.began_at,
            wait.ended_at,
            round(wait.seconds / DAY_SECONDS, 1),
        ]
        for event in events
        for wait in [waits.Wait(event.at, event.data, event.began_at)]
    ]


def appointments_rows(events: list, at: datetime) -> list[list[Value]]:
    cases = _owners([event.booking for event in events])
    return [
        [
            case.number,
            case.name,
            event.booking.begins_at,
            event.booking.get_way_display(),
            str(waits.OUTCOMES[event.kind]),
            event.at,
            str(_("by itself")) if event.actor_id is None else "",
        ]
        for event in events
        for case in [cases[event.booking.owner]]
    ]


def _owners(rows: list) -> dict:
    """The cases of clocks or bookings, by their uids."""
    cases = Application.objects.filter(uid__in={row.owner for row in rows}).defer("answers")
    return {case.uid: case for case in cases}


def clocks_rows(clocks: list, at: datetime) -> list[list[Value]]:
    cases, holders = _owners(clocks), case_page.last_holders(clocks)
    waited_for = _waits(cases, at)
    return [
        [
            case.number,
            case.name,
            catalogue.company_types.named(case.company_type),
            flow.clock_label(clock.name),
            state_words(seen, waited_for(clock), _ended(case, clock)).text,
            holders.get(clock.pk, ""),
            clock.started_at,
            clock.stopped_at,
            seen.used,
            seen.limit,
            clock.breached_at or (clock.due_at if seen.over else None),
        ]
        for clock in clocks
        for case, seen in [(cases[clock.owner], view(clock, at))]
    ]


def _waits(cases: dict, at: datetime):
    """What the stages under a clock wait for, of the cases at hand; one query."""
    under_way = Stage.objects.filter(
        application__in=[case.pk for case in cases.values()], state__in=flow.UNDER_WAY
    )
    stages = defaultdict(list)
    for stage in under_way.select_related("clock", "application").defer("application__answers"):
        stages[stage.application.uid].append(stage)

    def of(clock: Clock) -> str:
        rule = flow.clocks().get(clock.name)
        covered = rule.covers if rule else ()
        return what_waits(
            [stage for stage in stages[clock.owner] if stage.department in covered], at
        )

    return of


def _ended(case: Application, clock: Clock) -> str:
    """How the case ended, for a clock that was broken off with it."""
    given_up = case.state in flow.GIVEN_UP
    return case.state if given_up and clock.stopped_at and clock.name == flow.TOTAL else ""


def aside_rows(clocks: list, at: datetime) -> list[list[Value]]:
    cases = _owners(clocks)
    return [
        [
            case.number,
            case.name,
            flow.clock_label(clock.name),
            Level(clock.alarm_level + 1).label,
            clock.moments[clock.alarm_level],
            clock.failures,
            clock.aside_at,
        ]
        for clock in clocks
        for case in [cases[clock.owner]]
    ]


def breaches_rows(clocks: list, at: datetime) -> list[list[Value]]:
    cases, holders = _owners(clocks), case_page.last_holders(clocks)
    reasons = {
        row.clock_id: row
        for row in BreachReason.objects.filter(clock__in=clocks).select_related("given_by")
    }
    return [
        [
            case.number,
            case.name,
            flow.clock_label(clock.name),
            holders.get(clock.pk, ""),
            clock.went_over_at,
            seen.used,
            seen.limit,
            str(reason) if reason else None,
            reason and reason.text,
            reason and str(reason.given_by),
        ]
        for clock in clocks
        for case, seen, reason in [(cases[clock.owner], view(clock, at), reasons.get(clock.pk))]
    ]
