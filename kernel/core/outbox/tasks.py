"""What workers do for the outbox. The database says what is due; a task may run twice or never at a given try."""

from celery import shared_task

from kernel.core.outbox import delivery


@shared_task
def deliver() -> int:
    """Tell what is due; returns how many messages were told."""
    return delivery.deliver()
