"""The fixed text of the papers, read once from data/: law language is data, which a zone's lawyers can read and change."""

import json
from datetime import date, datetime
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"


@cache
def words(name: str) -> dict:
    """The wording file data/<name>.json. Raises FileNotFoundError."""
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


def as_date(value: date | datetime | str) -> date:
    """A date from a date or from its ISO text (facts are kept as JSON). Raises ValueError."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(value[:10])


def long_date(value: date | str, pattern: str = "date") -> str:
    """A date as papers write it; `padded_date` with two-digit month and day, as on the licence."""
    day = as_date(value)
    return words("common")[pattern].format(year=day.year, month=day.month, day=day.day)
