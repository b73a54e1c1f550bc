"""How long what is kept is kept: each kind says its days and its rows, one sweep takes what is past them, and the
privacy notice prints the same table.

    retention.keep("codes", _("One-time codes"), 2, past)      # in the AppConfig.ready() of the app that keeps them

The days of a kind are `RETENTION_DAYS` of the installation, else its own; 0 keeps it for ever. What a case's archive
holds (a filing, its papers, its trail) is no kind of these: the law keeps it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet
from django.utils.functional import Promise

from kernel.core.moment import now

log = logging.getLogger(__name__)
AT_ONCE = 200  # rows a statement
TURN = 20.0  # real seconds of one sweep; the rest waits for the next


@dataclass(frozen=True)
class Kind:
    """`past` gives the rows that were done with before a moment; `drop` takes rows out and returns how many."""

    code: str
    title: Promise
    usual_days: int
    past: Callable[[datetime], QuerySet]
    drop: Callable[[QuerySet], int]

    @property
    def days(self) -> int:
        return settings.RETENTION_DAYS.get(self.code, self.usual_days)


_kinds: dict[str, Kind] = {}


def _delete(rows: QuerySet) -> int:
    _all, deleted = rows.delete()
    return deleted.get(rows.model._meta.label, 0)


def keep(
    code: str,
    title: Promise,
    days: int,
    past: Callable[[datetime], QuerySet],
    drop: Callable[[QuerySet], int] = _delete,
) -> None:
    _kinds[code] = Kind(code, title, days, past, drop)


def kinds() -> list[Kind]:
    return list(_kinds.values())


def days(code: str) -> int:
    """For how many days a kind is kept, for pages that promise it; 0 for ever."""
    return _kinds[code].days


def refuse_unknown() -> None:
    """Raises ImproperlyConfigured where the settings give days to a kind that nobody keeps."""
    if unknown := sorted(settings.RETENTION_DAYS.keys() - _kinds.keys()):
        raise ImproperlyConfigured(
            f"RETENTION_DAYS names kinds that don't exist: {', '.join(unknown)}. "
            f"There are {', '.join(sorted(_kinds))}."
        )


def sweep() -> dict[str, int]:
    """Take out what is past its days; code → how many. A kind that fails keeps the others from nothing."""
    taken, end = {}, monotonic() + TURN
    for kind in kinds():
        if kind.days:
            try:
                taken[kind.code] = _sweep(kind, end)
            except Exception:  # its own; the next sweep tries again
                log.exception(
                    "what is past its days could not be taken out", extra={"kind": kind.code}
                )
    return taken


def _sweep(kind: Kind, end: float) -> int:
    count, before = 0, now() - timedelta(days=kind.days)
    while monotonic() < end:
        keys = list(kind.past(before).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
        if not keys:
            break
        dropped = kind.drop(kind.past(before).filter(pk__in=keys))
        count += dropped
        if not dropped:
            break
    if count:
        log.info("past its days", extra={"kind": kind.code, "count": count})
    return count
