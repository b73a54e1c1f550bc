"""How seals are reported to the police's own system. A deployment connects its adapter in place of the sandbox."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Protocol

from kernel.core.outbox.models import Message
from seals.models import Seal

log = logging.getLogger(__name__)


class SealFiling(Protocol):
    def file(self, uscc: str, codes: list[str], key: str) -> None:
        """Report the engraved seals of a company. Called after the commit; perhaps again, by the same `key` then."""


class Sandbox:
    """Answers locally: no system outside is told anything."""

    def file(self, uscc: str, codes: list[str], key: str) -> None:
        log.info("sandbox: seals filed", extra={"count": len(codes)})


_system: SealFiling = Sandbox()


def system() -> SealFiling:
    return _system


def connect(adapter: SealFiling) -> None:
    """Put a deployment's adapter in the sandbox's place."""
    global _system
    _system = adapter


def report(message: Message) -> Callable:
    """What tells the system outside of a case that its desk has closed; see `kernel.core.outbox`."""
    seals = Seal.objects.filter(order=message.payload["case"]).order_by("pk")
    found = list(seals.values_list("order__application__uscc", "code"))
    return partial(system().file, found[0][0], [code for _uscc, code in found], key=message.key)
