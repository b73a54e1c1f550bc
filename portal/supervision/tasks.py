"""What workers do for the summaries. The database says which days are due; a task may run twice or never."""

from celery import shared_task

from kernel.core.moment import now
from portal.supervision import day_summaries


@shared_task
def fold_days() -> int:
    """Summarise the closed days that have no summary yet, a month at most; returns how many."""
    return day_summaries.fold_due(now())
