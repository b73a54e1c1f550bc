"""What the cache keeps is JSON: whoever reaches Redis can change a figure, and can't have the portal run anything."""

import pickle
from datetime import UTC, date, datetime

import pytest
import redis
from django.conf import settings
from django.core.cache import cache as cache_of_tests

from portal.cache import SpareCache
from tests.house.surroundings import PRODUCTION, answer

KEPT = [
    7,
    0.5,
    True,
    None,
    "名称",
    [1, [2.5, None]],
    {"n": 1, "at": datetime(2026, 3, 18, 9, 30, tzinfo=UTC)},
    [{"month": date(2026, 3, 1)}, {"month": date(2026, 4, 1), "n": 2}],
]


class Exploit:
    def __reduce__(self):
        return pytest.fail, ("what a stranger put into Redis was run",)


@pytest.fixture
def cache():
    cache = SpareCache(
        settings.REDIS_URL, {"KEY_PREFIX": "test-of-json", "OPTIONS": {"socket_timeout": 1}}
    )
    yield cache
    cache.delete("key")


@pytest.mark.engines
@pytest.mark.parametrize("value", KEPT)
def test_what_was_kept_comes_back_as_it_was(cache, value):
    cache.set("key", value)
    assert cache.get("key", "nothing") == value and type(cache.get("key")) is type(value)


@pytest.mark.engines
def test_a_pickle_in_redis_is_nothing_and_runs_nothing(cache):
    with redis.Redis.from_url(settings.REDIS_URL) as stranger:
        stranger.set(cache.make_key("key"), pickle.dumps(Exploit()))
    assert cache.get("key", "nothing") == "nothing"


@pytest.mark.parametrize("value", [(1, 2), {1: "one"}, {"set"}, object()])
def test_in_tests_whoever_keeps_what_json_would_change_is_told(value):
    with pytest.raises((TypeError, ValueError), match="JSON"):
        cache_of_tests.set("key", value)


def test_the_only_cache_of_production_is_the_one_that_keeps_json():
    assert answer(
        "production", "[cache['BACKEND'] for cache in settings.CACHES.values()]", PRODUCTION
    ) == ["portal.cache.SpareCache"]
