"""What a window asks its supervisor: by when the answer comes, and what becomes of a question that needs none any more.

Meanwhile the stage's clock runs on, and its minutes are the supervisor's. The answer has a side clock of its own, of
the zone's `escalation_minutes`, with a warning at the second of the zone's percentages; where it goes over, the next
level may answer too.
"""

from datetime import datetime

from django.db.models import Q

from kernel.cases import side_clocks
from kernel.cases.models import Application, Escalation, Stage
from kernel.form import flow
from kernel.sla.models import Clock


def asked(application: Application, escalation: Escalation, at: datetime) -> None:
    """From now on the answer is owed: start its clock, and keep it with the question."""
    zone = application.zone
    clock = side_clocks.started(
        application,
        f"{flow.ESCALATION}:{escalation.pk}",
        zone.setting("escalation_minutes"),
        at,
        zone.setting("warn_at_percent")[1:],
    )
    clock.save()
    escalation.clock = clock
    escalation.save(update_fields=["clock"])


def let_go(stages: list[Stage], at: datetime) -> None:
    """These stages have moved on without the answer, so that nobody owes it any more."""
    waiting = Escalation.objects.waiting().filter(stage__in=stages)
    clocks = [question.clock for question in waiting.select_related("clock") if question.clock_id]
    side_clocks.stop([clock for clock in clocks if clock.state != Clock.State.STOPPED], at)
    waiting.update(let_go_at=at)


def overdue(at: datetime) -> Q:
    """Of questions: they were not answered in time, whether or not a sweep has seen it."""
    return Q(clock__breached_at__isnull=False) | Q(
        clock__state=Clock.State.RUNNING, clock__due_at__lt=at
    )
