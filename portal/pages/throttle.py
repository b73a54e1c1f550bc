"""Slows down guessing: so many wrong tries for an address in a while, counted in the cache."""

from django.core.cache import cache

from portal.headers import client_address

WRONG_TRIES = 20
WINDOW = 10 * 60  # seconds


def _key(request, purpose):
    return f"wrong:{purpose}:{client_address(request)}"


def exhausted(request, purpose):
    """Whether this address has used up its wrong tries for now."""
    return cache.get(_key(request, purpose), 0) >= WRONG_TRIES


def count_wrong(request, purpose):
    key = _key(request, purpose)
    cache.set(key, cache.get(key, 0) + 1, WINDOW)
