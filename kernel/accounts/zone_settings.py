"""What a zone may set otherwise: each setting with its name, type, default and a sentence for who sets it.

Whoever reads a setting registers it in the AppConfig.ready() of its app (`register`) and reads it by `Zone.setting`, or
by `in_force` where only the settings are at hand. Nothing else is accepted: the administration refuses what nobody
registered, and so does `Zone.save`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kernel.accounts.setting_kinds import Kind
from kernel.core.words import Words

MINUTES, DAYS = 100_000, 3650  # beyond them is a slip of the hand


@dataclass(frozen=True)
class Setting:
    """`group` is the heading under which `label` stands, `sentence` says what the setting does.

    `default` is a value, what a function makes of the zone, or None where there is none. `loosens` judges a change from
    one value to another: where it takes a person's look away, only two persons make it (`kernel.accounts.loosening`).
    """

    name: str
    kind: Kind
    default: Any
    group: Words
    label: Words
    sentence: Words
    loosens: Callable[[Any, Any], bool] | None = None

    def default_of(self, zone) -> Any:
        return self.default(zone) if callable(self.default) else self.default


class WrongSettings(ValueError):
    """`faults`: name → the sentence that says what is wrong."""

    def __init__(self, faults: Mapping[str, Words]):
        self.faults = faults
        super().__init__(" ".join(f"{name}: {sentence}" for name, sentence in faults.items()))


_registered: tuple[Setting, ...] = ()


def register(*settings: Setting) -> None:
    """Called by the AppConfig.ready() of whoever reads them; `manage.py check` names those that are there twice."""
    global _registered
    _registered += settings


def withdraw(*settings: Setting) -> None:
    """Take settings out again; for tests."""
    global _registered
    _registered = tuple(known for known in _registered if known not in settings)


def settings() -> tuple[Setting, ...]:
    return _registered


def setting(name: str) -> Setting:
    """Raises KeyError for a setting that nobody registered."""
    for known in _registered:
        if known.name == name:
            return known
    raise KeyError(name)


def in_force(own: Mapping, name: str, zone=None) -> Any:
    """What is in force where a zone has set `own`. Raises KeyError for a setting that nobody registered.

    The `zone` is needed by settings whose default depends on it.
    """
    known = setting(name)
    return own[name] if name in own else known.default_of(zone)


def faults(own: object) -> dict[str, str]:
    """Why these can't be a zone's settings: a sentence for each that is wrong, and for each that nobody knows."""
    if not isinstance(own, dict):
        return {"": _("Settings are names with values.")}
    names, errors = {known.name for known in _registered}, {}
    for name, given in own.items():
        if name not in names:
            errors[name] = _("Nothing reads this setting; check the spelling.")
        elif not setting(name).kind.holds(given):
            errors[name] = str(setting(name).kind.expects)
    return errors


def require(own: object) -> None:
    """Raises WrongSettings."""
    if errors := faults(own):
        raise WrongSettings(errors)
