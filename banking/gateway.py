"""The national account system, told of each basic account. A deployment names its adapter."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Protocol

from banking import CODE
from banking.models import Account
from kernel.core.adapters import Adapter
from kernel.core.certain import certain
from kernel.core.outbox.models import Message

log = logging.getLogger(__name__)


class AccountSystem(Protocol):
    def opened(self, uscc: str, basic_number: str, key: str) -> None:
        """Report a basic account. Called after the commit, and perhaps again, by the same `key` then."""


class Sandbox:
    """Answers locally: no system outside is told anything."""

    def opened(self, uscc: str, basic_number: str, key: str) -> None:
        log.info("sandbox: basic account reported")


system: Adapter[AccountSystem] = Adapter(CODE, Sandbox)


def report(message: Message) -> Callable:
    """What tells the system outside of a case that its desk has closed; see `kernel.core.outbox`."""
    rows = Account.objects.filter(application=message.payload["case"])
    uscc, basic_number = rows.values_list("application__uscc", "basic_number").get()
    return partial(system().opened, certain(uscc), basic_number, key=message.key)
