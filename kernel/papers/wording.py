"""The fixed text of the papers, read once from data/: law language is data that lawyers can read and change."""

import json
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

DATA = Path(__file__).resolve().parent / "data"


@cache
def words(name: str) -> dict:
    """The wording file data/<name>.json; one that says `like` adds to that one. Raises FileNotFoundError."""
    own = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return words(own["like"]) | own if "like" in own else own


def as_moment(value: datetime | str) -> datetime:
    """A moment from itself or its ISO text, on the papers' clock where it knows its own. Raises ValueError."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.astimezone(ZoneInfo(words("common")["timezone"])) if moment.tzinfo else moment


def as_date(value: date | datetime | str) -> date:
    """The day of a date, a moment or its ISO text (facts are kept as JSON). Raises ValueError."""
    if isinstance(value, str) and len(value) == 10:
        return date.fromisoformat(value)
    return as_moment(value).date() if isinstance(value, str | datetime) else value


def long_date(value: date | str, pattern: str = "date") -> str:
    """A date as papers write it; `padded_date` with two-digit month and day, as on the licence."""
    day = as_date(value)
    return words("common")[pattern].format(year=day.year, month=day.month, day=day.day)


def long_moment(value: datetime | str) -> str:
    """A moment as papers write it."""
    at = as_moment(value)
    return words("common")["moment"].format(
        year=at.year, month=at.month, day=at.day, hour=at.hour, minute=at.minute
    )
