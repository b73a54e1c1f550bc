"""The sweep that Celery beat calls. The database is the truth; a task may run twice or never at a given try."""

from celery import shared_task

from sla import clocks
from sla.moment import now


@shared_task
def sweep() -> int:
    """Claim everything that fell due, batch after batch; returns the number of alarms recorded."""
    at, total = now(), 0
    while claimed := clocks.claim_due(at):
        total += claimed
    return total
