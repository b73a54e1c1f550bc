"""A cache that may be lost: without its Redis, nothing is found and nothing is kept, and no request fails for it."""

import json
import logging
import time
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
REST = 5  # seconds for which nobody asks a Redis that didn't answer: where it hangs, each try would hold a request


_READ = {"$moment": datetime.fromisoformat, "$day": date.fromisoformat}


class JSONSerializer:
    """Values as JSON, with moments and days: who writes to Redis can change a figure, and run nothing (a pickle runs).

    What JSON has no words for raises TypeError. The cache of the tests refuses what would come back otherwise.
    """

    def dumps(self, value: Any) -> int | str:
        return (
            value if type(value) is int else json.dumps(value, default=_written)
        )  # Redis counts plain numbers

    def loads(self, data: bytes) -> Any:
        return json.loads(data, object_hook=_read)


def _written(value: Any) -> dict[str, str]:
    if isinstance(value, date):
        return {"$moment" if isinstance(value, datetime) else "$day": value.isoformat()}
    raise TypeError(f"The cache keeps what JSON can say, no {type(value).__name__}.")


def _read(stored: dict) -> Any:
    ((name, text),) = stored.items() if len(stored) == 1 else [("", "")]
    return _READ[name](text) if name in _READ else stored


class OneClient(RedisCacheClient):
    """One client of a server for all threads of a process, with one pool of lines. Django makes a client for each call
    and a pool for each thread, and to open a line costs many times what a call does."""

    _clients: dict[str, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        return self._client_of_the_process

    @cached_property
    def _client_of_the_process(self) -> Any:
        given = f"{self._servers[0]} {sorted(self._pool_options.items(), key=str)}"
        if given not in self._clients:
            self._clients[given] = super().get_client(write=True)
        return self._clients[given]


class SpareCache(RedisCache):
    """Redis as a cache that throttles and the like can do without."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(
            server,
            {**params, "OPTIONS": {"serializer": JSONSerializer, **params.get("OPTIONS", {})}},
        )
        self._class = OneClient
        self._rests_until = 0.0

    def _spared(self, operation: str, otherwise: Any, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() < self._rests_until:
            return otherwise
        try:
            return getattr(super(), operation)(*args, **kwargs)
        except RedisError:
            self._rests_until = time.monotonic() + REST
            log.warning("The cache can't be reached: %s was skipped.", operation)
        except ValueError:  # left by an older release, or by a stranger
            log.warning("The cache holds what is no JSON: %s was skipped.", operation)
        return otherwise

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return self._spared("add", True, *args, **kwargs)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._spared("get", default, key, default=default, version=version)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._spared("set", None, *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> int | None:
        """The new number, as no two who count at once get it; None where the cache is lost."""
        return self._spared("incr", None, *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return self._spared("touch", False, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return self._spared("delete", False, *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return self._spared("has_key", False, *args, **kwargs)
