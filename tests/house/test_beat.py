"""Every entry of the timetable calls a task that exists, in a queue that somebody empties."""

import inspect
import os
import re
import sys
from pathlib import Path

import pytest
import redis
import yaml
from django.conf import settings

from portal import celery_app
from script import engines
from tests.house import surroundings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def tasks():
    celery_app.loader.import_default_modules()
    return {name: task for name, task in celery_app.tasks.items() if not name.startswith("celery.")}


def queue_of(name: str) -> str:
    return celery_app.amqp.router.route({}, name)["queue"].name


@pytest.mark.parametrize(
    "entry", settings.CELERY_BEAT_SCHEDULE.values(), ids=settings.CELERY_BEAT_SCHEDULE
)
def test_entry_is_bound_to_a_task_with_fitting_arguments(tasks, entry):
    assert entry["task"] in tasks
    inspect.signature(tasks[entry["task"]].run).bind(
        *entry.get("args", ()), **entry.get("kwargs", {})
    )


@pytest.mark.parametrize(
    "entry", settings.CELERY_BEAT_SCHEDULE.values(), ids=settings.CELERY_BEAT_SCHEDULE
)
def test_an_outage_leaves_one_sweep_behind(entry):
    assert entry["options"]["expires"] <= entry["schedule"]


def test_every_task_in_use_has_a_queue_with_a_worker(tasks):
    used = {queue_of(name) for name in tasks}
    server = re.search(r'^QUEUES = "(.*)"', (ROOT / "script/server").read_text(), re.MULTILINE)[
        1
    ].split(",")
    worker = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["worker"][
        "command"
    ]
    compose = worker[worker.index("--queues") + 1].split(",")
    assert used <= set(server) and used <= set(compose)


@pytest.mark.engines
def test_beat_needs_no_secret_and_no_database(tmp_path):
    """As its container starts it: with the address of Redis, what is due comes to the queue."""
    server = engines.Redis(tmp_path / "redis", tmp_path / "redis.log", durable=False)
    given = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "portal.settings.production",
        "TIMETABLE_ONLY": "true",
        "REDIS_URL": server.url,
        "SITE_ADDRESS": "https://portal.example",
        "ALLOWED_HOSTS": "portal.example",
        "SANDBOXES": "all",
    }
    schedule = ["--schedule", tmp_path / "schedule", "--pidfile", ""]
    command = [Path(sys.executable).parent / "celery", "--app", "portal", "beat", *schedule]
    beat = engines.start(command, tmp_path / "beat.log", env=given)
    try:
        with redis.Redis.from_url(server.url) as client:
            engines.wait_for(
                lambda: client.llen("portal.clocks"), beat, tmp_path / "beat.log", "The first sweep"
            )
    finally:
        engines.stop(beat)
        server.stop()


def test_every_task_named_anywhere_exists(tasks):
    """`send_task` and `wake` take any text, so a misspelt name would be found by nobody."""
    named = set()
    for folder in surroundings.ROOTS:
        for path in (ROOT / folder).rglob("*.py"):
            named |= set(
                re.findall(r'(?:send_task|wake)\(\s*"([\w.]+)"', path.read_text(encoding="utf-8"))
            )
    assert named and named <= set(tasks)
