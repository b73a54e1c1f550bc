"""Rows of lists as plain values: cases, and what stands beside their clocks. Each reads all rows in a constant number
of queries."""

from datetime import datetime

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from kernel import catalogue
from kernel.cases import characters, deferrals, reading
from kernel.cases.models import Stage
from kernel.core import written
from kernel.core.privacy import mask_name
from kernel.sla.clock_view import view
from portal.supervision import case_page, running, worth_a_look
from portal.supervision.rows_of_time import Value


def cases_rows(cases: list, at: datetime) -> list[list[Value]]:
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


def papers_rows(papers: list, at: datetime) -> list[list[Value]]:
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


def subsidies_rows(orders: list, at: datetime) -> list[list[Value]]:
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


def reviews_rows(reviews: list, at: datetime) -> list[list[Value]]:
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


def escalations_rows(asked: list, at: datetime) -> list[list[Value]]:
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


def messages_rows(rows: list, at: datetime) -> list[list[Value]]:
    stages = Stage.objects.filter(application__in={row.application_id for row in rows})
    held = {
        (stage.application_id, stage.department): str(stage.holder or "")
        for stage in stages.select_related("holder")
    }
    return [
        [
            row.application.number,
            row.application.name,
            row.get_department_display(),
            row.written_at,
            row.clock.due_at if row.clock else None,
            max(0, -view(row.clock, at).left) if row.clock else None,
            held.get((row.application_id, row.department), ""),
        ]
        for row in rows
    ]


def promises_rows(rows: list, at: datetime) -> list[list[Value]]:
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


def barred_rows(rows: list, at: datetime) -> list[list[Value]]:
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


def audits_rows(rows: list, at: datetime) -> list[list[Value]]:
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


def looks_rows(cases: list, at: datetime) -> list[list[Value]]:
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


def looked_rows(events: list, at: datetime) -> list[list[Value]]:
    return [
        [
            event.application.number,
            event.application.name,
            event.at,
            case_page.in_role(event),
            str(_(", ")).join(reading.seen_in(event)),
        ]
        for event in events
    ]


def exported_rows(exports: list, at: datetime) -> list[list[Value]]:
    return [[row.at, str(row.by), row.title] for row in exports]


def windows_rows(windows: list, at: datetime) -> list[list[Value]]:
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
