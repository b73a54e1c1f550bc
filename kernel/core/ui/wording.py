"""Figures, money and moments as the page's language writes them: what templates know as filters."""

import re
from datetime import timedelta
from decimal import Decimal
from math import ceil

from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from kernel.core.moment import now
from kernel.core.privacy import mask_id, mask_name, mask_phone

WAN = 10_000 * 100  # one wan (10,000 yuan), in fen


# Figures


def masked_id(value):
    return mask_id(value or "")


def masked_phone(value):
    return mask_phone(value or "")


def masked_name(value):
    return mask_name(value or "")


def minutes(value):
    """`75` → "75 minutes"; None is a dash."""
    if value is None:
        return "–"
    count = round(value)
    return ngettext("%(count)s minute", "%(count)s minutes", count) % {"count": count}


def minutes_unit(value):
    """The word alone, to stand small beside a large number: "minutes"."""
    return ngettext("minute", "minutes", round(float(value)) if value not in (None, "") else 0)


def percent(value, places=1):
    """A share of 0 to 1 → "98.7%" (in Chinese "98.7 %"), a whole one without decimals; None is a dash."""
    if value is None or value == "":
        return "–"
    figure = round(value * 100, places)
    return _("%(figure)s%%") % {
        "figure": formats.number_format(figure, 0 if figure == round(figure) else places)
    }


def dash(value):
    """An honest dash for a figure that isn't there. Zero is a figure."""
    return "–" if value is None or value == "" else value


def money(fen):
    """Fen → yuan in English; in Chinese whole amounts of 10,000 yuan and more are written in wan."""
    if fen is None or fen == "":
        return "–"
    fen = int(fen)
    if (get_language() or "").startswith("zh") and fen >= WAN and fen % 10_000 == 0:
        wan = (Decimal(fen) / WAN).normalize()
        return _("%(amount)s wan yuan") % {"amount": f"{wan:,f}"}
    yuan = Decimal(fen) / 100
    return _("%(amount)s yuan") % {"amount": f"{yuan:,.2f}" if fen % 100 else f"{yuan:,.0f}"}


def whole(value):
    """A whole number of minutes, up; a dash for none."""
    return "–" if value is None or value == "" else ceil(float(value))


def abs_value(value):
    return abs(value) if isinstance(value, int | float) else value


def unlocal(value):
    """A number for a data attribute or SVG, whatever the language."""
    return "" if value is None or value == "" else plain_number(float(value))


def plain_number(value: float) -> str:
    """A number for SVG: a point, no grouping, whatever the language."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def iso(value):
    return value.isoformat() if hasattr(value, "isoformat") else value or ""


HAN = re.compile(
    "[\u3400-\u9fff](?:[\u3000-\u9fff\uff00-\uffef0-9 ]*[\u3000-\u9fff\uff00-\uffef])?"
)


def runs(value):
    """Marks the Chinese of an English page, so that it is read aloud and set in Chinese; dates are in one piece."""
    text = unbroken(value)
    if (get_language() or "").startswith("zh"):
        return text
    return mark_safe(HAN.sub(lambda run: f'<span lang="zh-Hans">{run.group()}</span>', text))  # noqa: S308 (escaped)


# Moments

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
# A tag, which is left alone; or a day, a month of a year, an hour with its "today" or "tomorrow".
YEAR, MONTH, DAY, TODAY, TOMORROW = "\u5e74", "\u6708", "\u65e5", "\u4eca\u5929", "\u660e\u5929"
DATE = re.compile(
    rf"<[^>]*>|(?:\d{{4}}{YEAR})?\d{{1,2}}{MONTH}\d{{1,2}}{DAY}|\d{{4}}{YEAR}\d{{1,2}}{MONTH}"
    rf"|(?:{TODAY}|{TOMORROW}) \d{{2}}:\d{{2}}"
    rf"|\d{{1,2}} (?:{MONTHS})(?: \d{{4}})?|(?:{MONTHS}) \d{{4}}|\d{{2}}:\d{{2}} (?:today|tomorrow)"
)


def unbroken(value):
    """A text whose dates are each in one piece: no line ends inside them, as Chinese lets it anywhere."""
    text = conditional_escape("" if value is None else value)
    return mark_safe(DATE.sub(_whole, text))  # noqa: S308 (escaped)


def _whole(match):
    return match[0] if match[0].startswith("<") else f'<span class="nowrap">{match[0]}</span>'


def _local(value):
    if isinstance(value, str):
        value = parse_datetime(value)
    return (
        timezone.localtime(value)
        if value and hasattr(value, "hour") and timezone.is_aware(value)
        else value
    )


def _written(value, pattern):
    value = _local(value)
    return formats.date_format(value, pattern) if value else "–"


def hour_minute(value):
    """10:08"""
    return _written(value, "H:i")


def day(value):
    """18 March 2026"""
    return _written(value, pgettext("date format", "j F Y"))


def short_day(value):
    """18 March"""
    return _written(value, pgettext("date format", "j F"))


def weekday(value):
    """18 March, Wednesday"""
    return _written(value, pgettext("date format", "l, j F"))


def moment(value):
    """10:08 on the same day, else with its day."""
    value = _local(value)
    if not value:
        return "–"
    today = timezone.localtime(now()).date()
    if value.date() == today:
        return _written(value, "H:i")
    pattern = (
        pgettext("date format", "j F H:i")
        if value.year == today.year
        else pgettext("date format", "j F Y H:i")
    )
    return _written(value, pattern)


def in_day(value):
    """ "11:18 today", "9:20 tomorrow", else the day and the time: for deadlines."""
    value = _local(value)
    if not value:
        return "–"
    ahead = (value.date() - timezone.localtime(now()).date()) // timedelta(days=1)
    sentence = {0: _("%(time)s today"), 1: _("%(time)s tomorrow")}.get(ahead)
    return sentence % {"time": _written(value, "H:i")} if sentence else moment(value)


FILTERS = (
    masked_id,
    masked_phone,
    masked_name,
    minutes,
    minutes_unit,
    percent,
    dash,
    money,
    whole,
    abs_value,
    unlocal,
    iso,
    runs,
    unbroken,
    hour_minute,
)
DATES = (day, short_day, weekday, moment, in_day)  # pages write them unbroken
