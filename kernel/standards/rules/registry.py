"""How rules are written: plain functions of a filing, known by their names, that give a finding or nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel.catalogue import in_language
from kernel.form.choices import is_choice
from kernel.form.filing import Filing, PersonFacts
from kernel.standards.display import typed


@dataclass(frozen=True)
class Finding:
    """What a rule says of a filing: a sentence, in the language that was active, and the fields at fault, where the
    rule can tell them apart.

    It may be a note on something that is right (`is_note`), or a question that a person answers (`asks`): nothing is
    wrong, but the system doesn't decide it. `parts` are the faults that it is put together from, where a rule finds
    several.
    """

    sentence: str
    fields: tuple[str, ...] = ()
    is_note: bool = False
    asks: bool = False
    parts: tuple["Finding", ...] = ()


Rule = Callable[[Filing], Finding | None]
RULES: dict[str, Rule] = {}
_NEEDS: dict[Rule, tuple[str, ...]] = {}
_OF_NO_FIELD: set[str] = set()


def rule(function: Rule) -> Rule:
    """Register a rule of the kernel under its function's name."""
    if function.__name__ in RULES:
        raise ValueError(f"There are two rules named {function.__name__}.")
    RULES[function.__name__] = function
    return function


def needs(*keys: str) -> Callable[[Rule], Rule]:
    """Say that a rule is for company types that have all of these fields."""

    def mark(function: Rule) -> Rule:
        _NEEDS[function] = keys
        return function

    return mark


def of_no_field(function: Rule) -> Rule:
    """Say that a rule looks at something else than what was typed: no return can pin it to a field."""
    _OF_NO_FIELD.add(function.__name__)
    return function


def looks_at_no_field(name: str) -> bool:
    return name in _OF_NO_FIELD


def needed_by(function: Rule) -> tuple[str, ...]:
    """The fields that a company type must have for the rule to be asked."""
    return _NEEDS.get(function, ())


def missing(filing: Filing, keys: Iterable[str]) -> list[str]:
    """Those of the fields that nothing was entered for."""
    return [key for key in keys if not typed(filing, key).strip()]


def not_chosen(filing: Filing, keys: Iterable[str]) -> list[str]:
    """Those of the choices that none of the offered values was chosen for."""
    return [key for key in keys if not is_choice(key, typed(filing, key))]


def listing(items: Iterable[str]) -> str:
    """The items in one line, with the mark that the language puts between the items of a list."""
    return pgettext("between the items of a list", ", ").join(items)


def labels(filing: Filing, keys: Iterable[str]) -> str:
    """What the company type calls these fields."""
    called = filing.form.label
    return listing(str(called(key)) for key in keys)


def lacking(filing: Filing, keys: Iterable[str]) -> Finding | None:
    """The finding on fields that are still to be filled in, pinned to them."""
    keys = tuple(keys)
    if not keys:
        return None
    return Finding(_("Still missing: %(fields)s.") % {"fields": labels(filing, keys)}, keys)


def misspelt(filing: Filing, keys: Iterable[str]) -> Finding | None:
    """What can't stand in these texts, each said with the name of its field."""
    faults = [(key, wrong) for key in keys if (wrong := filing.fault(key))]
    sentence = _("%(field)s: %(fault)s")
    return together(
        *(
            Finding(sentence % {"field": labels(filing, [key]), "fault": wrong}, (key,))
            for key, wrong in faults
        )
    )


def together(*findings: Finding | None) -> Finding | None:
    """Several faults in one: a sentence each, pinned to the fields of all."""
    parts = tuple(finding for finding in findings if finding)
    if not parts:
        return None
    fields = dict.fromkeys(key for part in parts for key in part.fields)
    return Finding(run_on(part.sentence for part in parts), tuple(fields), parts=parts)


def of_people(faults: Iterable[tuple[PersonFacts, str]]) -> str:
    """One sentence on all people at fault."""
    return run_on(
        _("%(name)s: %(fault)s") % {"name": person.called, "fault": fault}
        for person, fault in faults
    )


def run_on(sentences: Iterable) -> str:
    """Sentences one after another; Chinese ones without a space between."""
    return in_language("", " ").join(map(str, sentences))
