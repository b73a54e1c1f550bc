"""The rows of a list as plain values, for the page as well as for CSV and Excel: the same rows, the same columns."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import prefetch_related_objects
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel import catalogue
from kernel.cases import characters, deferrals
from kernel.cases.models import Application, BreachReason, Stage
from kernel.cases.situation import state_words
from kernel.core import written
from kernel.core.privacy import mask_name
from kernel.form import flow
from kernel.sla.clock_view import view
from kernel.sla.models import Clock, Level
from portal.supervision import case_page, running, waits, worth_a_look
from portal.supervision.running import what_waits
from portal.supervision.tally import DAY_SECONDS

Value = str | int | float | datetime | None


@dataclass(frozen=True)
class Table:
    """`read(rows, at)` gives the values of each row in a constant number of queries; the first is a filing number
    where `of_cases` is set, and leads to the case."""

    columns: Sequence[str]
    read: Callable[[list, datetime], list[list[Value]]]
    of_cases: bool = True


NUMBER, COMPANY = _("Number"), _("Company")
USED, LIMIT = _("Used (working minutes)"), _("Limit (working minutes)")


def _cases(cases: list, at: datetime) -> list[list[Value]]:
    return [
        [
            row.case.number,
            row.case.name,
            catalogue.company_types.named(row.case.company_type),
            row.case.get_state_display(),
            row.case.get_channel_display(),
            row.holder,
            row.case.submitted_at,
            row.case.completed_at,
            row.clock_label,
            row.clock.used if row.clock else None,
            row.clock.limit if row.clock else None,
        ]
        for row in case_page.rows(cases, at)
    ]


def _long_waits(stages: list, at: datetime) -> list[list[Value]]:
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


def _ended_waits(events: list, at: datetime) -> list[list[Value]]:
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


def _appointments(events: list, at: datetime) -> list[list[Value]]:
    uids = {event.booking.owner for event in events}
    cases = {case.uid: case for case in Application.objects.filter(uid__in=uids).defer("answers")}
    return [
        [
            cases[event.booking.owner].number,
            cases[event.booking.owner].name,
            event.booking.begins_at,
            event.booking.get_way_display(),
            str(waits.OUTCOMES[event.kind]),
            event.at,
            str(_("by itself")) if event.actor_id is None else "",
        ]
        for event in events
    ]


def _owners(clocks: list) -> dict:
    rows = Application.objects.filter(uid__in={clock.owner for clock in clocks}).defer("answers")
    return {case.uid: case for case in rows}


def _clocks(clocks: list, at: datetime) -> list[list[Value]]:
    cases, holders = _owners(clocks), case_page.last_holders(clocks)
    waits = _waits(cases, at)
    return [
        [
            case.number,
            case.name,
            catalogue.company_types.named(case.company_type),
            flow.clock_label(clock.name),
            state_words(seen, waits(clock), _ended(case, clock)).text,
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


def _aside(clocks: list, at: datetime) -> list[list[Value]]:
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


def _breaches(clocks: list, at: datetime) -> list[list[Value]]:
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


def _papers(papers: list, at: datetime) -> list[list[Value]]:
    return [
        [
            paper.application.number,
            paper.application.name,
            paper.get_kind_display(),
            paper.issued_at,
            ", ".join(map(written.code, characters.undrawn(paper.application, paper.facts)))
            or str(_("see the log")),
        ]
        for paper in papers
    ]


def _subsidies(orders: list, at: datetime) -> list[list[Value]]:
    prefetch_related_objects(orders, "application")
    return [
        [
            order.application.number,
            order.application.name,
            order.delivered_at,
            order.subsidy_fen / 100,
        ]
        for order in orders
    ]


def _reviews(reviews: list, at: datetime) -> list[list[Value]]:
    prefetch_related_objects(reviews, "application")
    return [
        [
            review.application.number,
            review.application.name,
            review.get_service_display(),
            review.get_level_display(),
            review.comment,
            review.created_at,
        ]
        for review in reviews
    ]


def _escalations(asked: list, at: datetime) -> list[list[Value]]:
    return [
        [
            row.stage.application.number,
            row.stage.application.name,
            row.stage.get_department_display(),
            row.question,
            row.asker,
            row.asked_at,
            row.clock.due_at if row.clock else None,
            max(0, -view(row.clock, at).left) if row.clock else None,
        ]
        for row in asked
    ]


def _promises(rows: list, at: datetime) -> list[list[Value]]:
    return [
        [
            row.application.number,
            row.application.name,
            deferrals.label(row.kind),
            row.get_state_display(),
            row.granted_at,
            str(row.granted_by),
            row.clock.due_at,
            row.supplied_at,
            row.clock.breached_at
            or (row.clock.due_at if row.clock.due_at and row.clock.due_at < at else None),
        ]
        for row in rows
    ]


def _barred(rows: list, at: datetime) -> list[list[Value]]:
    """Who broke a promise, masked: nobody's name is needed to see that the list is right."""
    return [
        [
            row.application.number,
            row.application.name,
            mask_name(row.application.applicant.real_name),
            mask_name(row.application.legal_representative),
            deferrals.label(row.kind),
            bar.since,
            bar.until,
        ]
        for row in rows
        for bar in [deferrals.bar_of(row)]
    ]


def _audits(rows: list, at: datetime) -> list[list[Value]]:
    return [
        [
            row.application.number,
            row.application.name,
            row.approved_at,
            row.looked_at,
            str(row.officer) if row.officer else None,
            row.get_outcome_display() or None,
            " ".join(row.cited),
            row.note,
        ]
        for row in rows
    ]


def _looks(cases: list, at: datetime) -> list[list[Value]]:
    """Why each is worth a look; who filed is masked, the case itself says more."""
    prefetch_related_objects(cases, "zone")
    return [
        [
            case.number,
            case.name,
            mask_name(case.applicant.real_name),
            case.submitted_at,
            worth_a_look.reasons(case, case.zone),
        ]
        for case in cases
    ]


def _windows(windows: list, at: datetime) -> list[list[Value]]:
    prefetch_related_objects(windows, "user_set")
    served = running.served(window.pk for window in windows)
    return [
        [
            window.number,
            window.title,
            window.get_department_display(),
            " ".join(_people(window)),
            " ".join(stage.application.number for stage in served.get(window.pk, ())),
        ]
        for window in windows
    ]


def _people(window) -> list[str]:
    return [user.real_name for user in window.user_set.all() if user.is_active]


TABLES = {
    "waits": Table(
        (
            NUMBER,
            COMPANY,
            _("Department"),
            _("Waits for"),
            _("Since"),
            _("Calendar days"),
            _("Held by"),
        ),
        _long_waits,
    ),
    "ended_waits": Table(
        (
            NUMBER,
            COMPANY,
            _("Department"),
            _("Waited for"),
            _("Since"),
            pgettext_lazy("wait", "Until"),
            _("Calendar days"),
        ),
        _ended_waits,
    ),
    "appointments": Table(
        (
            NUMBER,
            COMPANY,
            _("Appointment"),
            _("How"),
            _("What came of it"),
            pgettext_lazy("appointment", "Recorded"),
            pgettext_lazy("appointment", "By whom"),
        ),
        _appointments,
    ),
    "cases": Table(
        (
            NUMBER,
            COMPANY,
            _("Company type"),
            _("State"),
            _("Channel"),
            _("Held by"),
            _("Filed"),
            _("Completed"),
            _("Most urgent clock"),
            USED,
            LIMIT,
        ),
        _cases,
    ),
    "clocks": Table(
        (
            NUMBER,
            COMPANY,
            _("Company type"),
            _("Clock"),
            _("State"),
            _("Held by"),
            _("Started"),
            _("Stopped"),
            USED,
            LIMIT,
            _("Went over"),
        ),
        _clocks,
    ),
    "breaches": Table(
        (
            NUMBER,
            COMPANY,
            _("Clock"),
            _("Held by"),
            _("Went over"),
            USED,
            LIMIT,
            _("Reason"),
            _("What happened"),
            _("Given by"),
        ),
        _breaches,
    ),
    "aside": Table(
        (
            NUMBER,
            COMPANY,
            _("Clock"),
            _("What is not announced"),
            _("Fell due"),
            _("Failures"),
            _("Set aside"),
        ),
        _aside,
    ),
    "papers": Table(
        (NUMBER, COMPANY, _("Paper"), _("Issued"), _("Characters that no font here has")), _papers
    ),
    "subsidies": Table((NUMBER, COMPANY, _("Granted"), _("Amount (yuan)")), _subsidies),
    "reviews": Table(
        (NUMBER, COMPANY, _("Service"), _("Level"), _("Comment"), pgettext_lazy("review", "Given")),
        _reviews,
    ),
    "escalations": Table(
        (
            NUMBER,
            COMPANY,
            _("Desk"),
            _("Question"),
            _("Asked by"),
            _("Asked"),
            _("Due"),
            _("Minutes over"),
        ),
        _escalations,
    ),
    "promises": Table(
        (
            NUMBER,
            COMPANY,
            _("Material"),
            _("State"),
            _("Approved"),
            _("Approved by"),
            _("Last day"),
            _("Supplied"),
            _("Went over"),
        ),
        _promises,
    ),
    "barred": Table(
        (
            NUMBER,
            COMPANY,
            _("Applicant"),
            _("Legal representative"),
            _("Material not supplied"),
            _("Broken"),
            _("Until"),
        ),
        _barred,
    ),
    "audits": Table(
        (
            NUMBER,
            COMPANY,
            _("Approved by the system"),
            _("Looked at"),
            _("Officer"),
            _("Outcome"),
            _("Standards not met"),
            _("What was found"),
        ),
        _audits,
    ),
    "looks": Table((NUMBER, COMPANY, _("Applicant"), _("Filed"), _("Why")), _looks),
    "windows": Table(
        (_("Window"), _("Name"), _("Department"), _("People"), _("Serving")),
        _windows,
        of_cases=False,
    ),
}
