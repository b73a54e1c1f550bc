"""Work on many things in one transaction, in which one that fails doesn't hold up the others."""

from collections.abc import Callable

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError


def apart(chosen: list, work: Callable[[list], int], failed: Callable[..., None]) -> int:
    """A step for these together; where it fails, half by half, so that one can't hold up the others.

    `work` is one transaction and says how much it has done; the one that it fails for, and why, is told to `failed`.
    """
    try:
        return work(chosen) if chosen else 0
    except (OperationalError, InterfaceError, SoftTimeLimitExceeded):
        raise  # the database is away, or the task's time is up: nothing can be said of any of them
    except Exception as failure:
        if len(chosen) == 1:
            failed(chosen[0], failure)
            return 0
    half = len(chosen) // 2
    return apart(chosen[:half], work, failed) + apart(chosen[half:], work, failed)
