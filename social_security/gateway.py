"""The social security office's own system: it gives the unit number and is told. A deployment connects its adapter."""

import logging
from typing import Protocol

log = logging.getLogger(__name__)


class SocialSecurityOffice(Protocol):
    def number_for(self, uscc: str) -> str:
        """The unit number of a company; the same company always gets the same number."""

    def register(self, uscc: str, number: str) -> None:
        """Report a new employer. Called after the commit, and perhaps again: it must be repeatable."""


class Sandbox:
    """Answers locally: the number is the region and the organisation code out of the USCC, so it is unique too."""

    def number_for(self, uscc: str) -> str:
        return uscc[2:17]

    def register(self, uscc: str, number: str) -> None:
        log.info("sandbox: employer registered")


_system: SocialSecurityOffice = Sandbox()


def system() -> SocialSecurityOffice:
    return _system


def connect(adapter: SocialSecurityOffice) -> None:
    """Put a deployment's adapter in the sandbox's place."""
    global _system
    _system = adapter
