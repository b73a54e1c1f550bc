"""What workers do for the daily files. The database says which days are due; a task may run twice or never."""

from celery import shared_task

from portal.figures import files


@shared_task
def make_files() -> int:
    """Make and sign the files that are due; returns how many. By the worker that has the keys."""
    return files.make_due()
