"""What the trail of a case says of what its applicant was told: a carrier took it, or nothing reached them."""

from time import monotonic

from kernel.accounts.models import Role
from kernel.cases.actions import record_told
from kernel.cases.models import Application
from kernel.core.outbox import channels
from portal.notices.models import Delivery

BATCH = 100
TURN = 5.0  # real seconds of one task
State = Delivery.State


def write() -> int:
    """One event for each delivery that the trail doesn't know; a case that somebody is moving waits for the next
    sweep. Returns how many were written."""
    written, last, end = 0, 0, monotonic() + TURN
    while batch := _batch(last):
        last = batch[-1].pk
        written += sum(map(_written, _of_applicants(batch)))
        if monotonic() > end:
            break
    return written


def _batch(after: int) -> list[Delivery]:
    due = Delivery.objects.filter(trail_due=True, pk__gt=after)
    return list(due.select_related("notice__recipient").order_by("pk")[:BATCH])


def _of_applicants(batch: list[Delivery]) -> list[Delivery]:
    """Those that the trail of a case has a place for; the others owe it nothing any more."""
    wanted = [row for row in batch if row.notice.application_id and _is_applicant(row)]
    rest = {row.pk for row in batch} - {row.pk for row in wanted}
    Delivery.objects.filter(pk__in=rest).update(trail_due=False)
    return wanted


def _is_applicant(delivery: Delivery) -> bool:
    return delivery.notice.recipient.holds(Role.APPLICANT)


def _written(delivery: Delivery) -> bool:
    notice = delivery.notice
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
