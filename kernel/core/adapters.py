"""Systems of others that the portal speaks with. Each has a protocol and a sandbox, and a deployment names the adapter
that takes the sandbox's place: `ADAPTERS=tax=zibo.tax.Client,sms=…`, a class that is called without arguments.

A sandbox tells nobody anything, so an installation that is used refuses to start with one, unless `SANDBOXES` names it.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

T = TypeVar("T")
ANY = "all"  # in `SANDBOXES`: each may stay

_known: dict[str, "Adapter"] = {}


class Adapter(Generic[T]):
    """One system outside: call it for the adapter that speaks with it. `name` is a short code, used in settings."""

    def __init__(self, name: str, sandbox: Callable[[], T]):
        self.name, self._sandbox = name, sandbox
        self._connected: T | None = None
        _known[name] = self

    def __call__(self) -> T:
        if self._connected is None:
            self._connected = self._make()
        return self._connected

    def connect(self, adapter: T | None) -> None:
        """Speak through this adapter from now on; None for what the settings say."""
        self._connected = adapter

    def _make(self) -> T:
        """Raises ImproperlyConfigured for an adapter that can't be imported."""
        path = settings.ADAPTERS.get(self.name)
        if not path:
            return self._sandbox()
        try:
            return import_string(path)()
        except ImportError as error:
            raise ImproperlyConfigured(
                f"ADAPTERS names {path} for {self.name}, which can't be imported."
            ) from error


def refuse_sandboxes() -> None:
    """Raises ImproperlyConfigured where a system outside has no adapter and may not stay a sandbox."""
    named, allowed = set(settings.ADAPTERS), set(settings.SANDBOXES)
    if unknown := sorted((named | allowed) - set(_known) - {ANY}):
        raise ImproperlyConfigured(
            f"ADAPTERS or SANDBOXES name systems that don't exist: {', '.join(unknown)}. "
            f"There are {', '.join(sorted(_known))}."
        )
    if ANY not in allowed and (left := sorted(set(_known) - named - allowed)):
        raise ImproperlyConfigured(
            f"These systems outside have no adapter, so nobody would be told: {', '.join(left)}. "
            "Name one for each in ADAPTERS, or say in SANDBOXES which may be played by a sandbox."
        )
