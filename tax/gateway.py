"""How a new taxpayer is reported to the tax office's own system. A deployment names its adapter."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Protocol

from kernel.core.adapters import Adapter
from kernel.core.certain import certain
from kernel.core.outbox.models import Message
from tax import CODE
from tax.models import TaxRegistration

log = logging.getLogger(__name__)


class TaxOffice(Protocol):
    def register(self, uscc: str, taxes: list[str], key: str) -> None:
        """Report a new taxpayer and its taxes. Called after the commit, and perhaps again, by the same `key` then."""


class Sandbox:
    """Answers locally: no system outside is told anything."""

    def register(self, uscc: str, taxes: list[str], key: str) -> None:
        log.info("sandbox: taxpayer registered", extra={"count": len(taxes)})


system: Adapter[TaxOffice] = Adapter(CODE, Sandbox)


def report(message: Message) -> Callable:
    """What tells the system outside of a case that its desk has closed; see `kernel.core.outbox`."""
    rows = TaxRegistration.objects.filter(application=message.payload["case"])
    uscc, taxes = rows.values_list("application__uscc", "taxes").get()
    return partial(system().register, certain(uscc), taxes, key=message.key)
