"""What a person may review besides a case and its stages: a service that was given, a ticket of the hall.

    reviewable.register("ticket", by_code=..., by_uid=..., given_by=...)   # in the ready() of whoever gives it

Who takes reviews asks here and knows neither services nor tickets.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from kernel.core.words import Words


@dataclass(frozen=True)
class Reviewable:
    """Something that was given to a person.

    `kind` is the registered one, `uid` the thing within it, `service` a code by which figures are grouped and `label`
    what people call it. `department` is the code of who answers for it, "" for the supervisor. `given_at` is when it
    ended, for whatever reason; None: it isn't over, and nothing can be reviewed yet. `served_by` are the accounts that
    gave it: they neither review it nor handle a review of it. `owner_id` is the account it was given to, where it had
    one; `application_id` the case that it belongs to, where there is one.
    """

    kind: str
    uid: UUID
    zone_id: int
    service: str
    label: Words
    given_at: datetime | None
    department: str = ""
    served_by: frozenset[int] = frozenset()
    owner_id: int | None = None
    application_id: int | None = None


@dataclass(frozen=True)
class _Source:
    by_code: Callable[[str], Reviewable | None]
    by_uid: Callable[[UUID], Reviewable | None]
    given_by: Callable[[int], QuerySet]


class DoubledKind(Exception):
    """Two apps registered one kind of things to review."""


_sources: dict[str, _Source] = {}


def register(
    kind: str,
    *,
    by_code: Callable[[str], Reviewable | None],
    by_uid: Callable[[UUID], Reviewable | None],
    given_by: Callable[[int], QuerySet],
) -> None:
    """`by_code` finds by what was printed or sent, however it was typed; `by_uid` by the thing's own key. `given_by`
    are the keys of those that an account gave (`served_by`), as a subquery.

    Raises DoubledKind."""
    if kind in _sources:
        raise DoubledKind(kind)
    _sources[kind] = _Source(by_code, by_uid, given_by)


def of_code(code: str) -> Reviewable | None:
    """What this code of a ticket or a service stands for; None for none."""
    found = (source.by_code(code) for source in _sources.values())
    return next((thing for thing in found if thing), None)


def of_uid(kind: str, uid: UUID) -> Reviewable | None:
    """None for a kind that nobody gives any more, or a thing that isn't there."""
    source = _sources.get(kind)
    return source.by_uid(uid) if source else None


def given_by(account_id: int) -> list[tuple[str, QuerySet]]:
    """(kind, the keys of its things) that an account gave."""
    return [(kind, source.given_by(account_id)) for kind, source in _sources.items()]
