"""The named lists behind the numbers: one table, so that a number is the length of its list.

Deadlines are read from the stored moments, never from what the sweep has claimed: the figures are right with no
worker running.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from kernel.bookings.models import BookingEvent
from kernel.cases import deferrals, questions, reading
from kernel.cases.breaches import asks_for_a_reason, gone_up
from kernel.cases.models import (
    Application,
    Document,
    Escalation,
    Event,
    Stage,
)
from kernel.form import flow
from kernel.sla.models import Clock, Level
from portal.supervision import promises, running, threads, waits, worth_a_look
from portal.supervision.models import Export
from portal.supervision.scope import NOTHING, Asked, Scope
from portal.supervision.tally import (
    breached_clocks,
    clocks_of,
    finished_clocks,
    midnight,
    went_over,
    within,
    without_visit,
)
from reviews.models import BAD_LEVELS, Review
from seals.models import SealOrder


def local_midnight(at: datetime) -> datetime:
    """The beginning of the zone's day that `at` lies in."""
    return midnight(localdate(at))


def overdue_clocks(at: datetime) -> Q:
    return Q(state=Clock.State.RUNNING, due_at__lt=at)


def at_risk_clocks(at: datetime) -> Q:
    """Past the second warning, not yet due."""
    warned = Q(second_warning_at__lte=at) | Q(alarm_level__gte=Level.SECOND_WARNING)
    return Q(state=Clock.State.RUNNING, due_at__gte=at) & warned


def _with(clocks: Q, scope: Scope) -> Q:
    counted = set(scope.clocks) & set(flow.counted())
    return Q(uid__in=Clock.objects.filter(clocks, name__in=counted).values("owner"))


# Cases at this moment


def _now(chosen: Callable[[datetime, Scope], Q], at_the_desk: bool, order: str = "submitted_at"):
    def rows(scope: Scope, at: datetime, asked: Asked) -> QuerySet[Application]:
        return (
            scope.cases(at_the_desk)
            .filter(chosen(at, scope))
            .order_by(order, "pk")
            .defer("answers")
        )

    return rows


def _overdue(scope: Scope, at: datetime, asked: Asked) -> QuerySet[Application]:
    """The most minutes over first: in one calendar that is the deadline that passed first."""
    counted = set(scope.clocks) & set(flow.counted())
    late = Clock.objects.filter(overdue_clocks(at), owner=OuterRef("uid"), name__in=counted)
    first = Subquery(late.order_by("due_at").values("due_at")[:1])
    rows = _now(lambda at, s: _with(overdue_clocks(at), s), True)(scope, at, asked)
    return rows.annotate(over_since=first).order_by("over_since", "pk")


# Cases, clocks, subsidies and reviews of some days: whatever the desk, except for clocks


def _of_days(scope: Scope, column: str) -> QuerySet[Application]:
    rows = Application.objects.filter(within(column, scope.spans), zone=scope.zone).exclude(
        state=flow.DRAFT
    )
    rows = rows.filter(company_type=scope.company_type) if scope.company_type else rows
    return rows.order_by(f"-{column}", "-pk").defer("answers")


def _filed(scope: Scope, at: datetime, asked: Asked) -> QuerySet[Application]:
    rows = _of_days(scope, "submitted_at")
    if asked.get("hour", "").isdecimal():
        rows = rows.filter(submitted_at__hour=int(asked["hour"][:2]))
    return (
        rows.filter(channel=asked["channel"])
        if asked.get("channel") in Application.Channel.values
        else rows
    )


def _completed(scope: Scope, at: datetime, asked: Asked) -> QuerySet[Application]:
    rows = _of_days(scope, "completed_at")
    if asked.get("visit") == "none":
        rows = rows.filter(without_visit())
    if (department := asked.get("without")) in flow.departments():
        rows = rows.exclude(standards_versions__has_key=department)
    if asked.get("reviewed"):
        rows = rows.filter(Exists(Review.objects.filter(application=OuterRef("pk"))))
    return rows


def _finished(scope: Scope, at: datetime, asked: Asked) -> QuerySet[Clock]:
    rows = finished_clocks(scope.zone, scope.spans).filter(name__in=scope.clocks)
    if asked.get("clock") in flow.clocks():
        rows = rows.filter(name=asked["clock"])
    if asked.get("over"):
        rows = rows.filter(breached_at__isnull=False)
    return _of_type(rows, scope).order_by("-stopped_at", "-pk")


def _of_type(rows: QuerySet[Clock], scope: Scope) -> QuerySet[Clock]:
    return rows.filter(company_type=scope.company_type) if scope.company_type else rows


def _clocks_under_way(scope: Scope, at: datetime, asked: Asked) -> QuerySet[Clock]:
    return running.running_clocks(scope, at)


def breaches(scope: Scope, at: datetime, asked: Asked = NOTHING) -> QuerySet[Clock]:
    """The clocks that went over on these days, the latest first; with `reason` none, those that still ask for one."""
    rows = went_over(scope.zone, scope.spans, at).filter(name__in=scope.clocks)
    if asked.get("clock") in flow.clocks():
        rows = rows.filter(name=asked["clock"])
    if asked.get("reason") == "none":
        rows = rows.filter(asks_for_a_reason(at))
    return _of_type(rows, scope).order_by("-went_over_at", "-pk")


def raised(scope: Scope, at: datetime, asked: Asked = NOTHING) -> QuerySet[Clock]:
    """The clocks that went over and whose missing reason went to the next level, the longest ago first."""
    rows = clocks_of(scope.zone).filter(gone_up(at), name__in=scope.clocks)
    rows = rows.annotate(went_over_at=Coalesce(F("breached_at"), F("due_at")))
    return _of_type(rows, scope).order_by("went_over_at", "pk")


def aside(scope: Scope, at: datetime, asked: Asked = NOTHING) -> QuerySet[Clock]:
    """The clocks, promises too, whose announcement failed again and again."""
    rows = clocks_of(scope.zone, without=(), names=None).filter(aside_at__isnull=False)
    return rows.order_by("aside_at", "pk")


def unmade(scope: Scope, at: datetime, asked: Asked = NOTHING) -> QuerySet[Document]:
    rows = Document.objects.filter(Document.unmade(at), application__zone=scope.zone)
    return (
        rows.select_related("application").defer("application__answers").order_by("issued_at", "pk")
    )


def _subsidy(scope: Scope, at: datetime, asked: Asked) -> QuerySet[SealOrder]:
    rows = SealOrder.objects.filter(
        within("delivered_at", scope.spans), application__zone=scope.zone
    )
    if scope.company_type:
        rows = rows.filter(application__company_type=scope.company_type)
    return rows.order_by("-delivered_at", "-pk")


def _reviews(scope: Scope, at: datetime, asked: Asked) -> QuerySet[Review]:
    completed = _of_days(scope, "completed_at").order_by()
    rows = Review.objects.filter(application__in=completed)
    if asked.get("level", "").isdecimal():
        rows = rows.filter(level=int(asked["level"][:2]))
    elif asked.get("level") == "good":
        rows = rows.exclude(level__in=BAD_LEVELS)
    return rows.order_by("-created_at", "-pk")


def escalations(
    scope: Scope, at: datetime | None = None, asked: Asked = NOTHING
) -> QuerySet[Escalation]:
    """What waits for the supervisor's answer, the first that falls due before the others."""
    rows = Escalation.objects.waiting().filter(
        stage__zone=scope.zone, stage__application__state__in=flow.RUNNING_STATES
    )
    if scope.desk:
        rows = rows.filter(stage__department=scope.desk)
    if scope.company_type:
        rows = rows.filter(stage__application__company_type=scope.company_type)
    rows = rows.select_related("stage__application", "asked_by__window", "clock")
    return rows.order_by(F("clock__due_at").asc(nulls_first=True), "asked_at", "pk")


def escalations_overdue(scope: Scope, at: datetime, asked: Asked = NOTHING) -> QuerySet[Escalation]:
    return escalations(scope).filter(questions.overdue(at))


def _worth_a_look(scope: Scope, at: datetime, asked: Asked) -> QuerySet[Application]:
    return worth_a_look.cases(scope, at)


def _long_waits(scope: Scope, at: datetime, asked: Asked = NOTHING) -> QuerySet[Stage]:
    """The stages that have been with their applicants for the zone's days, the longest first."""
    since = at - timedelta(days=scope.zone.setting("wait_list_days"))
    rows = Stage.objects.filter(application__in=scope.cases(at_the_desk=True).values("pk"))
    rows = rows.filter(department=scope.desk) if scope.desk else rows
    stages = rows.with_applicant_since(since).select_related("application", "holder")
    return stages.defer("application__answers")


def _ended_waits(scope: Scope, at: datetime, asked: Asked) -> QuerySet[Event]:
    rows = waits.ended(
        scope.zone, within("at", scope.spans), _known(asked, "waited_for", waits.WAITS)
    )
    rows = rows.filter(application__company_type=scope.company_type) if scope.company_type else rows
    return rows.select_related("application").defer("application__answers")


def _known(asked: Asked, name: str, words: Mapping) -> str:
    """What is asked for, where there is such a thing; else nothing."""
    return asked[name] if asked.get(name) in words else ""


def _appointments(scope: Scope, at: datetime, asked: Asked) -> QuerySet[BookingEvent]:
    rows = waits.appointments(
        scope.zone, within("at", scope.spans), _known(asked, "outcome", waits.OUTCOMES)
    )
    rows = rows.filter(company_type=scope.company_type) if scope.company_type else rows
    return rows.select_related("booking__diary")


def _windows(scope: Scope, at: datetime, asked: Asked) -> QuerySet:
    return scope.zone.windows.order_by("number")


def _looked(scope: Scope, at: datetime, asked: Asked) -> QuerySet[Event]:
    """Who of the staff opened files and numbers of the zone's cases."""
    rows = Event.objects.filter(
        within("at", scope.spans), kind__in=reading.LOOKS, application__zone=scope.zone
    )
    if scope.desk:
        rows = rows.filter(department=scope.desk)
    if scope.company_type:
        rows = rows.filter(application__company_type=scope.company_type)
    rows = rows.select_related("application", "actor").defer("application__answers")
    return rows.order_by("-at", "-pk")


def _exported(scope: Scope, at: datetime, asked: Asked) -> QuerySet[Export]:
    rows = Export.objects.filter(within("at", scope.spans), zone=scope.zone)
    return rows.select_related("by").order_by("-at", "-pk")


@dataclass(frozen=True)
class Listing:
    """`rows(scope, at, asked)` are what it lists; `table` says how (tables.TABLES); `kind` colours its tile while it
    isn't empty; with `days` the list is of the scope's days, else of this moment. With `of_others` nobody reads in it
    of their own work: it says who wrote."""

    name: str
    label: str
    rows: Callable[[Scope, datetime, Asked], QuerySet]
    table: str = "cases"
    kind: str = ""
    days: bool = False
    of_others: bool = False


NO_REASON = {"reason": "none"}
TILES = (
    Listing(
        "overdue",
        _("Over the limit now"),
        _overdue,
        kind="bad",
    ),
    Listing(
        "at_risk",
        _("At risk, past 80%"),
        _now(lambda at, s: _with(at_risk_clocks(at), s) & ~_with(overdue_clocks(at), s), True),
        kind="warn",
    ),
    Listing(
        "breached_today",
        _("Went over today"),
        _now(lambda at, s: _with(breached_clocks(local_midnight(at), at), s), False),
    ),
    Listing("running", _("Under way"), _now(lambda at, s: Q(state__in=flow.RUNNING_STATES), True)),
    Listing(
        "filed_today",
        _("Filed today"),
        _now(lambda at, s: Q(submitted_at__gte=local_midnight(at)), False, "-submitted_at"),
    ),
    Listing(
        "done_today",
        _("Completed today"),
        _now(lambda at, s: Q(completed_at__gte=local_midnight(at)), False, "-completed_at"),
    ),
)
LISTS = (
    *TILES,
    Listing("clocks", _("Running clocks"), _clocks_under_way, "clocks"),
    Listing("escalations", _("Questions waiting"), escalations, "escalations"),
    Listing(
        "escalations_overdue", _("Questions overdue"), escalations_overdue, "escalations", "bad"
    ),
    Listing("messages", _("Messages to answer"), threads.waiting, "messages"),
    Listing("messages_overdue", _("Messages overdue"), threads.overdue, "messages", "bad"),
    Listing(
        "following",
        _("Materials to follow"),
        promises.following(lambda at: deferrals.OWED),
        "promises",
    ),
    Listing(
        "following_overdue",
        _("Materials overdue"),
        promises.following(lambda at: deferrals.OWED & deferrals.broken(at)),
        "promises",
        kind="bad",
    ),
    Listing("barred", _("May not promise again"), promises.barred, "barred"),
    Listing("audits", _("After-audits"), promises.audits, "audits", days=True),
    Listing("audits_waiting", _("After-audits waiting"), promises.audits_waiting, "audits"),
    Listing("long_waits", _("With the applicant for days"), _long_waits, "waits", kind="warn"),
    Listing("ended_waits", _("What waited for applicants"), _ended_waits, "ended_waits", days=True),
    Listing("appointments", _("Appointments"), _appointments, "appointments", days=True),
    Listing("windows", _("Windows"), _windows, "windows"),
    Listing("filed", _("Cases filed"), _filed, days=True),
    Listing("completed", _("Cases completed"), _completed, days=True),
    Listing("finished", _("Finished clocks"), _finished, "clocks", days=True),
    Listing("breaches", _("Breaches"), breaches, "breaches", days=True),
    Listing("raised", _("Sent to the next level"), raised, "breaches"),
    Listing("aside", _("Clocks set aside"), aside, "aside"),
    Listing("unmade", _("Papers that can't be made"), unmade, "papers"),
    Listing("worth_a_look", _("Worth a look"), _worth_a_look, "looks"),
    Listing("looked", _("Who looked at what"), _looked, "looked", days=True),
    Listing("exported", _("Lists taken out as files"), _exported, "exported", days=True),
    Listing("subsidy", _("Seals paid by the zone"), _subsidy, "subsidies", days=True),
    Listing("reviews", _("Reviews"), _reviews, "reviews", days=True, of_others=True),
)
READING_LISTS = [row for row in LISTS if row.name in ("looked", "exported")]
PROMISE_LISTS = [
    row for row in LISTS if row.name in ("following", "following_overdue", "barred", "audits")
]
LIST = {row.name: row for row in LISTS}
ASKED = (
    "clock",
    "over",
    "hour",
    "channel",
    "visit",
    "reviewed",
    "without",
    "waited_for",
    "outcome",
    "level",
    "reason",
)  # what narrows a list further
