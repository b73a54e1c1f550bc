"""The sweep that Celery beat calls. The database is the truth; a task may run twice or never at a given try."""

from celery import shared_task

from kernel.bookings import following


@shared_task
def sweep() -> int:
    """End holds, move what no longer fits, remind; returns how many bookings were touched."""
    return following.end_holds() + following.refit() + following.remind()
