"""What the trail of a case says of what its applicant was told: a carrier took it, or nothing reached them."""

from kernel.accounts.models import Role
from kernel.cases.actions import record_told
from kernel.cases.models import Application
from kernel.core.outbox import channels
from portal.notices.models import Delivery

BATCH = 100
State = Delivery.State


def write() -> int:
    """One event for each delivery that the trail doesn't know; a case that somebody is moving waits for the next
    sweep. Returns how many were written."""
    due = Delivery.objects.filter(trail_due=True).select_related("notice__recipient")
    return sum(map(_written, due.order_by("pk")[:BATCH]))


def _written(delivery: Delivery) -> bool:
    notice = delivery.notice
    if notice.application_id is None or not notice.recipient.holds(Role.APPLICANT):
        Delivery.objects.filter(pk=delivery.pk).update(trail_due=False)
        return False
    try:
        return record_told(
            application_id=notice.application_id,
            claim=lambda: _claim(delivery),
            what=notice.kind,
            by=str(channels.channel(delivery.channel).name),
            fault=delivery.fault,
        )
    except Application.DoesNotExist:
        return False


def _claim(delivery: Delivery) -> bool:
    """Within the move: of two workers one writes it."""
    due = Delivery.objects.filter(pk=delivery.pk, trail_due=True, state=delivery.state)
    return bool(due.update(trail_due=False))
