"""How often something was tried, for as long as it counts.

    pair, account = count(("log-in:account:7:203.0.113.1", 900), ("log-in:account:7", 900))

Each call is one statement of the database, which counts before anything is checked: of tries that come at once each
gets a number of its own, and no lost cache forgets any. Never within another transaction: one that is undone would undo
the count, and one that lasts would hold up whoever else tries the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, models
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from kernel.core.moment import real_now
from kernel.core.privacy import blind_index

MOST_CLEANED = 100  # rows that a count removes besides

_COUNT = """
INSERT INTO accounts_tries (key, count, until) VALUES {rows}
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN accounts_tries.until <= %s THEN 1 ELSE accounts_tries.count + 1 END,
    until = CASE WHEN accounts_tries.until <= %s THEN excluded.until ELSE accounts_tries.until END
RETURNING key, count, until
"""
_FORGET = """
DELETE FROM accounts_tries
WHERE key IN (SELECT key FROM accounts_tries WHERE until <= %s LIMIT %s {others})
"""


class Tries(models.Model):
    """So many since the first; at `until` (seconds since 1970) they are forgotten."""

    key = models.CharField(max_length=64, primary_key=True)  # a digest: no name, phone or address
    count = models.PositiveIntegerField()
    until = models.BigIntegerField(db_index=True)

    class Meta:
        verbose_name = _("count of tries")
        verbose_name_plural = _("counts of tries")

    def __str__(self):
        return f"{self.key[:8]} {self.count}"


@dataclass(frozen=True)
class Counted:
    count: int
    wait: int  # seconds until the count begins anew


def count(*windows: tuple[str, int]) -> list[Counted]:
    """Count one more under each key, and say how many there were within its window (seconds) since the first."""
    at = int(real_now().timestamp())
    _forget_old(at)
    digests = {_digest(key): at + seconds for key, seconds in windows}
    # In the order of the keys, so that two that count the same never wait for each other.
    values = [part for key, until in sorted(digests.items()) for part in (key, 1, until)]
    statement = _COUNT.format(rows=", ".join(["(%s, %s, %s)"] * len(digests)))
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, at, at])
        counted = {key: Counted(count, until - at) for key, count, until in cursor.fetchall()}
    return [counted[_digest(key)] for key, _seconds in windows]


def counted(key: str) -> int:
    """How many there are under the key now."""
    at = int(real_now().timestamp())
    row = Tries.objects.filter(key=_digest(key), until__gt=at).first()
    return row.count if row else 0


def take_back(keys: Iterable[str], tries: int) -> None:
    """So many of each key turned out to be no wrong ones."""
    digests = sorted(map(_digest, keys))
    for digest in digests:  # one after the other, in the order in which they are counted
        Tries.objects.filter(key=digest).update(count=Greatest(models.F("count") - tries, 0))


def forget(key: str) -> int:
    """Begin anew; returns how many there were."""
    there_were = counted(key)
    Tries.objects.filter(key=_digest(key)).delete()
    return there_were


def _forget_old(at: int) -> None:
    """A few at a time, and none that somebody else has in hand."""
    others = "FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET.format(others=others), [at, MOST_CLEANED])


def _digest(key: str) -> str:
    return blind_index(f"tries:{key}")
