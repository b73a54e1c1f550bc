"""Numbers and codes that a case is given. Each comes from a counter row, inside the transaction that uses it."""

import secrets
from datetime import date

from django.db import connection

from accounts.models import Zone
from registration.codes import make_uscc

# No letters or digits that are mistaken for one another when read out or written down.
READABLE = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

_NEXT = """
INSERT INTO registration_counter (key, value) VALUES (%s, 1)
ON CONFLICT (key) DO UPDATE SET value = registration_counter.value + 1
RETURNING value
"""


def next_number(key: str) -> int:
    """The next number under `key`, from 1; a rolled-back transaction gives its number back."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [key])
        return cursor.fetchone()[0]


def draft_reference(day: date) -> str:
    """`D-2026-00427`."""
    return f"D-{day:%Y}-{next_number(f'draft-{day:%Y}'):05d}"


def filing_number(zone: Zone, day: date) -> str:
    """`KB-2026-0318-007`: the seventh filing of the day in its zone; zones after the first add their code."""
    prefix = zone.settings.get("filing_prefix", "KB")
    return f"{prefix}-{day:%Y-%m%d}-{next_number(f'filing-{prefix}-{day:%Y%m%d}'):03d}"


def issue_uscc(zone: Zone, klass: str = "1") -> str:
    """A unified social credit code of the zone's region, both check digits right by construction.

    `klass` is its second character: 1 an enterprise, 2 an individual business.
    """
    return make_uscc(zone.region_code, next_number(f"uscc-{zone.region_code}"), klass=klass)


def readable_code(length: int) -> str:
    """A random code that people read and type."""
    return "".join(secrets.choice(READABLE) for _ in range(length))
