"""What departments look after every so often, for instance at a stranger's system that tells nothing by itself.

    rounds.register(DEPARTMENT.code, follow)               # in the AppConfig.ready() of the department

One task of the timetable calls them all. Each says itself what is due, by the database, and returns how much it did; it
may be called twice or never at a given time. One that fails keeps the others waiting for nothing.
"""

import logging
from collections.abc import Callable

log = logging.getLogger(__name__)
_known: dict[str, Callable[[], int]] = {}


def register(name: str, follow: Callable[[], int]) -> None:
    _known[name] = follow


def go() -> int:
    """Returns how much was done in all."""
    done = 0
    for name, follow in _known.items():
        try:
            done += follow()
        except Exception:  # a department's own; the next round tries again
            log.exception("a round failed", extra={"kind": name})
    return done
