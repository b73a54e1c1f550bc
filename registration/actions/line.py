"""The line: what keeps its order and its pace. One line for each desk of a zone; nobody picks from it."""

from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.zones import zone
from registration import flow, rights
from registration.casework import Case, casework, idle_from, stagework
from registration.choices import PriorityGround
from registration.errors import Incomplete, Refused, Stale
from registration.models import Application, Event, Stage
from sla.moment import now

OFTEN = timedelta(minutes=1)  # looking at a page again within it is written down once
BATCH = 100


def touch(*, actor, stage_id: int) -> None:
    """The officer is at the case in their hands: it stays there. Not an event: nothing of the case changes."""
    idle_at = idle_from(zone(actor.zone_id), now())
    mine = Stage.objects.filter(pk=stage_id, holder=actor, state=flow.OPEN)
    mine.filter(Q(idle_at=None) | Q(idle_at__lt=idle_at - OFTEN)).update(idle_at=idle_at)


def give_back_idle() -> int:
    """Put what its officers have left untouched back in line, where it stood; returns how many. For the sweep."""
    due = Stage.objects.filter(idle_at__lte=now()).order_by("idle_at").values_list("pk", flat=True)[:BATCH]
    return sum(_give_back(stage_id) for stage_id in list(due))


def _give_back(stage_id: int) -> bool:
    try:
        with stagework(stage_id, wait=False) as (case, stage):
            if not stage.idle_at or stage.idle_at > case.at:
                return False
            if _is_waited_for(case, stage):
                return False
            before, stage.holder, stage.taken_at, stage.idle_at = stage.holder_id, None, None, None
            case.record(Event.Kind.GIVEN_BACK, stage, before=before)
    except Application.DoesNotExist:  # somebody is moving the case at this moment
        return False
    return True


def _is_waited_for(case: Case, stage: Stage) -> bool:
    """Whether the officer has done something since, or waits for the supervisor's answer: then it stays for a while."""
    done = case.application.events.filter(actor=stage.holder_id, department=stage.department).order_by("seq").last()
    touched = max(moment for moment in (done and done.at, stage.taken_at) if moment)
    if stage.escalations.filter(answered_at=None).exists():
        touched = case.at
    idle_at = idle_from(case.application.zone, touched)
    if idle_at <= case.at:
        return False
    Stage.objects.filter(pk=stage.pk).update(idle_at=idle_at)
    return True


def prioritise(*, actor, application_id: int, ground: str) -> Application:
    """Let a case go first in every line, on one of the grounds that the zone has published.

    Only the supervisor: who works at a line doesn't choose from it. Raises Stale once the case is over.
    """
    with casework(application_id, actor) as case:
        rights.require_supervisor(actor, case.application)
        if ground not in grounds(case.application.zone):
            raise Incomplete(_("Choose one of the published grounds."))
        if case.application.state not in flow.RUNNING_STATES:
            raise Stale
        if case.application.priority:
            raise Refused(_("The case already goes first."))
        case.application.priority = 1
        Stage.objects.filter(application=case.application).update(priority=1)
        case.record(Event.Kind.PRIORITISED, priority_ground=ground)
    return case.application


def grounds(zone) -> dict[str, str]:
    """The published grounds of the priority lane: code → what it is called."""
    return {code: PriorityGround(code).label for code in zone.setting("priority_grounds")}
