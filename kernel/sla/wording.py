"""Working hours as people write and read them: "09:00–12:00, 13:30–17:00", and what changed between two versions."""

import re
from datetime import date, datetime

from django.utils.formats import date_format, time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel.core.moment import now
from kernel.sla.models import ClosedDay
from kernel.sla.worktime import LUNCH

DAYS_OF_A_WEEK = 7

# Marks of Chinese writing are taken too: the colon U+FF1A, the wave U+FF5E, commas U+FF0C and U+3001, U+FF1B.
_PAIR = re.compile(
    r"(\d{1,2})[:\uff1a](\d{2})\s*[-\u2013\u2014~\uff5e]\s*(\d{1,2})[:\uff1a](\d{2})"
)
_BETWEEN = re.compile(r"[\s,\uff0c\u3001;\uff1b]*")


def read_hours(text: str) -> list[list[str]]:
    """Pairs of "HH:MM" from what somebody typed. Raises ValueError for anything else than pairs of times."""
    if _BETWEEN.fullmatch(_PAIR.sub("", text)) is None:
        raise ValueError(text)
    pairs = ((m.group(1, 2), m.group(3, 4)) for m in _PAIR.finditer(text))
    return [[f"{int(hour):02}:{minute}" for hour, minute in pair] for pair in pairs]


def write_hours(rows) -> str:
    return pgettext("list", ", ").join(f"{opens}–{closes}" for opens, closes in rows)


def closed(why: str, opens_at: datetime) -> str:
    """Why a clock stands still just now, and until when: "lunch until 13:30", "closed until Monday 09:00"."""
    opens = localtime(opens_at)
    time, ahead = time_format(opens, "H:i"), (opens.date() - localtime(now()).date()).days
    if why == LUNCH:
        return _("lunch until %(time)s") % {"time": time}
    if ahead == 0:
        return _("closed until %(time)s") % {"time": time}
    if ahead == 1:
        return _("closed until tomorrow %(time)s") % {"time": time}
    pattern = "l" if ahead < DAYS_OF_A_WEEK else pgettext("date format", "j F")
    values = {"day": date_format(opens, pattern), "time": time}
    return _("closed until %(day)s %(time)s") % values


def differences(before: dict, after: dict) -> list[str]:
    """What a version of a calendar changed against the one before it, as lines to read."""
    lines = []
    if before["windows"] != after["windows"]:
        hours = {"before": write_hours(before["windows"]), "after": write_hours(after["windows"])}
        lines.append(_("Office hours %(before)s → %(after)s") % hours)
    if before["round_the_clock"] != after["round_the_clock"]:
        lines.append(
            _("Round the clock from now on")
            if after["round_the_clock"]
            else _("No longer round the clock")
        )
    if before["use_public_holidays"] != after["use_public_holidays"]:
        follows = after["use_public_holidays"]
        lines.append(
            _("Follows the public holidays")
            if follows
            else _("No longer follows the public holidays")
        )
    entered = sorted(set(after["arranged"]) - set(before["arranged"]))
    lines += [_("Official arrangement of %(year)s entered") % {"year": year} for year in entered]
    old, new = before["exceptions"], after["exceptions"]
    lines += [_("Added: %(days)s") % {"days": _said(row)} for row in new if row not in old]
    return lines + [
        _("Taken out: %(days)s") % {"days": _said(row)} for row in old if row not in new
    ]


def _said(row: dict) -> str:
    days = [
        date_format(date.fromisoformat(day), "Y-m-d") for day in (row["date"], row["until"]) if day
    ]
    parts = [
        " – ".join(days),
        str(ClosedDay.Kind(row["kind"]).label),
        write_hours(row["hours"]),
        row["note"],
    ]
    return " ".join(part for part in parts if part)
