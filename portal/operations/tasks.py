"""What workers do for the installation."""

from celery import shared_task

from kernel.core import retention


@shared_task
def take_out_what_is_past() -> int:
    """Take out what is past its days (`kernel.core.retention`); returns how much."""
    return sum(retention.sweep().values())
