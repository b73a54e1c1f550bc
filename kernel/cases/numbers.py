"""Numbers and codes that a case is given, inside the transaction that uses them.

Nobody waits for a number: a transaction that doesn't end would stop everybody else. Each takes the lowest number above
those given that no other transaction has in hand. What is rolled back leaves a gap where a later number was given.
"""

import secrets
import zlib
from datetime import date

from django.db import connection

from kernel.accounts.models import Zone
from kernel.form.codes import make_uscc

# No letters or digits that are mistaken for one another when read out or written down.
READABLE = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

AT_ONCE = 1000  # numbers that may be in hand at one moment: more than PostgreSQL has connections

# Whoever gets the lock on a number has it in hand until the transaction ends. It may have been given a moment before,
# after this statement began: then nothing is inserted, and the next statement sees it.
_GIVE = """
INSERT INTO cases_givennumber (key, value)
SELECT %(key)s, free.value FROM (
    SELECT last.value + step AS value
    FROM (SELECT coalesce(max(value), 0) AS value FROM cases_givennumber WHERE key = %(key)s) last,
         generate_series(1, %(most)s) step
    WHERE pg_try_advisory_xact_lock(%(lock)s, (last.value + step)::int)
    LIMIT 1
) free
ON CONFLICT DO NOTHING
RETURNING value
"""
# SQLite lets one transaction at a time write.
_GIVE_ALONE = """
INSERT INTO cases_givennumber (key, value)
SELECT %(key)s, coalesce(max(value), 0) + 1 FROM cases_givennumber WHERE key = %(key)s
RETURNING value
"""


def next_number(key: str) -> int:
    """The next number under `key`, from 1."""
    lock = zlib.crc32(key.encode()) - 2**31  # two keys of one lock would only leave a gap
    with connection.cursor() as cursor:
        while True:  # each further round means that somebody else was given a number
            cursor.execute(
                _GIVE if connection.vendor == "postgresql" else _GIVE_ALONE,
                {"key": key, "lock": lock, "most": AT_ONCE},
            )
            if row := cursor.fetchone():
                return row[0]


def draft_reference(day: date) -> str:
    """`D-2026-00427`."""
    return f"D-{day:%Y}-{next_number(f'draft-{day:%Y}'):05d}"


def filing_number(zone: Zone, day: date) -> str:
    """`KB-2026-0318-007`: about the seventh filing of the day in its zone; zones after the first add their code."""
    prefix = zone.setting("filing_prefix")
    return f"{prefix}-{day:%Y-%m%d}-{next_number(f'filing-{prefix}-{day:%Y%m%d}'):03d}"


def issue_uscc(zone: Zone, klass: str = "1") -> str:
    """A unified social credit code of the zone's region, both check digits right by construction.

    `klass` is its second character: 1 an enterprise, 2 an individual business.
    """
    return make_uscc(zone.region_code, next_number(f"uscc-{zone.region_code}"), klass=klass)


def readable_code(length: int) -> str:
    """A random code that people read and type."""
    return "".join(secrets.choice(READABLE) for _ in range(length))
