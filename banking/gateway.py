"""The national account system, told of each basic account. A deployment connects its adapter."""

import logging
from typing import Protocol

log = logging.getLogger(__name__)


class AccountSystem(Protocol):
    def opened(self, uscc: str, basic_number: str) -> None:
        """Report a basic account. Called after the commit, and perhaps again: it must be repeatable."""


class Sandbox:
    """Answers locally: no system outside is told anything."""

    def opened(self, uscc: str, basic_number: str) -> None:
        log.info("sandbox: basic account reported")


_system: AccountSystem = Sandbox()


def system() -> AccountSystem:
    return _system


def connect(adapter: AccountSystem) -> None:
    """Put a deployment's adapter in the sandbox's place."""
    global _system
    _system = adapter
