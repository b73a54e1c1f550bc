"""The sweep that Celery beat calls. The database is the truth; a task may run twice or never at a given try."""

from celery import shared_task

from services.booked import actions


@shared_task
def sweep() -> int:
    """What falls due by itself; returns how many requests were touched."""
    return (
        actions.tell_late()
        + actions.give_priority()
        + actions.end_helping()
        + actions.drop_past()
        + actions.make_follow_ups()
    )
