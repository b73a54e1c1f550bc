"""A real Celery worker on the real Redis empties the queues of the timetable."""

import subprocess
import sys
import time
from datetime import timedelta

import pytest
import redis
from celery.beat import ScheduleEntry, Scheduler
from django.conf import settings
from django.utils import timezone

from kernel.cases.models import Document
from kernel.core.outbox.models import Message
from kernel.sla.models import Alarm, Clock
from kernel.sla.tasks import sweep
from portal import celery_app
from portal.notices.addresses import MAIL
from tests import factories
from tests.faults.together import PATIENCE, ROOT, environment, wait_until

TOLD_WITHIN = 60  # seconds, also after Redis was emptied


@pytest.fixture
def worker(alone, transactional_db, tmp_path):
    """One worker on all queues, as script/server starts it but in one process."""
    with celery_app.connection_for_write() as broker:
        for queue in ("clocks", "notices", "papers"):
            broker.default_channel.queue_purge(queue)
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "portal",
        "worker",
        "--pool",
        "solo",
        "--loglevel",
        "WARNING",
    ]
    with (tmp_path / "worker.log").open("w") as log:
        process = subprocess.Popen(
            [*command, "--queues", "clocks,notices,papers", "--without-gossip", "--without-mingle"],
            cwd=ROOT,
            env=environment(),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        yield process
        process.terminate()
        process.wait(PATIENCE)


@pytest.fixture
def overdue(zone, travel):
    """A case filed a month before the worker's own time: it is over every limit of its first clock."""
    travel(timezone.now() - timedelta(days=30))
    applicant = factories.with_mail(factories.UserFactory())
    return factories.filed(zone=zone, applicant=applicant)


def test_two_beats_and_an_emptied_redis_record_each_alarm_once(overdue, worker):
    beats = [Scheduler(celery_app, lazy=True) for _beat in range(2)]
    entry = ScheduleEntry(name="clocks", app=celery_app, **celery_app.conf.beat_schedule["clocks"])

    def seen() -> bool:
        for beat in beats:
            beat.apply_async(entry)
        redis.Redis.from_url(settings.REDIS_URL).flushall()
        for beat in beats:
            beat.apply_async(entry)
        time.sleep(0.2)
        return Alarm.objects.filter(clock__owner=overdue.uid, level=3).exists()

    wait_until(seen, "the breach is recorded")
    wait_until(
        lambda: not Clock.objects.filter(alarm_at__lte=timezone.now()).exists(),
        "nothing is due any more",
    )
    found = Alarm.objects.filter(
        clock__owner=overdue.uid, clock__name="licence_and_seals"
    ).order_by("level")
    assert [alarm.level for alarm in found] == [1, 2, 3]
    clock = Clock.objects.get(owner=overdue.uid, name="licence_and_seals")
    assert [alarm.fell_due_at for alarm in found] == list(clock.moments)
    assert overdue.events.filter(kind="breached", data__clock="licence_and_seals").count() == 1


def test_a_worker_sweeps_and_empties_every_queue_of_the_timetable(overdue, worker):
    sweep.apply_async()
    wait_until(
        lambda: Alarm.objects.filter(clock__owner=overdue.uid, level=3).exists(),
        "the breach is recorded",
    )
    assert not Message.objects.exclude(state="waiting").exists()
    scheduler = Scheduler(celery_app, lazy=True)
    for name, described in celery_app.conf.beat_schedule.items():
        scheduler.apply_async(ScheduleEntry(name=name, app=celery_app, **described))
    wait_until(
        lambda: (
            set(Message.objects.filter(channel=MAIL).values_list("state", flat=True)) == {"told"}
            and not Message.objects.filter(state="waiting").exists()
        ),
        "the notices are sent",
        TOLD_WITHIN,
    )
    wait_until(
        lambda: not Document.objects.filter(state=Document.State.PENDING).exists(),
        "the papers are made",
    )
    assert worker.poll() is None
