"""The arrangement of a year: which days around the law's own are off and which weekend days are worked for them.

The State Council announces it in the autumn before. Until it stands in the holiday package or an administrator has
entered it, the calendar counts Monday to Friday without the days that the law itself closes, and says so. Plain Python:
an arrangement is a list of rows as the exceptions of a calendar's rules (`kernel.sla.calendars`).
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kernel.sla.statutory import holidays_of
from kernel.sla.workdays import ONE_DAY

CLOSED, MAKEUP = "closed", "makeup"
ANNOUNCED_IN = 11  # the month from which the next year's is asked for
LONGEST_DAYS = 16  # of one holiday
LONGEST_SOURCE, LONGEST_NOTE = 200, 80  # characters
EARLY_DAYS = 12  # of the December before may belong to New Year's holiday


@dataclass(frozen=True)
class Arrangement:
    """`exceptions` are rows of `date`, `until` (or None), `kind`, `hours` (none) and `note`; `source` is the notice."""

    year: int
    source: str
    exceptions: tuple[dict, ...]


class Unreadable(ValueError):
    """What was given is no arrangement; the sentence says why."""


def wanted_years(today: date) -> tuple[int, ...]:
    """The years whose arrangement must be known by now: this one and, from November on, the next."""
    return (today.year, today.year + 1) if today.month >= ANNOUNCED_IN else (today.year,)


def row(kind: str, first: date, last: date | None, note: str) -> dict:
    until = last.isoformat() if last and last != first else None
    return {
        "date": first.isoformat(),
        "until": until,
        "kind": kind,
        "hours": [],
        "note": note,
    }


def read(text: str, year: int) -> Arrangement:
    """An arrangement from a JSON file: `source`, and `exceptions` as the rows above. Raises Unreadable."""
    try:
        given = json.loads(text)
        source, rows = str(given["source"]).strip(), list(given["exceptions"])
        days = [
            row(
                str(entry["kind"]),
                date.fromisoformat(entry["date"]),
                date.fromisoformat(entry["until"]) if entry.get("until") else None,
                str(entry.get("note") or ""),
            )
            for entry in rows
        ]
        has_hours = any(entry.get("hours") for entry in rows)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Unreadable(
            _(
                "The file can't be read as an arrangement. It is JSON with “source” and “exceptions”."
            )
        ) from error
    if len(source) > LONGEST_SOURCE or any(len(day["note"]) > LONGEST_NOTE for day in days):
        sentence = _(
            "A text of the file is too long: “source” has at most %(source)s characters, a note %(note)s."
        )
        raise Unreadable(sentence % {"source": LONGEST_SOURCE, "note": LONGEST_NOTE})
    if has_hours:
        raise Unreadable(_("The days of an arrangement have no hours of their own."))
    return Arrangement(year, source, tuple(days))


def written(arrangement: Arrangement) -> str:
    """As `read` takes it."""
    return json.dumps(
        {"source": arrangement.source, "exceptions": arrangement.exceptions}, ensure_ascii=False
    )


def days_of(exception: dict) -> Iterator[date]:
    day = date.fromisoformat(exception["date"])
    last = date.fromisoformat(exception["until"]) if exception["until"] else day
    while day <= last:
        yield day
        day += ONE_DAY


def of_kind(rows: Iterable[dict], kind: str) -> list[date]:
    return [day for row in rows if row["kind"] == kind for day in days_of(row)]


def faults(arrangement: Arrangement) -> list[str]:
    """Why this can't be the arrangement of the year: a sentence each, none where it can."""
    rows, year = arrangement.exceptions, arrangement.year
    errors = [] if arrangement.source else [_("Write which notice it is taken from.")]
    if strange := {row["kind"] for row in rows} - {CLOSED, MAKEUP}:
        errors.append(_("Unknown kind of day: %(kinds)s.") % {"kinds": " ".join(sorted(strange))})
    if backwards := [row["date"] for row in rows if row["until"] and row["until"] < row["date"]]:
        errors.append(
            _("These days end before they begin: %(days)s.") % {"days": _days(map(_day, backwards))}
        )
    closed, worked = of_kind(rows, CLOSED), of_kind(rows, MAKEUP)
    checks = (
        (
            [day for day in (*closed, *worked) if not _belongs(day, year)],
            _("These days aren't of %(year)s: %(days)s."),
        ),
        (
            [day for days in holidays_of(year).values() for day in days if day not in closed],
            _("The law closes these days, and they are missing: %(days)s."),
        ),
        (
            [day for day in worked if day.weekday() < 5],
            _("Make-up days are Saturdays or Sundays; these are not: %(days)s."),
        ),
        (
            [day for day in worked if day in closed],
            _("These days are off and worked at once: %(days)s."),
        ),
        (_twice(closed) + _twice(worked), _("These days are written twice: %(days)s.")),
        (
            [_day(row["date"]) for row in rows if len(list(days_of(row))) > LONGEST_DAYS],
            _("A holiday is no longer than 16 days; look at the one from %(days)s."),
        ),
    )
    return errors + [
        sentence % {"year": year, "days": _days(sorted(set(wrong)))}
        for wrong, sentence in checks
        if wrong
    ]


def _belongs(day: date, year: int) -> bool:
    return date(year - 1, 12, 31 - EARLY_DAYS) <= day <= date(year, 12, 31)


def _twice(days: Sequence[date]) -> list[date]:
    return [day for day in set(days) if days.count(day) > 1]


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _days(days: Iterable[date]) -> str:
    return " ".join(date_format(day, "Y-m-d") for day in days)
