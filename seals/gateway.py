"""How seals are reported to the police's own system. A deployment connects its adapter in place of the sandbox."""

import logging
from typing import Protocol

log = logging.getLogger(__name__)


class SealFiling(Protocol):
    def file(self, uscc: str, codes: list[str]) -> None:
        """Report the engraved seals of a company. Called after the commit, and perhaps again: it must be repeatable."""


class Sandbox:
    """Answers locally: no system outside is told anything."""

    def file(self, uscc: str, codes: list[str]) -> None:
        log.info("sandbox: seals filed", extra={"count": len(codes)})


_system: SealFiling = Sandbox()


def system() -> SealFiling:
    return _system


def connect(adapter: SealFiling) -> None:
    """Put a deployment's adapter in the sandbox's place."""
    global _system
    _system = adapter
