"""Two versions of the standards side by side: what was added, removed and changed, old beside new."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel import catalogue
from kernel.core import departments
from kernel.form.fields import FIELD
from kernel.standards.records import Standard, Version


@dataclass(frozen=True)
class Difference:
    """One thing that a standard says otherwise."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Changed:
    standard: Standard
    differences: list[Difference]


@dataclass(frozen=True)
class Comparison:
    old: Version
    new: Version
    added: list[Standard]
    removed: list[Standard]
    changed: list[Changed]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def compare(old: Version, new: Version) -> Comparison:
    """What `new` says otherwise than `old`, by the standards' numbers, each in the order of its version."""
    before = {standard.id: standard for standard in old.standards}
    after = {standard.id: standard for standard in new.standards}
    pairs = [(before[standard.id], standard) for standard in new.standards if standard.id in before]
    return Comparison(
        old,
        new,
        added=[standard for standard in new.standards if standard.id not in before],
        removed=[standard for standard in old.standards if standard.id not in after],
        changed=[Changed(new, differences(old, new)) for old, new in pairs if old != new],
    )


def differences(old: Standard, new: Standard) -> list[Difference]:
    """Both languages count: a word changed in one of them is a change."""
    rows = zip(_told(old), _told(new), strict=True)
    return [
        Difference(label, before, after)
        for (label, before), (_label, after) in rows
        if before != after
    ]


def _told(standard: Standard) -> list[tuple[str, str]]:
    """Everything that a standard says, as (label, words)."""
    comma = pgettext("between the items of a list", ", ")
    kinds, desks = (
        {kind.code: kind.name for kind in catalogue.company_types()},
        dict(departments.choices()),
    )
    return [
        (_("Text (Chinese)"), standard.text_zh),
        (_("Text (English)"), standard.text_en),
        (_("Ground (Chinese)"), standard.ground_zh),
        (_("Ground (English)"), standard.ground_en),
        (_("How to put it right (Chinese)"), standard.fix_zh),
        (_("How to put it right (English)"), standard.fix_en),
        (
            _("Looks at"),
            comma.join(str(FIELD[key].label) if key in FIELD else key for key in standard.fields),
        ),
        (
            _("Decided by"),
            _("a person")
            if standard.is_question
            else _("the system, by its rule %(rule)s") % {"rule": standard.rule},
        ),
        (_("May follow later"), _("yes") if standard.deferrable else _("no")),
        (_("Checked by"), comma.join(str(desks.get(name, name)) for name in standard.departments)),
        (
            _("Company types"),
            comma.join(kinds.get(code, code) for code in standard.company_types) or _("all"),
        ),
    ]
