"""How a new taxpayer is reported to the tax office's own system. A deployment connects its adapter."""

import logging
from typing import Protocol

log = logging.getLogger(__name__)


class TaxOffice(Protocol):
    def register(self, uscc: str, taxes: list[str]) -> None:
        """Report a new taxpayer and its taxes. Called after the commit, and perhaps again: it must be repeatable."""


class Sandbox:
    """Answers locally: no system outside is told anything."""

    def register(self, uscc: str, taxes: list[str]) -> None:
        log.info("sandbox: taxpayer registered", extra={"count": len(taxes)})


_system: TaxOffice = Sandbox()


def system() -> TaxOffice:
    return _system


def connect(adapter: TaxOffice) -> None:
    """Put a deployment's adapter in the sandbox's place."""
    global _system
    _system = adapter
