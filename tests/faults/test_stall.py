"""A Redis that hangs while papers are made: the worker ends itself, is started again, and works on."""

import signal
import time
from contextlib import ExitStack
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader

import pytest
from celery import Celery
from django.utils import timezone

from kernel.cases.models import Document
from kernel.form import flow
from portal import probe
from portal.operations.models import Heartbeat
from script.engines import Redis, Server, stop
from tests import driving, factories
from tests.faults.together import ROOT, environment, wait_until

STALL = 15  # seconds: three times what the worker waits for an answer of the broker (CELERY_BROKER_TRANSPORT_OPTIONS)


@pytest.fixture
def redis(tmp_path):
    redis = Redis(tmp_path / "redis", tmp_path / "redis.log", durable=False)
    yield redis
    redis.process.send_signal(signal.SIGCONT)
    redis.stop()


@pytest.fixture
def commands(monkeypatch) -> dict[str, list]:
    """The programs that script/server keeps running."""
    monkeypatch.syspath_prepend(ROOT / "script")
    loader = SourceFileLoader("server", str(ROOT / "script/server"))
    module = module_from_spec(spec_from_loader("server", loader))
    loader.exec_module(module)
    return module.servers(0)


@pytest.fixture
def kept(alone, redis, commands, tmp_path, monkeypatch):
    """A worker and a beat on this Redis, kept running as script/server does."""
    monkeypatch.setenv("WORKER_HEARTBEAT", str(tmp_path / "worker"))
    surroundings = environment() | {"REDIS_URL": redis.url}
    commands["beat"][commands["beat"].index("--schedule") + 1] = tmp_path / "beat"
    with ExitStack() as stack:
        servers = []
        for name in ("worker", "beat"):
            servers.append(Server(name, commands[name], tmp_path / f"{name}.log", env=surroundings))
            stack.callback(lambda server=servers[-1]: stop(server.process))
        yield servers


@pytest.fixture
def papers(zone, officers):
    """Enough of them for both children of the worker when the stall begins."""
    for _case in range(2):
        case = factories.filed(zone=zone)
        for department in flow.usual():
            driving.work(department, officers[department], case)
    return Document.objects.filter(state=Document.State.PENDING)


def test_a_worker_whose_broker_stalled_works_again_by_itself(papers, redis, kept):
    worker, first = kept[0], kept[0].process
    with Celery(set_as_current=False) as sender:
        sender.config_from_object("django.conf:settings", namespace="CELERY")
        sender.conf.broker_url = redis.url
        for _child in range(2):
            sender.send_task("kernel.cases.tasks.make_papers", queue="papers")
    before = papers.count()
    wait_until(lambda: papers.count() <= before - 2, "papers are being made")
    assert probe.works() and papers.exists()

    redis.process.send_signal(signal.SIGSTOP)
    over = time.monotonic() + STALL
    while time.monotonic() < over:
        for server in kept:
            server.keep()
        time.sleep(0.2)
    redis.process.send_signal(signal.SIGCONT)
    end = timezone.now()

    def works_again() -> bool:
        for server in kept:
            server.keep()
        swept = set(Heartbeat.objects.filter(done_at__gt=end).values_list("sweep", flat=True))
        return {"clocks", "line"} <= swept

    wait_until(works_again, "sweeps are done")  # within PATIENCE, 30 s
    assert worker.process is not first and "The worker ends itself" in worker.log.read_text()
    assert probe.works()
