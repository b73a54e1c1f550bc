"""The heartbeat of the sweeps: each leaves the moment at which it was last done, whichever worker did it."""

from datetime import datetime

from celery.signals import task_success
from django.conf import settings
from django.utils import timezone

from portal.operations.models import Heartbeat

PATIENCE = 60  # seconds after which a sweep is late, however often it is to run
SKIPPED = 4  # times that a sweep may be missing before it is late


def beat(sender, **_result) -> None:
    """A task was done; where it is a sweep, its heart has beaten."""
    for sweep, entry in settings.CELERY_BEAT_SCHEDULE.items():
        if entry["task"] == sender.name:
            moment = timezone.now()  # real time: whoever watches has no other
            if not Heartbeat.objects.filter(sweep=sweep).update(done_at=moment):
                Heartbeat.objects.bulk_create(
                    [Heartbeat(sweep=sweep, done_at=moment)], ignore_conflicts=True
                )


def ages() -> dict[str, float | None]:
    """Sweep → seconds since it was last done; None for one that never was."""
    done: dict[str, datetime] = dict(Heartbeat.objects.values_list("sweep", "done_at"))
    at = timezone.now()
    return {
        sweep: round((at - done[sweep]).total_seconds(), 1) if sweep in done else None
        for sweep in settings.CELERY_BEAT_SCHEDULE
    }


def late(ages: dict[str, float | None]) -> list[str]:
    """The sweeps that should have been done by now."""
    return [sweep for sweep, age in ages.items() if age is None or age > _limit(sweep)]


def _limit(sweep: str) -> float:
    return max(PATIENCE, SKIPPED * settings.CELERY_BEAT_SCHEDULE[sweep]["schedule"])


def connect() -> None:
    task_success.connect(beat, dispatch_uid="portal.operations.heartbeat")
