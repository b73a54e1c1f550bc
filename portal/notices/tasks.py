"""What workers do for the outbox. The database says what is due; a task may run twice or never at a given try."""

from celery import shared_task

from portal.notices import delivery


@shared_task
def deliver() -> int:
    """Send the notices that are due; returns how many were dealt with."""
    return delivery.deliver()
