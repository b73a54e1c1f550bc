"""What workers do for registration. The database says what is pending; a task may run twice or never at a given try."""

from celery import shared_task

from registration import actions, issuing


@shared_task
def make_papers() -> int:
    """Make every pending paper that no other worker has in hand; returns how many were made."""
    made = 0
    while issuing.make_next():
        made += 1
    return made


@shared_task
def give_back_idle() -> int:
    """Put untouched cases back in line; returns how many."""
    return actions.give_back_idle()
