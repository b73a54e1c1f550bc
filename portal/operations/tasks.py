"""What workers do for the installation."""

from celery import shared_task
from django.utils.timezone import localtime

from kernel.core import retention
from kernel.core.moment import now

NIGHT = range(1, 5)  # hours, in which nobody waits for the database


@shared_task
def take_out_what_is_past() -> int:
    """At night, take out what is past its days (`kernel.core.retention`); returns how much. It is asked for all day, so
    that whoever watches the sweeps knows that it is asked for."""
    return sum(retention.sweep().values()) if localtime(now()).hour in NIGHT else 0
