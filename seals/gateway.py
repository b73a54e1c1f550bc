"""How seals are reported to the police's own system. A deployment names its adapter."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Protocol

from kernel.core.adapters import Adapter
from kernel.core.certain import certain
from kernel.core.outbox.models import Message
from seals import CODE
from seals.models import Seal

log = logging.getLogger(__name__)


class SealFiling(Protocol):
    def file(self, uscc: str, codes: list[str], key: str) -> None:
        """Report the engraved seals of a company. Called after the commit; perhaps again, by the same `key` then."""


class Sandbox:
    """Answers locally: no system outside is told anything."""

    def file(self, uscc: str, codes: list[str], key: str) -> None:
        log.info("sandbox: seals filed", extra={"count": len(codes)})


system: Adapter[SealFiling] = Adapter(CODE, Sandbox)


def report(message: Message) -> Callable:
    """What tells the system outside of a case that its desk has closed; see `kernel.core.outbox`."""
    seals = Seal.objects.filter(order=message.payload["case"]).order_by("pk")
    codes = list(seals.values_list("order__application__uscc", "code"))
    return partial(
        system().file,
        certain(codes[0][0]),
        [certain(code) for _uscc, code in codes],
        key=message.key,
    )
