"""Usual answers of the desks as places where a zone may put its own words (`kernel.zone_words`): the product's of each
department, which a zone may word otherwise or leave out, and those that a zone adds."""

import re
from collections.abc import Iterable

from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from kernel.accounts.models import Zone
from kernel.core import departments
from kernel.core.departments import Reply
from kernel.core.moment import now
from kernel.core.words import Words
from kernel.zone_words import in_force
from kernel.zone_words.models import ZoneWords
from kernel.zone_words.places import Place, Variable

FAMILY = "reply"
MOST = 99  # that a zone adds to a department's, those that it took out again among them
ADDED = re.compile(r"own-([1-9][0-9]?)")  # the codes of those that a zone adds
COMMON = (
    Reply(
        "nothing-to-do",
        pgettext_lazy("reply", "Nothing to do"),
        _("You need not do anything for this. %(desk)s goes on, and you are told of each step."),
    ),
    Reply(
        "call",
        pgettext_lazy("reply", "Call us"),
        _(
            "This is easier said than written: please call %(phone)s and give the number %(number)s."
        ),
    ),
)
VARIABLES = (
    Variable(
        "company",
        _("name of the company"),
        lambda: pgettext("example", "Qingmu Trading Co., Ltd."),
    ),
    Variable("number", _("number of the case"), lambda: f"KB-{localtime(now()):%Y-%m%d}-007"),
    Variable("uscc", _("unified social credit code"), lambda: "91370399MA0000000X"),
    Variable("phone", _("phone of the hall"), lambda: "0533-0000-120"),
    Variable("desk", _("department"), lambda: str(departments.departments()[0].label)),
)


def product(department: str) -> tuple[Reply, ...]:
    """A department's own of the product, before those of everybody."""
    return (*departments.department(department).replies, *COMMON)


def code(department: str, reply: str) -> str:
    """The place of a usual answer."""
    return f"{FAMILY}.{department}.{reply}"


def places(zone: Zone) -> Iterable[Place]:
    """Those of the product, those that the zone added, and the next one that it could, of each department."""
    added = _added(zone)
    for department in departments.departments():
        for reply in product(department.code):
            yield _place(department, reply.code, reply.label, reply.text)
        known = sorted(added.get(department.code, ()))
        coming = range(max(known, default=0) + 1, MOST + 1)[:1]
        for number in [*known, *coming]:
            label = pgettext("reply", "Of the zone's own, %(n)s") % {"n": number}
            yield _place(department, f"own-{number}", label)


def own(zone: int, department: str) -> list[str]:
    """The codes of those that the zone (its primary key) added and that are in force or were."""
    before = code(department, "")
    found = [
        place.removeprefix(before) for place in in_force.versions(zone) if place.startswith(before)
    ]
    return sorted(filter(ADDED.fullmatch, found), key=lambda name: int(name[4:]))


def _added(zone: Zone) -> dict[str, set[int]]:
    rows = ZoneWords.objects.filter(zone=zone, place__startswith=f"{FAMILY}.")
    added: dict[str, set[int]] = {}
    for place in rows.values_list("place", flat=True):
        _family, department, name = place.split(".", 2)
        if number := ADDED.fullmatch(name):
            added.setdefault(department, set()).add(int(number[1]))
    return added


def _place(department, reply: str, label: Words, text: Words = "") -> Place:
    group = pgettext("usual answers", "Usual answers: %(department)s") % {
        "department": department.label
    }
    return Place(
        code(department.code, reply),
        label,
        group,
        label if text else "",
        text,
        VARIABLES,
        may_link=True,
        may_be_left_out=True,
    )
