"""The named lists of cases behind the tiles: one table, so that a tile's number is the length of its list.

Deadlines are read from the stored moments, never from what the sweep has claimed: the figures are right with no
worker running.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.timezone import get_current_timezone, localdate
from django.utils.translation import gettext_lazy as _

from registration import flow
from registration.models import Application, Escalation
from sla.models import Clock, Level


def local_midnight(at: datetime) -> datetime:
    """The beginning of the zone's day that `at` lies in."""
    return datetime.combine(localdate(at), time(), tzinfo=get_current_timezone())


def overdue_clocks(at: datetime) -> Q:
    return Q(state=Clock.State.RUNNING, due_at__lt=at)


def at_risk_clocks(at: datetime) -> Q:
    """Past the second warning, not yet due."""
    warned = Q(second_warning_at__lte=at) | Q(alarm_level__gte=Level.SECOND_WARNING)
    return Q(state=Clock.State.RUNNING, due_at__gte=at) & warned


def breached_clocks(since: datetime, at: datetime) -> Q:
    """Fell due since then without being stopped in time, whether or not a sweep has seen it."""
    return Q(breached_at__gte=since) | Q(state=Clock.State.RUNNING, due_at__gte=since, due_at__lt=at)


def _with(clocks: Q) -> Q:
    return Q(uid__in=Clock.objects.filter(clocks).values("owner"))


@dataclass(frozen=True)
class CaseList:
    """`chosen(at)` picks the cases; `kind` colours the tile while it isn't zero; `order` sorts the rows."""

    name: str
    label: str
    chosen: Callable[[datetime], Q]
    kind: str = ""
    order: str = "submitted_at"


LISTS = (
    CaseList("overdue", _("Over the limit now"), lambda at: _with(overdue_clocks(at)), "bad"),
    CaseList(
        "at_risk", _("At risk, past 80 %"),
        lambda at: _with(at_risk_clocks(at)) & ~_with(overdue_clocks(at)), "warn",
    ),
    CaseList(
        "breached_today", _("Went over today"), lambda at: _with(breached_clocks(local_midnight(at), at)),
    ),
    CaseList("running", _("Under way"), lambda at: Q(state__in=flow.RUNNING_STATES)),
    CaseList("filed_today", _("Filed today"), lambda at: Q(submitted_at__gte=local_midnight(at)), "", "-submitted_at"),
    CaseList(
        "done_today", _("Completed today"), lambda at: Q(completed_at__gte=local_midnight(at)), "", "-completed_at",
    ),
)  # fmt: skip
LIST = {row.name: row for row in LISTS}


def cases(user, name: str, at: datetime) -> QuerySet[Application]:
    """The cases of a named list that the user oversees. Raises KeyError for a list that doesn't exist."""
    row = LIST[name]
    return Application.objects.for_user(user).filter(row.chosen(at)).order_by(row.order, "pk")


def open_escalations(zone) -> QuerySet[Escalation]:
    """What waits for the supervisor's answer: not once the case has ended."""
    rows = Escalation.objects.filter(
        stage__zone=zone, answered_at=None, stage__application__state__in=flow.RUNNING_STATES
    )
    return rows.select_related("stage__application", "asked_by__window").order_by("asked_at", "pk")


def breaches(zone, since: datetime, at: datetime) -> QuerySet[Clock]:
    """The clocks of the zone's cases that went over since then, the latest first."""
    owners = Application.objects.filter(zone=zone).exclude(state=flow.DRAFT).values("uid")
    rows = Clock.objects.filter(breached_clocks(since, at), owner__in=owners)
    return rows.annotate(went_over_at=Coalesce(F("breached_at"), F("due_at"))).order_by("-went_over_at", "-pk")
