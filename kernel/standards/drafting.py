"""What an item of a draft must hold before it can be published, so that no version breaks a desk or a pre-check."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import MISSING, fields

from django.utils.translation import gettext as _

from kernel import catalogue
from kernel.core import departments
from kernel.form.fields import FIELD
from kernel.standards.parts import parts, rules_of
from kernel.standards.records import QUESTION, RULE, Standard
from kernel.standards.rules.registry import looks_at_no_field

ID = re.compile(r"[A-Z]{1,2}-\d{2,3}")  # of every part: each has a prefix of its own
TEXTS = ("text_zh", "text_en", "ground_zh", "ground_en", "fix_zh", "fix_en")

Fault = tuple[str, str]


def blank(id: str) -> dict:
    """An item that says nothing yet."""
    given = {field.name: _default(field) for field in fields(Standard)}
    return {**given, "id": id}


def _default(field):
    value = "" if field.default is MISSING else field.default
    return (
        []
        if field.type == tuple[str, ...] and not value
        else list(value)
        if isinstance(value, tuple)
        else value
    )


def next_id(part: str, items: Iterable[Mapping]) -> str:
    """The number after the highest one."""
    taken = [int(item["id"].split("-")[1]) for item in items]
    return f"{parts()[part].prefix}-{max(taken, default=0) + 1:02}"


def faults(item: Mapping, part: str, taken: Collection[str] = ()) -> list[Fault]:
    """What is wrong with an item of a part, as (its field, a sentence); `taken` are the numbers of the others."""
    item, sentences = {**blank(""), **item}, []
    prefix = parts()[part].prefix
    if not ID.fullmatch(item["id"]) or item["id"].split("-")[0] != prefix:
        sentences.append(("id", _("A number looks like %(prefix)s-45 here.") % {"prefix": prefix}))
    elif item["id"] in taken:
        sentences.append(("id", _("There is another standard of this number.")))
    sentences += [
        (name, _("Say it in both languages.")) for name in TEXTS if not str(item[name]).strip()
    ]
    return sentences + _looks_at(item) + _decided(item, part) + _meant_for(item)


def _looks_at(item: Mapping) -> list[Fault]:
    if not item["fields"]:
        if looks_at_no_field(item["rule"]):
            return []
        return [("fields", _("Name at least one field that the standard looks at."))]
    unknown = set(item["fields"]) - set(FIELD)
    if unknown:
        return [
            ("fields", _("There is no field %(fields)s.") % {"fields": " ".join(sorted(unknown))})
        ]
    if item["deferrable"] and not all(key.startswith("materials.") for key in item["fields"]):
        return [
            (
                "deferrable",
                _(
                    "Only a material can be promised for later, so a standard on other fields can't be."
                ),
            )
        ]
    return []


def _decided(item: Mapping, part: str) -> list[Fault]:
    if item["decided_by"] not in (RULE, QUESTION):
        return [("decided_by", _("Say who decides it: the system or a person."))]
    if item["decided_by"] == RULE and item["rule"] not in rules_of(part):
        return [("rule", _("Choose the rule that the system runs."))]
    if item["decided_by"] == QUESTION and item["rule"]:
        return [("rule", _("A question to a person has no rule."))]
    if item["deferrable"] and item["decided_by"] == QUESTION:
        return [
            (
                "deferrable",
                _("What may follow later is decided by the system: whether the material is there."),
            )
        ]
    return []


def _meant_for(item: Mapping) -> list[Fault]:
    sentences = []
    if not item["departments"] or set(item["departments"]) - set(departments.codes()):
        sentences.append(("departments", _("Choose the desks that check it.")))
    if set(item["company_types"]) - {kind.code for kind in catalogue.company_types()}:
        sentences.append(("company_types", _("There is no such company type.")))
    return sentences
