"""What templates load: the components that compute, and the filters of `kernel.core.ui.wording`."""

from django import template
from django.forms import (
    CheckboxInput,
    CheckboxSelectMultiple,
    FileInput,
    RadioSelect,
    Select,
    Textarea,
)
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel.core import departments as registry
from kernel.core.moment import now
from kernel.core.ui import links, states
from kernel.core.ui.wording import DATES, FILTERS, plain_number, unbroken

register = template.Library()
for _written in FILTERS:
    register.filter(_written)


def _in_one_piece(written):
    return lambda value: unbroken(written(value))


for _written in DATES:
    register.filter(_written.__name__, _in_one_piece(_written))


@register.filter
def under(row, heads):
    """The cells of a table's row as (cell, class, head of its column)."""
    return [(*cell, head) for cell, (head, _class) in zip(row, heads, strict=False)]


RAIL_CLASS = {
    "at_risk": "is-risk",
    "paused": "is-paused",
    "breached": "is-breach",
    "done": "is-done",
    "stopped": "is-done",
}
SHARE_SPAN = 130  # a share rail shows up to 130 % of its limit


register.simple_tag(links.link)


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


@register.inclusion_tag("components/state_words.html")
def state_words(words, closed_only=False):
    """Words of `kernel.cases.situation`: what comes first as a tag, behind it what else is true, or of that only that
    the office is closed (beside a figure that says how late it is)."""
    more = words.closed if closed_only else words.more
    return {"words": words, "more": "" if more.lower() == words.word.lower() else more}


@register.inclusion_tag("components/rail.html")
def rail(used, limit, span=None, state="running", gaps=None, thin=False):
    """Working minutes on a scale. `gaps` are the minutes used at which the clock paused."""
    used, limit = float(used or 0), float(limit or 1)
    span = float(span or max(limit, min(used, limit * 1.3)))
    shown = "is-breach" if used > limit else RAIL_CLASS.get(state, "")
    return {
        "span": plain_number(span),
        "limit": plain_number(limit),
        "used": plain_number(min(used, span)),
        "kind": shown,
        "gaps": [plain_number(float(gap)) for gap in gaps or [] if float(gap) > 0],
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
    return {
        "used": plain_number(min(share, SHARE_SPAN)),
        "kind": shown,
        "label": _rail_label(used, limit, state),
    }


def _rail_label(used, limit, state):
    label = _("%(used)s of %(limit)s minutes used") % {"used": round(used), "limit": round(limit)}
    if state != "paused":
        return label
    return pgettext("clause", ", ").join([label, str(states.describe("clock", "paused")[0])])


@register.inclusion_tag("components/clock.html")
def clock(view, label="", big=False, words=None):
    """`view`: what `kernel.sla.clock_view.view` gives; `words`: what `kernel.cases.situation` says of it."""
    label = label or _("Time limit")
    return {"clock": view, "label": label, "big": big, "now": now(), "words": words}


@register.inclusion_tag("components/reuse.html")
def reuse(departments, usual=False):
    """A cell for each department, filled where a department uses what is typed there; `usual` leaves out those that
    are at work in some zones only."""
    used = set(departments or [])
    cells = [
        {"letter": desk.letter, "name": desk.named, "used": desk.code in used}
        for desk in registry.departments()
        if desk.everywhere or (desk.code in used and not usual)
    ]
    names = pgettext("list", ", ").join(str(cell["name"]) for cell in cells if cell["used"])
    return {"cells": cells, "label": _("Reused by: %(names)s") % {"names": names or "–"}}


@register.simple_tag
def desks_beside(among=None):
    """The departments that work side by side at the end, within a sentence: of those of a case (codes), else the usual
    ones."""
    return registry.listed(registry.beside(among))


@register.inclusion_tag("components/without.html")
def without(among):
    """What is said of a case that does without a department; `among` are the codes of those that it goes through."""
    ways = [department.leaving_out for department in registry.left_out(among)]
    return {"sentences": [way.sentence for way in ways if way]}


@register.inclusion_tag("components/reuse_key.html")
def reuse_key():
    return {
        "cells": [
            {"letter": desk.letter, "name": desk.named}
            for desk in registry.departments()
            if desk.everywhere
        ]
    }


@register.inclusion_tag("components/field.html")
def field(bound, width="", row=False):
    """One form field: label, hint, its error beside it. Radio buttons and checkboxes become a group with a legend."""
    widget = bound.field.widget
    grouped = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    single = isinstance(widget, CheckboxInput)
    kind = (
        "form-check-input"
        if single or grouped
        else "form-select"
        if isinstance(widget, Select)
        else "form-control"
    )
    extra: dict[str, str | int] = {
        "class": f"{widget.attrs.get('class', '')} {kind} {width}".strip()
    }
    notes = {"hint": bound.help_text, "error": bound.errors}
    described = [f"{bound.auto_id}_{name}" for name, there in notes.items() if there]
    if described and not grouped:
        extra["aria-describedby"] = " ".join(described)
    if bound.errors:
        extra["aria-invalid"] = "true"
    if isinstance(widget, Textarea):
        extra["rows"] = (
            4 if widget.attrs.get("rows") == "10" else widget.attrs.get("rows", 4)
        )  # 10 is Django's own
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
        errors += [
            {"target": bound.id_for_label or bound.auto_id, "text": text} for text in bound.errors
        ]
    return {"errors": errors}
