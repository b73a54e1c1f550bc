"""A worker knows whether it works, and so does its health check; what hangs is ended."""

import os
import time

import pytest
import yaml
from django.conf import settings

from portal import celery_app, probe, worker
from script.engines import ROOT, EngineError, Server, stop, wait_for


class Surroundings:
    """What a watch looks at: whether work waits, and whether every child has a task."""

    def __init__(self):
        self.work, self.tasks = True, False
        self.pulse = worker.Pulse()
        self.watch = worker.Watch(self.pulse, lambda: self.work, lambda: self.tasks)

    def deaf_after(self, looks: int) -> bool:
        return [self.watch.finds_it_deaf() for _look in range(looks)][-1]


@pytest.fixture
def around(monkeypatch, tmp_path, settings) -> Surroundings:
    settings.WORKER_HEARTBEAT = str(tmp_path / "worker")
    monkeypatch.setenv("WORKER_HEARTBEAT", settings.WORKER_HEARTBEAT)
    return Surroundings()


def test_deaf_is_who_takes_nothing_though_work_waits(around):
    assert not around.deaf_after(worker.MISSED - 1)
    assert around.deaf_after(1)


@pytest.mark.parametrize("change", [{"work": False}, {"tasks": True}])
def test_whoever_has_nothing_to_do_or_is_busy_is_not_deaf(around, change):
    around.deaf_after(worker.MISSED - 1)
    vars(around).update(change)
    assert not around.deaf_after(worker.MISSED)
    vars(around).update(work=True, tasks=False)
    assert not around.deaf_after(worker.MISSED - 1), "the looks are counted anew"


def test_whoever_has_done_something_is_not_deaf(around):
    around.deaf_after(worker.MISSED - 1)
    around.pulse.beat()
    assert not around.deaf_after(worker.MISSED)


def test_the_health_check_judges_the_age_of_the_last_task(around):
    assert not probe.works(), "it has never worked"
    around.pulse.beat()
    assert probe.works()
    long_ago = time.time() - probe.LATE - 1
    os.utime(settings.WORKER_HEARTBEAT, (long_ago, long_ago))
    assert not probe.works()


@pytest.mark.parametrize("service", ["worker", "clocks", "messages"])
def test_the_workers_of_the_compose_file_are_asked_for_their_work(service):
    described = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"][service]
    assert described["healthcheck"]["test"] == ["CMD", "python", "-m", "portal.probe", "worker"]
    writable = tuple(mount.partition(":")[0] for mount in described["tmpfs"])
    assert described["environment"]["WORKER_HEARTBEAT"].startswith(writable)
    assert described["restart"] == "unless-stopped", "a worker that ends itself is started again"


def test_what_hangs_is_ended_before_the_broker_gives_it_to_another():
    conf = celery_app.conf
    assert 0 < conf.task_soft_time_limit < conf.task_time_limit
    assert conf.task_time_limit < conf.broker_transport_options["visibility_timeout"]
    assert conf.worker_max_tasks_per_child and conf.worker_max_memory_per_child
    assert conf.worker_consumer == f"{worker.__name__}:{worker.Consumer.__name__}"


def test_a_server_that_ends_is_started_again_unless_it_ended_at_once(tmp_path, monkeypatch):
    server = Server("sleeper", ["sleep", "60"], tmp_path / "log")
    server.keep()
    first = server.process
    stop(first)
    with pytest.raises(EngineError, match="sleeper ended by itself"):
        server.keep()
    monkeypatch.setattr("script.engines.STEADY", 0)
    server.keep()
    assert server.process is not first
    wait_for(lambda: True, server.process, tmp_path / "log", "The sleeper")
    stop(server.process)
