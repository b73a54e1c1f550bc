"""Waking workers after a commit. A wake-up that is lost (Redis is gone) costs seconds: the sweeps find the work."""

from celery import current_app
from django.db import transaction


def wake_papers() -> None:
    """Ask a worker to make the pending papers, once the transaction has committed."""
    transaction.on_commit(lambda: current_app.send_task("registration.tasks.make_papers"), robust=True)
