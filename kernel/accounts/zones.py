"""Zones, kept in memory for a moment: every move of a case reads the settings of its zone."""

import time

from kernel.accounts.models import Zone

FRESH_SECONDS = 10  # how long a process may not know of a zone that was just changed elsewhere

_kept: dict[int, tuple[float, Zone]] = {}


def zone(pk: int) -> Zone:
    """The zone with this primary key; the same object for all who ask, not to be changed."""
    read_at, found = _kept.get(pk, (0.0, None))
    if found is None or time.monotonic() - read_at > FRESH_SECONDS:
        found = Zone.objects.get(pk=pk)
        _kept[pk] = (time.monotonic(), found)
    return found


def forget(**_kwargs) -> None:
    _kept.clear()
