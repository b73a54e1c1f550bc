"""System checks of the parts of the standards: a file that is missing, doubled or can't be worked with is refused."""

from collections import Counter
from collections.abc import Iterable

from django.core.checks import Error, register
from django.utils import translation

from kernel.core.departments import Standards
from kernel.standards import drafting, publishing
from kernel.standards.parts import parts


def standards_are_complete(app_configs, **_kwargs):
    """standards.E001: each part comes with its versions, in their order, and every standard of them stands."""
    with translation.override("en"):
        return [
            Error(f"The standards of '{part}': {text}", id="standards.E001")
            for part, own in parts().items()
            for text in _faults(part, own)
        ]


def standards_are_apart(app_configs, **_kwargs):
    """standards.E002: no two parts share a prefix, a folder or the name of a rule."""
    own = [part for part in parts().values() if isinstance(part, Standards)]
    shared = {
        "prefix": (part.prefix for part in own),
        "folder": (str(part.folder) for part in own),
        "rule": (rule.__name__ for part in own for rule in part.rules),
    }
    return [
        Error(f"Two parts of the standards have the {what} '{value}'.", id="standards.E002")
        for what, values in shared.items()
        for value in _doubled(values)
    ]


def _faults(part: str, own: Standards) -> list[str]:
    if not isinstance(own, Standards):
        return ["its department names none."]
    try:
        versions = publishing.shipped(part)
    except (KeyError, TypeError, ValueError) as error:
        return [f"a file of {own.folder} can't be read: {error!r}."]
    if [version.number for version in versions] != list(
        range(1, len(versions) + 1)
    ) or not versions:
        return [f"{own.folder} has no v1.json, or leaves out a number."]
    days = [version.effective_from for version in versions]
    faults = [] if days == sorted(days) else ["a version begins before the one that it follows."]
    for version in versions:
        ids = Counter(item["id"] for item in version.items)
        faults += [f"v{version.number}.json has {id} twice." for id in ids if ids[id] > 1]
        faults += [
            f"v{version.number}.json, {item['id']}: {text}"
            for item in version.items
            for _field, text in drafting.faults(item, part)
        ]
    return faults


def _doubled(values: Iterable[str]) -> list[str]:
    return sorted(value for value, count in Counter(values).items() if count > 1)


def register_all() -> None:
    register(standards_are_complete)
    register(standards_are_apart)
