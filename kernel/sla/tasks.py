"""The sweep that Celery beat calls. The database is the truth; a task may run twice or never at a given try."""

from celery import shared_task

from kernel.core.moment import now
from kernel.sla import recalculation, sweeping


@shared_task
def sweep() -> int:
    """Claim everything that fell due, batch after batch; returns the number of alarms recorded.

    Clocks whose calendar changed are reckoned anew first, so that nothing is claimed by a deadline that moved.
    """
    while recalculation.renew():
        pass
    at, total = now(), 0
    while claimed := sweeping.claim_due(at):
        total += claimed
    return total
