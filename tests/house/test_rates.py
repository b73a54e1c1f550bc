"""How often one may ask: every address of the portal has a limit, counted so that no two at once pass it, also while
Redis is away."""

import re
from uuid import UUID

import pytest
from django.core.cache import cache
from django.urls import URLPattern, get_resolver

from kernel.accounts import tries
from portal import rates

OF_MACHINES = {"livez", "readyz", "sweepz", "metrics"}
GIVEN = {"int": 1, "uuid": UUID(int=1), "str": "x", "slug": "x", "path": "x"}


def addresses(patterns=None, before: str = "") -> dict[str, URLPattern]:
    """Every address, with something in the place of what it is given."""
    addresses_of = {}
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            addresses_of["/" + _filled(path)] = pattern
        else:
            addresses_of |= addresses(pattern.url_patterns, path)
    return addresses_of


def _filled(path: str) -> str:
    path = re.sub(r"\(\?P<\w+>.*?\)", "1", path).replace("^", "").replace("$", "")
    return re.sub(r"<(?:(\w+):)?\w+>", lambda given: str(GIVEN.get(given[1] or "str", "x")), path)


def test_every_page_has_its_limit(client, db, settings):
    settings.MOST_A_MINUTE = dict.fromkeys(settings.MOST_A_MINUTE, 0)
    unlimited = {}
    for address, pattern in addresses().items():
        own = getattr(pattern.callback, "most_a_minute", None)
        if hasattr(getattr(pattern.callback, "cls", None), "throttle_classes"):
            assert pattern.callback.cls.throttle_classes, address
            continue
        if own is not None and own > 0:
            assert own <= 120, address
            continue
        status = client.get(address).status_code
        if status != 429:
            unlimited[address] = pattern.name
    assert set(unlimited.values()) == OF_MACHINES, unlimited
    assert len(addresses()) > 150


def test_one_who_asks_too_often_waits_and_nobody_else_does(client, db, settings, one_minute):
    settings.MOST_A_MINUTE = settings.MOST_A_MINUTE | {"address": 5}
    cache.clear()
    answers = [client.get("/privacy/", REMOTE_ADDR="203.0.113.1") for _time in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60
    assert client.get("/privacy/", REMOTE_ADDR="203.0.113.2").status_code == 200


@pytest.mark.django_db
def test_with_the_cache_away_the_database_counts(monkeypatch, one_minute):
    monkeypatch.setattr(cache, "incr", lambda *_args: None, raising=False)
    waits = [bool(rates.seconds_to_wait("away", 3)) for _time in range(5)]
    assert waits == [False, False, False, True, True]
    assert tries.counted("rate:away") == 5
