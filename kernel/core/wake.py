"""Waking workers after a commit. A wake-up that is lost (Redis is gone) costs seconds: the sweeps find the work."""

import logging
from time import monotonic

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)
REST = 10.0  # seconds without a try after one in vain: where Redis hangs, each would hold its request for 5 s
_resting_until = 0.0


def wake(task: str) -> None:
    """Ask a worker to do the task, by its full name, once the transaction has committed."""
    transaction.on_commit(lambda: _send(task), robust=True)


def _send(task: str) -> None:
    global _resting_until
    if monotonic() < _resting_until:
        return
    try:
        current_app.send_task(task)
    except OperationalError:
        _resting_until = monotonic() + REST
        log.warning("no worker was woken: Redis can't be reached")
