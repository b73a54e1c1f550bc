"""The housing fund's own system: it gives the registration number and is told. A deployment names its adapter."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Protocol

from housing_fund import CODE
from housing_fund.models import DepositRegistration
from kernel.core.adapters import Adapter
from kernel.core.certain import certain
from kernel.core.outbox.models import Message

log = logging.getLogger(__name__)


class HousingFundCentre(Protocol):
    def number_for(self, uscc: str) -> str:
        """The registration number of a company; the same company always gets the same number."""

    def register(self, uscc: str, number: str, key: str) -> None:
        """Report a new depositor. Called after the commit, and perhaps again, by the same `key` then."""


class Sandbox:
    """Answers locally: no system outside is told anything."""

    def number_for(self, uscc: str) -> str:
        return f"GJJ{uscc[2:17]}"

    def register(self, uscc: str, number: str, key: str) -> None:
        log.info("sandbox: depositor registered")


system: Adapter[HousingFundCentre] = Adapter(CODE, Sandbox)


def report(message: Message) -> Callable:
    """What tells the system outside of a case that its desk has closed; see `kernel.core.outbox`."""
    rows = DepositRegistration.objects.filter(application=message.payload["case"])
    uscc, number = rows.values_list("application__uscc", "number").get()
    return partial(system().register, certain(uscc), number, key=message.key)
