"""What the trail of a case says of what its applicant was told: a carrier took it, or nothing reached them. Others are
told of a case as well, such as whoever a draft is offered to: of them it says nothing; nor of e-mail that the applicant
gave up themselves, who wants none then."""

from time import monotonic

from django.db.models import Exists, F, OuterRef, Q

from kernel.cases.actions import record_told
from kernel.cases.models import Application
from kernel.core.outbox import channels
from portal.notices.addresses import MAIL, WEBHOOK
from portal.notices.models import Delivery

BATCH = 100
TURN = 5.0  # real seconds of one task
State = Delivery.State
REACHED = (State.TAKEN, State.DELIVERED)
IS_APPLICANT = Q(notice__recipient=F("notice__application__applicant"))
GIVEN_UP = Q(channel=MAIL, fault=Delivery.Fault.GONE)


def write() -> int:
    """One event for each delivery that the trail doesn't know; a case that somebody is moving waits for the next
    sweep. Returns how many were written."""
    due = Delivery.objects.filter(trail_due=True)
    beside = Delivery.objects.filter(notice=OuterRef("notice"), state__in=REACHED)
    beside = beside.exclude(channel=WEBHOOK)  # it tells a machine
    told = due.filter(IS_APPLICANT).exclude(GIVEN_UP | Q(state=State.FAILED) & Exists(beside))
    due.exclude(pk__in=told.values("pk")).update(trail_due=False)
    rows, end = told.select_related("notice").order_by("pk"), monotonic() + TURN
    written, last = 0, 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        written += sum(map(_written, batch))
        if monotonic() > end:
            break
    return written


def _written(delivery: Delivery) -> bool:
    try:
        return record_told(
            application_id=delivery.notice.application_id,
            claim=lambda: _claim(delivery),
            what=delivery.notice.kind,
            by=str(channels.channel(delivery.channel).name),
            fault=delivery.fault,
        )
    except Application.DoesNotExist:
        return False


def _claim(delivery: Delivery) -> bool:
    """Within the move: of two workers one writes it."""
    due = Delivery.objects.filter(pk=delivery.pk, trail_due=True, state=delivery.state)
    return bool(due.update(trail_due=False))
