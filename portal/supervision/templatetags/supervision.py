"""How the supervisor's pages write values and counts."""

from datetime import datetime

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html

from kernel.core.moment import now
from kernel.core.ui.wording import moment, runs, unbroken
from portal.supervision import arrangement

register = template.Library()


@register.simple_tag
def count(n, url):
    """A number that leads to the list which it counts."""
    return format_html(
        '<a class="to-list num" href="{}" data-count="{}">{}</a>', url, n, number_format(n)
    )


@register.simple_tag(takes_context=True)
def years_to_enter(context):
    """The years whose official arrangement the reader is to enter; none for whoever doesn't."""
    user = context["request"].user
    return arrangement.unsettled(user.zone, now()) if arrangement.may_enter(user) else ()


@register.filter
def cell(value):
    """A value of a list: a moment, a number, a text; a dash for none."""
    if value is None or value == "":
        return "–"
    if isinstance(value, datetime):
        return unbroken(moment(value))
    if isinstance(value, float):
        return number_format(value, 2 if value % 1 else 0, force_grouping=True)
    return runs(value) if isinstance(value, str) else value


@register.filter
def is_number(value):
    return isinstance(value, int | float)
