"""The sweep that Celery beat calls. The database is the truth; a task may run twice or never at a given try."""

from celery import shared_task

from services.hall import actions


@shared_task
def sweep() -> int:
    """The lines follow the bookings, days end, phones are emptied; returns how many tickets were touched."""
    return actions.follow_all() + actions.end_days() + actions.empty_phones()
