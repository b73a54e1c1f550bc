"""Zones, kept in memory for a moment: every move of a case reads the settings of its zone."""

from kernel.accounts.models import Zone
from kernel.core.process_cache import cached_for

FRESH_SECONDS = 10  # how long a process may not know of a zone that was just changed elsewhere


@cached_for(FRESH_SECONDS)
def zone(pk: int) -> Zone:
    """The zone with this primary key; the same object for all who ask, not to be changed."""
    return Zone.objects.get(pk=pk)


forget = zone.forget
