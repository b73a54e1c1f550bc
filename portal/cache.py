"""A cache that may be lost: without its Redis, nothing is found and nothing is kept, and no request fails for it."""

import logging
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


class SpareCache(RedisCache):
    """Redis as a cache that throttles and the like can do without."""

    def _spared(self, operation: str, otherwise: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(super(), operation)(*args, **kwargs)
        except RedisError:
            log.warning("The cache can't be reached: %s was skipped.", operation)
            return otherwise

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return self._spared("add", True, *args, **kwargs)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._spared("get", default, key, default=default, version=version)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._spared("set", None, *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return self._spared("touch", False, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return self._spared("delete", False, *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return self._spared("has_key", False, *args, **kwargs)
