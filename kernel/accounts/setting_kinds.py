"""The types of a zone's settings: what a value must hold to, how it is typed, and how it is shown."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from kernel.core.words import Words

LONGEST = 60  # characters of a name that is printed
LONGEST_PATTERN = 100
Check = Callable[[Any], bool]
Choices = Callable[[], Iterable[tuple[str, Words]]]


@dataclass(frozen=True)
class Kind:
    """`holds` judges a value, `expects` says in a sentence what it wants, `field` makes the field in which it is typed,
    `shown` is a value in words. Where `always`, the field is never left empty: it shows what is in force."""

    holds: Check
    expects: Words
    field: Callable[..., forms.Field]
    shown: Callable[[Any], str] = str
    always: bool = False


def whole(least: int, most: int) -> Kind:
    """A whole number between the two, both allowed."""
    return Kind(
        holds=lambda value: type(value) is int and least <= value <= most,
        expects=_between(least, most),
        field=forms.IntegerField,
    )


def text(holds: Check, expects: Words) -> Kind:
    return Kind(
        holds=lambda value: isinstance(value, str) and holds(value),
        expects=expects,
        field=partial(
            forms.CharField,
            max_length=LONGEST_PATTERN,
            widget=forms.TextInput(attrs={"class": "vTextField"}),
        ),
    )


def title() -> Kind:
    """A name that is printed."""
    return text(
        lambda value: 0 < len(value.strip()) and len(value) <= LONGEST,
        gettext_lazy("Enter a name of at most 60 characters."),
    )


def pattern() -> Kind:
    """A regular expression that a whole number or code must match."""
    return text(_compiles, gettext_lazy("Enter a regular expression of at most 100 characters."))


def flag() -> Kind:
    return Kind(
        holds=lambda value: isinstance(value, bool),
        expects=gettext_lazy("Choose yes or no."),
        field=_FlagField,
        shown=lambda value: pgettext("setting", "yes") if value else pgettext("setting", "no"),
    )


def choice(choices: Choices) -> Kind:
    return Kind(
        holds=lambda value: isinstance(value, str) and value in dict(choices()),
        expects=gettext_lazy("Choose one of those offered."),
        field=partial(_ChoiceField, offered=choices),
        shown=lambda value: str(dict(choices()).get(value, value)),
    )


def several(choices: Choices, holds: Check = lambda values: True) -> Kind:
    """Some of these, each once; `holds` may ask for more."""

    def hold(values) -> bool:
        return (
            isinstance(values, list)
            and all(isinstance(value, str) and value in dict(choices()) for value in values)
            and len(set(values)) == len(values)
            and holds(values)
        )

    return Kind(
        holds=hold,
        expects=gettext_lazy("Choose among those offered."),
        field=partial(
            forms.MultipleChoiceField, choices=choices, widget=forms.CheckboxSelectMultiple
        ),
        shown=lambda values: pgettext("list", ", ").join(
            str(dict(choices()).get(value, value)) for value in values
        ),
        always=True,
    )


def switches(choices: Choices, usual: Callable[[], Iterable[str]], holds: Check) -> Kind:
    """Which of these are on: code → whether it is, for those alone that aren't as `usual`."""

    def hold(value) -> bool:
        codes = dict(choices())
        return (
            isinstance(value, dict)
            and all(code in codes and isinstance(on, bool) for code, on in value.items())
            and holds(value)
        )

    return Kind(
        holds=hold,
        expects=gettext_lazy("Choose among those offered; of each step of the flow one at least."),
        field=partial(_SwitchesField, offered=choices, usual=usual),
        shown=lambda value: pgettext("list", ", ").join(
            str(name) for code, name in choices() if value.get(code, code in usual())
        ),
        always=True,
    )


def percents() -> Kind:
    """Two percentages, the smaller first."""

    def hold(value) -> bool:
        numbers = isinstance(value, list) and [type(part) for part in value] == [int, int]
        return numbers and 1 <= value[0] < value[1] <= 99

    return Kind(
        holds=hold,
        expects=gettext_lazy("Enter two whole numbers from 1 to 99, the smaller first: 50, 80."),
        field=_NumbersField,
        shown=lambda value: ", ".join(str(part) for part in value),
    )


def structure(holds: Check, expects: Words) -> Kind:
    """JSON, for what is a table of its own."""
    return Kind(
        holds=holds,
        expects=expects,
        field=_StructureField,
        shown=lambda value: (
            json.dumps(value, ensure_ascii=False) if value else _("nothing of its own")
        ),
    )


def _compiles(value: str) -> bool:
    try:
        return 0 < len(value) <= LONGEST_PATTERN and bool(re.compile(value))
    except re.error:
        return False


def _between_text(least: int, most: int) -> str:
    return _("Enter a whole number from %(least)s to %(most)s.") % {"least": least, "most": most}


_between = lazy(_between_text, str)


class _ChoiceField(forms.ChoiceField):
    """The first choice is the default, whatever that is."""

    def __init__(self, *, offered: Choices, **kwargs):
        super().__init__(
            choices=lambda: [
                ("", _("As by default")),
                *((key, str(name)) for key, name in offered()),
            ],
            **kwargs,
        )


class _FlagField(forms.TypedChoiceField):
    def __init__(self, **kwargs):
        super().__init__(
            choices=lambda: [
                ("", _("As by default")),
                ("True", pgettext("setting", "yes")),
                ("False", pgettext("setting", "no")),
            ],
            coerce=lambda value: value == "True",
            empty_value=None,
            **kwargs,
        )


class _SwitchesField(forms.MultipleChoiceField):
    def __init__(self, *, offered: Choices, usual: Callable[[], Iterable[str]], **kwargs):
        self.offered, self.usual = offered, usual
        super().__init__(choices=offered, widget=forms.CheckboxSelectMultiple, **kwargs)

    def prepare_value(self, value):
        """The codes that are on, of what the zone has; what was ticked as it was ticked."""
        if not isinstance(value, dict):
            return value
        return [code for code, _name in self.offered() if value.get(code, code in self.usual())]

    def clean(self, value):
        ticked, usual = set(super().clean(value)), set(self.usual())
        return {
            code: code in ticked
            for code, _name in self.offered()
            if (code in ticked) != (code in usual)
        }


class _NumbersField(forms.CharField):
    """Whole numbers with commas between them. What isn't is handed on as it is, for the setting to refuse."""

    def prepare_value(self, value):
        return ", ".join(str(part) for part in value) if isinstance(value, list) else value

    def to_python(self, value):
        typed = super().to_python(value)
        parts = [part.strip() for part in re.split(r"[,\uff0c]", typed)] if typed else []
        numbers = all(part.isascii() and part.isdecimal() for part in parts)
        return [int(part) for part in parts] if numbers else typed


class _StructureField(forms.JSONField):
    widget = forms.Textarea(attrs={"class": "vLargeTextField", "rows": 3, "spellcheck": "false"})

    def prepare_value(self, value):
        """What was typed as it was typed; nothing where the zone has nothing of its own."""
        if value is None or isinstance(value, str):
            return value
        return json.dumps(value, ensure_ascii=False)
