"""The cache of the tests: in this process's memory, and as strict as JSON on its way to Redis and back."""

from django.core.cache.backends.locmem import LocMemCache

from portal.cache import JSONSerializer

_serializer = JSONSerializer()


class LikeRedis(LocMemCache):
    """Keeps what Redis would give back. Raises ValueError where that isn't what was to be kept."""

    def add(self, key, value, *args, **kwargs):
        return super().add(key, _carried(value), *args, **kwargs)

    def set(self, key, value, *args, **kwargs):
        super().set(key, _carried(value), *args, **kwargs)


def _carried(value):
    found = _serializer.loads(str(_serializer.dumps(value)).encode())
    if found != value:
        raise ValueError(f"JSON makes {found!r} of {value!r}.")
    return found
