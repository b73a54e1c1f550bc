"""A lost Redis costs nobody a request: publishing gives up at once, the cache is empty, the portal stays ready."""

import socket
import time

import pytest
from django.test import override_settings
from kombu import Connection
from kombu.exceptions import OperationalError

from kernel.core import wake
from portal.cache import SpareCache


@pytest.fixture
def nowhere() -> str:
    """The address of a port at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"redis://127.0.0.1:{probe.getsockname()[1]}/0"


def test_publishing_gives_up_within_a_second(nowhere, settings):
    began = time.monotonic()
    with (
        Connection(
            nowhere, transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS
        ) as connection,
        pytest.raises(OperationalError),
    ):
        connection.Producer().publish({}, routing_key="clocks")
    assert time.monotonic() - began < 1


def test_after_a_wake_up_in_vain_none_is_tried_for_a_while(monkeypatch):
    """Where Redis hangs each would hold its request for 5 s, and a move sends several."""
    tried = []

    def send(task):
        tried.append(task)
        raise OperationalError

    monkeypatch.setattr(wake, "_resting_until", 0.0)
    monkeypatch.setattr(wake.current_app, "send_task", send)
    for _time in range(3):
        wake._send("kernel.cases.tasks.make_papers")
    assert len(tried) == 1
    monkeypatch.setattr(wake, "_resting_until", 0.0)
    wake._send("kernel.cases.tasks.make_papers")
    assert len(tried) == 2


def test_the_cache_finds_and_keeps_nothing(nowhere):
    cache = SpareCache(nowhere, {"OPTIONS": {"socket_connect_timeout": 1}})
    cache.set("key", "value")
    assert cache.get("key", "otherwise") == "otherwise"
    assert cache.add("key", "value") is True and cache.delete("key") is False and "key" not in cache


@pytest.mark.django_db
def test_ready_although_degraded(nowhere, client):
    with override_settings(REDIS_URL=nowhere):
        answer = client.get("/readyz")
    assert answer.status_code == 200 and answer.json()["status"] == "degraded"


@pytest.mark.django_db
def test_livez_asks_no_engine(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/livez").json() == {"status": "ok"}
