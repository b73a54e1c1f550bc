"""Systems of strangers as a demonstration plays them: what they were told is shown on `/sandbox/`, and the page says
how each behaves, so that everybody can see what the portal does when one is slow or away.

Kept in the cache, which web and worker share; where that is lost, so is what the systems were told, and they are away.
"""

import time
from enum import StrEnum

from django.core.cache import cache

LASTS = 24 * 60 * 60  # seconds
KEPT = 50
SLOW = 6.0  # seconds; longer than a page waits for an answer, shorter than the outbox does


class Behaviour(StrEnum):
    USUAL = "usual"
    SLOW = "slow"
    AWAY = "away"
    # Of those that prove what they say:
    REFUSES = "refuses"
    FOR_ANOTHER = "for_another"  # answers another's question
    FORGES = "forges"
    # Of those that carry texts:
    THROTTLES = "throttles"
    NOT_APPROVED = "not_approved"
    CENSORS = "censors"


class Down(Exception):
    """The system is away, because somebody said so on the page, or because the cache is lost."""


def behaviour(system: str) -> Behaviour:
    return Behaviour(cache.get(f"sandbox:{system}:behaviour", Behaviour.USUAL.value))


def make(system: str, how: Behaviour) -> None:
    cache.set(f"sandbox:{system}:behaviour", how.value, LASTS)


def behave(system: str) -> Behaviour:
    """Be as the page says, and return how, for what each system does in its own way. Raises Down."""
    how = behaviour(system)
    if how is Behaviour.AWAY:
        raise Down
    if how is Behaviour.SLOW:
        time.sleep(SLOW)
    return how


def show(system: str, told: dict, **beside) -> None:
    """Keep what it was told for the page, and what else the system remembers `beside` it, by keys of the cache. Raises
    Down where it can't be kept."""
    try:
        place = f"sandbox:{system}:{count(f'sandbox:{system}:last')}"
        if cache.set_many({place: told, **beside}, LASTS):
            raise Down
    except Exception as error:  # whatever the cache's engine raises where it is lost
        raise Down from error


def count(counter: str) -> int:
    """The counter's next number, as no two get it. Raises Down where the cache is lost."""
    cache.add(counter, 0, LASTS)
    number = cache.incr(counter)
    if number is None:
        raise Down
    return number


def shown(system: str) -> list[dict]:
    """What it was told lately, the newest first."""
    last = cache.get(f"sandbox:{system}:last", 0)
    rows = (
        cache.get(f"sandbox:{system}:{place}") for place in range(last, max(last - KEPT, 0), -1)
    )
    return [told for told in rows if told is not None]
