"""What every field says at one moment, and what changed between two moments."""

import json
import re
from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import override

from kernel.core.privacy import blind_index, mask_id
from kernel.form.fields import FIELDS, Field
from kernel.form.filing import Filing, PersonFacts
from kernel.standards.display import display, masked, people_behind, typed

MARK = " #"
DIGITS = 12  # of a digest: enough to notice a change, too few to look anybody up
_MARKS = re.compile(rf"{MARK}[0-9a-f]{{1,{DIGITS}}}")


def snapshot(filing: Filing) -> dict[str, str]:
    """The present value of every field as text, always in the site's first language, so that two can be compared.

    Personal values are masked; a keyed digest behind them (after MARK) shows that one changed without storing it.
    """
    with override(settings.LANGUAGE_CODE):
        return {field.key: _value(filing, field) for field in FIELDS}


def changes(old: Mapping[str, str], new: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """The fields that differ between two snapshots as (key, old, new), in the order of the form, without digests."""
    return [
        (field.key, _MARKS.sub("", old.get(field.key, "")), _MARKS.sub("", new.get(field.key, "")))
        for field in FIELDS
        if old.get(field.key, "") != new.get(field.key, "")
    ]


def _value(filing: Filing, field: Field) -> str:
    if field.section == "materials":
        files = filing.materials.get(field.name, ())
        return "; ".join(
            f"{file.name} ({file.pages}){MARK}{file.digest[:DIGITS]}" for file in files
        )
    people = people_behind(filing, field.key)
    if people is not None:
        return "; ".join(_person(person) for person in people)
    text = typed(filing, field.key)
    if field.personal and text:
        return masked(field.key, text) + MARK + blind_index(text)[:DIGITS]
    return display(filing, field.key)


def _person(person: PersonFacts) -> str:
    number = person.uscc if person.is_legal else mask_id(person.id_number)
    whole = json.dumps(
        {**person.data, "kind": person.kind}, ensure_ascii=False, sort_keys=True, default=str
    )
    return f"{person.name} {number}".strip() + MARK + blind_index(whole)[:DIGITS]
