"""The one place that the product's time comes through, so that tests can travel it."""

from contextlib import contextmanager
from datetime import datetime, timedelta

from django.utils import timezone

from kernel.core import demonstration

_travelled: datetime | None = None


def now() -> datetime:
    """The present moment, aware; in a demonstration, what its clock shows while one is going."""
    return _travelled or demonstration.shown() or timezone.now()


def real_now() -> datetime:
    """The real time, aware, whatever a demonstration clock shows: for leases, which it must not shorten."""
    return _travelled or timezone.now()


def after_real(seconds: float) -> datetime:
    """What `now` will show when that many real seconds have passed: more, while a demonstration clock goes faster."""
    clock = demonstration.running() if not _travelled and demonstration.shown() else None
    return now() + timedelta(seconds=seconds * (clock.speed if clock else 1))


@contextmanager
def travel_to(moment: datetime):
    """Stand still at `moment` (aware) for the length of the block; for tests and replays."""
    global _travelled
    if moment.tzinfo is None:
        raise ValueError("travel_to needs an aware moment")
    before, _travelled = _travelled, moment
    try:
        yield moment
    finally:
        _travelled = before
