"""The fixed text of the papers, read once from data/: law language is data that lawyers can read and change.

The wording of a department's paper lies in the department's own folder.
"""

import json
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from kernel.core.departments import Table
from kernel.papers.facts import PAPERS

DATA = Path(__file__).resolve().parent / "data"


@cache
def words(name: str) -> dict:
    """The wording file <name>.json; one that says `like` adds to that one. Raises FileNotFoundError."""
    own = _read(PAPERS[name].data if name in PAPERS else DATA, name)
    return words(own["like"]) | own if "like" in own else own


def _read(folder: Path, name: str) -> dict:
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


# Invented facts of each kind, to show what a paper looks like.
SAMPLES = Table(
    lambda _departments: (
        words("samples")
        | {kind: _read(paper.data, f"{kind}.sample") for kind, paper in PAPERS.items()}
    )
)


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
