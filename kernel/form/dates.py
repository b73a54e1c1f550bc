"""Days and moments as answers have them, and as people read them."""

from datetime import date, datetime

from django.utils.formats import date_format

YEARS = range(
    1900, 2200
)  # beyond them is a slip of the hand, and no reckoning with days goes wrong within


def read_date(text: str | None) -> date | None:
    """`2026-03-18` → a date; None when it isn't one of YEARS."""
    try:
        day = date.fromisoformat(str(text or "").strip())
    except ValueError:
        return None
    return day if day.year in YEARS else None


def read_moment(text: str | None) -> datetime | None:
    """`2026-03-18T09:30` → that moment, of no time zone; None for what isn't one in YEARS."""
    try:
        moment = datetime.fromisoformat(str(text or ""))
    except ValueError:
        return None
    return moment if moment.tzinfo is None and moment.year in YEARS else None


def as_day(text: str) -> str:
    """A day that was typed, as people read it; as typed where it can't be read."""
    day = read_date(text)
    return date_format(day, "DATE_FORMAT") if day else text


def as_moment(text: str) -> str:
    """A moment that was typed, as people read it; as typed where it can't be read."""
    moment = read_moment(text)
    return f"{date_format(moment.date(), 'DATE_FORMAT')} {moment:%H:%M}" if moment else text
