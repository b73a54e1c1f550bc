"""What a narrowed list is called."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel.cases.models import Application
from kernel.core import departments
from kernel.form import flow
from portal.supervision import waits
from reviews.models import Level


def title(listing, asked: Mapping[str, str]) -> str:
    """The list's name with what narrows it: "Finished clocks, Tax, over the limit"."""
    parts = [
        str(listing.label),
        *(str(part) for name, value in asked.items() if (part := _part(name, value))),
    ]
    return pgettext("clause", ", ").join(parts)


def _part(name: str, value: str) -> str:
    if name == "clock" and value in flow.clocks():
        return flow.clocks()[value].label
    if name == "hour" and value.isdecimal():
        return _("from %(hour)s:00 to %(hour)s:59") % {"hour": value[:2]}
    if name == "channel" and value in Application.Channel.values:
        return Application.Channel(value).label
    if name == "without" and value in flow.departments():
        return _("without the %(who)s") % {"who": departments.department(value).named}
    if name == "waited_for":
        return str(waits.WAITS.get(value, ""))
    if name == "outcome":
        return str(waits.OUTCOMES.get(value, ""))
    if name == "level" and value in map(str, Level.values):
        return Level(int(value)).label
    return {
        ("over", "1"): _("over the limit"),
        ("visit", "none"): _("without a visit"),
        ("reviewed", "1"): _("with a review"),
        ("level", "good"): _("good reviews"),
        ("reason", "none"): _("without a reason"),
    }.get((name, value), "")
