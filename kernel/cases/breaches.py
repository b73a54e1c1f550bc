"""Clocks that went over: which of them ask for a reason, by when, and what follows where nobody gives it."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat
from django.db.models.lookups import IsNull

from kernel.cases import side_clocks
from kernel.cases.models import Application, Event
from kernel.form import flow
from kernel.sla.models import Alarm, Clock, Level


def late(at: datetime) -> Q:
    """Clocks that went over, whether or not a sweep has seen it."""
    return Q(breached_at__isnull=False) | Q(state=Clock.State.RUNNING, due_at__lt=at)


def asks_for_a_reason(at: datetime) -> Q:
    """Of the clocks that went over: nobody said why; one over several desks asks only where no desk's own went over."""
    desks = Clock.objects.filter(
        late(at), owner=OuterRef("owner"), name__in=set(flow.stage_clocks().values())
    )
    # A scalar subquery is asked for each clock; an EXISTS here would read every clock there is.
    none_of_a_desk = IsNull(Subquery(desks.order_by().values("pk")[:1]), True)
    return Q(breach_reason=None, name__in=flow.counted()) & (
        ~Q(name__in=flow.spanning()) | Q(none_of_a_desk)
    )


def unexplained(application: Application, at: datetime) -> list[Clock]:
    """The case's clocks that went over and whose reason nobody has given, in the order of the flow."""
    clocks = Clock.objects.filter(late(at), asks_for_a_reason(at), owner=application.uid)
    rows = {clock.name: clock for clock in clocks}
    return [rows[rule.name] for rule in flow.clocks().values() if rule.name in rows]


def reason_clock(clock: str) -> str:
    """The name of the side clock within which somebody says why this clock went over."""
    return f"{flow.REASON}:{clock}"


def ask(cases: dict, alarms: Iterable[Alarm], at: datetime) -> None:
    """From the moment that a breach is seen its reason is owed: start a clock of the zone's minutes for it, once.

    `cases` maps owners to their cases, which are locked.
    """
    over = [
        alarm.clock_id
        for alarm in alarms
        if alarm.level == Level.BREACH and alarm.clock.name in flow.clocks()
    ]
    if not over:
        return
    asking = Clock.objects.filter(asks_for_a_reason(at), pk__in=over)
    side_clocks.begin_all(
        side_clocks.started(
            case, reason_clock(name), case.zone.setting("breach_answer_minutes"), at
        )
        for owner, name in asking.values_list("owner", "name")
        for case in [cases[owner]]
    )


def unanswered(application: Application, alarm: Alarm) -> side_clocks.Entry | None:
    """Nobody gave the reason in time: it is put before the next level, once."""
    name = alarm.clock.name.partition(":")[2]
    if not Clock.objects.filter(
        asks_for_a_reason(alarm.seen_at), owner=application.uid, name=name
    ).exists():
        side_clocks.stop([alarm.clock], alarm.seen_at)
        return None
    return Event.Kind.RAISED, {"clock": name, "fell_due_at": alarm.fell_due_at.isoformat()}


def explained(application: Application, clock: str, at: datetime) -> None:
    """The reason has been given."""
    side_clocks.keep(application, reason_clock(clock), at)


def raised(at: datetime) -> QuerySet[Clock]:
    """The side clocks of reasons that went over and are still owed, whether or not a sweep has seen it."""
    owed = Clock.objects.filter(state=Clock.State.RUNNING, due_at__lt=at)
    return owed.filter(name__startswith=f"{flow.REASON}:")


def gone_up(at: datetime) -> Q:
    """Of clocks: they went over, and the missing reason is before the next level."""
    mine = raised(at).filter(
        owner=OuterRef("owner"), name=Concat(Value(f"{flow.REASON}:"), OuterRef("name"))
    )
    return Q(Exists(mine), owner__in=raised(at).order_by().values("owner"))


side_clocks.listen(flow.REASON, unanswered)
