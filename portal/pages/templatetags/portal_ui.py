"""Components that compute; filters that write figures, money and moments the way the page's language does."""

import re
from datetime import timedelta
from decimal import Decimal
from math import ceil

from django import template
from django.forms import CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect, Select, Textarea
from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from accounts.privacy import mask_id, mask_name, mask_phone
from portal.pages import states
from sla.moment import now

register = template.Library()

WAN = 10_000 * 100  # one wan (10,000 yuan), in fen
RAIL_CLASS = {
    "at_risk": "is-risk",
    "paused": "is-paused",
    "breached": "is-breach",
    "done": "is-done",
    "stopped": "is-done",
}
SHARE_SPAN = 130  # a share rail shows up to 130 % of its limit


# Figures


@register.filter
def masked_id(value):
    return mask_id(value or "")


@register.filter
def masked_phone(value):
    return mask_phone(value or "")


@register.filter
def masked_name(value):
    return mask_name(value or "")


@register.filter
def minutes(value):
    """`75` → "75 minutes"; None is a dash."""
    if value is None:
        return "–"
    count = round(value)
    return ngettext("%(count)s minute", "%(count)s minutes", count) % {"count": count}


@register.filter
def percent(value, places=1):
    """A share of 0 to 1 → "98.7 %", a whole one without decimals; None is a dash."""
    if value is None or value == "":
        return "–"
    figure = round(value * 100, places)
    return f"{formats.number_format(figure, 0 if figure == round(figure) else places)} %"


@register.filter
def dash(value):
    """An honest dash for a figure that isn't there. Zero is a figure."""
    return "–" if value is None or value == "" else value


@register.filter
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


@register.filter
def whole(value):
    """A whole number of minutes, up; a dash for none."""
    return "–" if value is None or value == "" else ceil(float(value))


@register.filter
def abs_value(value):
    return abs(value) if isinstance(value, int | float) else value


@register.filter
def unlocal(value):
    """A number for a data attribute or SVG, whatever the language."""
    return "" if value is None or value == "" else _number(float(value))


@register.filter
def iso(value):
    return value.isoformat() if hasattr(value, "isoformat") else value or ""


@register.filter
def in_language(row, name):
    """`row.name_zh` or `row.name_en`, whichever the page speaks: for catalogues that carry both."""
    return row.get(f"{name}_{'en' if (get_language() or '').startswith('en') else 'zh'}", "")


HAN = re.compile("[\u3400-\u9fff](?:[\u3000-\u9fff\uff00-\uffef0-9 ]*[\u3000-\u9fff\uff00-\uffef])?")


@register.filter
def runs(value):
    """Marks the Chinese in a text of an English page, so that it is read aloud and set in Chinese."""
    text = conditional_escape("" if value is None else value)
    if (get_language() or "").startswith("zh"):
        return text
    return mark_safe(HAN.sub(lambda run: f'<span lang="zh-Hans">{run.group()}</span>', text))  # noqa: S308 (escaped)


# Moments


def _local(value):
    if isinstance(value, str):
        value = parse_datetime(value)
    return timezone.localtime(value) if value and hasattr(value, "hour") and timezone.is_aware(value) else value


def _written(value, pattern):
    value = _local(value)
    return formats.date_format(value, pattern) if value else "–"


@register.filter
def hour_minute(value):
    """10:08"""
    return _written(value, "H:i")


@register.filter
def day(value):
    """18 March 2026"""
    return _written(value, pgettext("date format", "j F Y"))


@register.filter
def short_day(value):
    """18 March"""
    return _written(value, pgettext("date format", "j F"))


@register.filter
def weekday(value):
    """18 March, Wednesday"""
    return _written(value, pgettext("date format", "l, j F"))


@register.filter
def moment(value):
    """10:08 on the same day, else with its day."""
    value = _local(value)
    if not value:
        return "–"
    today = timezone.localtime(now()).date()
    if value.date() == today:
        return _written(value, "H:i")
    pattern = pgettext("date format", "j F H:i") if value.year == today.year else pgettext("date format", "j F Y H:i")
    return _written(value, pattern)


@register.filter
def in_day(value):
    """ "today 11:18", "tomorrow 9:20", else the day and the time: for deadlines."""
    value = _local(value)
    if not value:
        return "–"
    ahead = (value.date() - timezone.localtime(now()).date()) // timedelta(days=1)
    said = {0: _("today %(time)s"), 1: _("tomorrow %(time)s")}.get(ahead)
    return said % {"time": _written(value, "H:i")} if said else moment(value)


# Components


@register.simple_tag
def icon(name, label=""):
    """A mark from the icon set; decorative unless it has a label."""
    if label:
        return format_html('<span class="i i-{}" role="img" aria-label="{}"></span>', name, label)
    return format_html('<span class="i i-{}" aria-hidden="true"></span>', name)


@register.inclusion_tag("components/tag.html")
def tag(family, state, text=""):
    word, kind, mark = states.describe(family, state)
    return {"word": text or word, "kind": kind, "mark": mark}


@register.inclusion_tag("components/rail.html")
def rail(used, limit, span=None, state="running", gaps=None, thin=False):
    """Working minutes on a scale. `gaps` are the minutes used at which the clock paused."""
    used, limit = float(used or 0), float(limit or 1)
    span = float(span or max(limit, min(used, limit * 1.3)))
    shown = "is-breach" if used > limit else RAIL_CLASS.get(state, "")
    return {
        "span": _number(span),
        "limit": _number(limit),
        "used": _number(min(used, span)),
        "kind": shown,
        "gaps": [_number(float(gap)) for gap in gaps or [] if float(gap) > 0],
        "thin": thin,
        "over": used > limit,
        "label": _rail_label(used, limit, state),
    }


@register.inclusion_tag("components/rail_share.html")
def rail_share(used, limit, state="running"):
    """A clock as a share of its own limit, so that one line runs through all rows; marks at 50 and 80 %."""
    used, limit = float(used or 0), float(limit or 1)
    share = used / limit * 100
    shown = "is-breach" if share > 100 else RAIL_CLASS.get(state, "is-risk" if share >= 80 else "")
    return {"used": _number(min(share, SHARE_SPAN)), "kind": shown, "label": _rail_label(used, limit, state)}


def _rail_label(used, limit, state):
    said = _("%(used)s of %(limit)s minutes used") % {"used": round(used), "limit": round(limit)}
    return f"{said}{pgettext('clause', ', ')}{states.describe('clock', 'paused')[0]}" if state == "paused" else said


def _number(value):
    """A number for SVG: a point, no grouping, whatever the language."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


@register.inclusion_tag("components/clock.html")
def clock(view, label="", big=False):
    """`view`: what `sla.reading.view` gives."""
    return {"clock": view, "label": label or _("Time limit"), "big": big, "now": now()}


@register.inclusion_tag("components/reuse.html")
def reuse(departments):
    """The five cells, filled where a department uses what is typed there."""
    used = set(departments or [])
    cells = [{"letter": letter, "name": name, "used": key in used} for key, letter, name in states.REUSE]
    names = pgettext("list", ", ").join(str(cell["name"]) for cell in cells if cell["used"])
    return {"cells": cells, "label": _("Reused by: %(names)s") % {"names": names or "–"}}


@register.inclusion_tag("components/reuse_key.html")
def reuse_key():
    return {"cells": [{"letter": letter, "name": name} for _key, letter, name in states.REUSE]}


@register.inclusion_tag("components/field.html")
def field(bound, width="", row=False):
    """One form field: label, hint, its error beside it. Radio buttons and checkboxes become a group with a legend."""
    widget = bound.field.widget
    grouped = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    single = isinstance(widget, CheckboxInput)
    kind = "form-check-input" if single or grouped else "form-select" if isinstance(widget, Select) else "form-control"
    extra = {"class": f"{widget.attrs.get('class', '')} {kind} {width}".strip()}
    notes = {"hint": bound.help_text, "error": bound.errors}
    described = [f"{bound.auto_id}_{name}" for name, there in notes.items() if there]
    if described and not grouped:
        extra["aria-describedby"] = " ".join(described)
    if bound.errors:
        extra["aria-invalid"] = "true"
    if isinstance(widget, Textarea):
        extra["rows"] = 4 if widget.attrs.get("rows") == "10" else widget.attrs.get("rows", 4)  # 10 is Django's own
    control = "" if grouped else bound.as_widget(attrs=extra)
    return {
        "field": bound,
        "grouped": grouped,
        "single": single,
        "row": row,
        "control": control,
        "extra": extra,
        "described": " ".join(described),
        "file": isinstance(widget, FileInput),
        "optional": not bound.field.required and not single,
    }


@register.filter
def choice_tag(subwidget):
    """One radio button or checkbox of a group, with the theme's class."""
    subwidget.data["attrs"] = {**subwidget.data["attrs"], "class": "form-check-input"}
    return subwidget.tag()


@register.inclusion_tag("components/error_summary.html")
def error_summary(form):
    """What is wrong, at the top, each line a link to its field; takes a form or a list of {target, text}."""
    if not hasattr(form, "errors"):
        return {"errors": list(form or [])}
    errors = [{"target": "", "text": text} for text in form.non_field_errors()]
    for bound in form.visible_fields():
        errors += [{"target": bound.id_for_label or bound.auto_id, "text": text} for text in bound.errors]
    return {"errors": errors}
