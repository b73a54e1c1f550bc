"""What was granted on trust, and what came of it: materials that were let follow later, and what the system approved
alone, of which some is looked at afterwards."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from kernel.cases import deferrals
from kernel.cases.models import Deferral, StraightApproval
from portal.supervision.scope import Asked, Scope
from portal.supervision.tally import within


def following(chosen: Callable[[datetime], Q]):
    """Materials that were let follow later, whatever has become of their cases."""

    def rows(scope: Scope, at: datetime, asked: Asked) -> QuerySet[Deferral]:
        rows = Deferral.objects.filter(
            chosen(at), application__zone=scope.zone, clock__isnull=False
        )
        if scope.company_type:
            rows = rows.filter(application__company_type=scope.company_type)
        rows = rows.select_related("application", "clock", "granted_by").defer(
            "application__answers"
        )
        return rows.order_by("granted_at", "pk")

    return rows


def barred(scope: Scope, at: datetime, asked: Asked) -> QuerySet[Deferral]:
    """The broken promises that still keep whoever made them from promising again."""
    kept = timedelta(days=scope.zone.setting("deferral_bar_days"))
    since = Q(clock__breached_at__gt=at - kept) | Q(
        clock__breached_at=None, clock__due_at__gt=at - kept
    )
    rows = following(lambda at: deferrals.broken(at) & since)(scope, at, asked)
    return rows.select_related("application__applicant", "application__zone", "clock").defer(
        "application__answers"
    )


def audits(scope: Scope, at: datetime, asked: Asked) -> QuerySet[StraightApproval]:
    """The cases that the system approved on these days and that were drawn for an after-audit, the latest first."""
    return (
        _straight(scope)
        .filter(drawn=True)
        .select_related("officer")
        .order_by("-approved_at", "-pk")
    )


def _straight(scope: Scope) -> QuerySet[StraightApproval]:
    rows = StraightApproval.objects.filter(
        within("approved_at", scope.spans), application__zone=scope.zone
    )
    rows = rows.filter(application__company_type=scope.company_type) if scope.company_type else rows
    return rows.select_related("application").defer("application__answers")


def audited(scope: Scope) -> dict[str, int]:
    """What came of straight-through approval on these days."""
    outcome = StraightApproval.Outcome
    asked = {
        "approved": Q(),
        "drawn": Q(drawn=True),
        "waiting": Q(drawn=True, looked_at=None),
        "upheld": Q(outcome=outcome.UPHELD),
        "fault": Q(outcome=outcome.FAULT),
    }
    counted = _straight(scope).aggregate(
        **{f"n_{name}": Count("pk", filter=which) for name, which in asked.items()}
    )
    return {name: counted[f"n_{name}"] for name in asked}


def audits_waiting(scope: Scope, at: datetime, asked: Asked) -> QuerySet[StraightApproval]:
    rows = StraightApproval.objects.filter(drawn=True, looked_at=None, application__zone=scope.zone)
    return (
        rows.select_related("application", "officer")
        .defer("application__answers")
        .order_by("approved_at", "pk")
    )
