"""How rules are written: plain functions of a filing, known by their names, that say what is wrong or nothing."""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel.catalogue import in_language
from kernel.form.choices import is_choice
from kernel.form.filing import Filing, PersonFacts
from kernel.standards.display import typed

Rule = Callable[[Filing], str | None]
RULES: dict[str, Rule] = {}


class Said(str):
    """A rule's sentence that also names the fields at fault, or that is a note on something that is right, or a
    question that a person answers (`asks`): nothing is wrong, but the system doesn't decide it.

    `parts` are the faults that it is put together from, where a rule finds several.
    """

    fields: tuple[str, ...]
    is_note: bool
    asks: bool
    parts: tuple["Said", ...]

    def __new__(
        cls,
        text: str,
        fields: Iterable[str] = (),
        is_note: bool = False,
        asks: bool = False,
        parts: Iterable["Said"] = (),
    ):
        said = super().__new__(cls, text)
        said.fields, said.is_note, said.parts = tuple(fields), is_note, tuple(parts)
        said.asks = asks
        return said


def rule(function: Rule) -> Rule:
    """Register a rule of the kernel under its function's name."""
    if function.__name__ in RULES:
        raise ValueError(f"There are two rules named {function.__name__}.")
    RULES[function.__name__] = function
    return function


def needs(*keys: str) -> Callable[[Rule], Rule]:
    """Say that a rule is for company types that have all of these fields."""

    def mark(function: Rule) -> Rule:
        function.needs = keys  # type: ignore[attr-defined]  # a mark on the rule itself
        return function

    return mark


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


def lacking(filing: Filing, keys: Iterable[str]) -> Said | None:
    """The sentence on fields that are still to be filled in, pinned to them."""
    keys = tuple(keys)
    return (
        Said(_("Still missing: %(fields)s.") % {"fields": labels(filing, keys)}, keys)
        if keys
        else None
    )


def together(*said: Said | None) -> Said | None:
    """Several faults in one: a sentence each, pinned to the fields of all."""
    parts = [fault for fault in said if fault]
    fields = dict.fromkeys(key for part in parts for key in part.fields)
    return Said(run_on(parts), fields, parts=parts) if parts else None


def of_people(faults: Iterable[tuple[PersonFacts, str]]) -> str:
    """One sentence on all people at fault."""
    return run_on(
        _("%(name)s: %(fault)s") % {"name": person.called, "fault": fault}
        for person, fault in faults
    )


def run_on(sentences: Iterable) -> str:
    """Sentences one after another; Chinese ones without a space between."""
    return in_language("", " ").join(map(str, sentences))
