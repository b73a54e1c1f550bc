"""The housing fund's own system: it gives the registration number and is told. A deployment connects its adapter."""

import logging
from typing import Protocol

log = logging.getLogger(__name__)


class HousingFundCentre(Protocol):
    def number_for(self, uscc: str) -> str:
        """The registration number of a company; the same company always gets the same number."""

    def register(self, uscc: str, number: str) -> None:
        """Report a new depositor. Called after the commit, and perhaps again: it must be repeatable."""


class Sandbox:
    """Answers locally: no system outside is told anything."""

    def number_for(self, uscc: str) -> str:
        return f"GJJ{uscc[2:17]}"

    def register(self, uscc: str, number: str) -> None:
        log.info("sandbox: depositor registered")


_system: HousingFundCentre = Sandbox()


def system() -> HousingFundCentre:
    return _system


def connect(adapter: HousingFundCentre) -> None:
    """Put a deployment's adapter in the sandbox's place."""
    global _system
    _system = adapter
