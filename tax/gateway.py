"""How a new taxpayer is reported to the tax office's own system. A deployment names its adapter."""

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from kernel.cases import exchange
from kernel.cases.models import Application
from kernel.core.adapters import Adapter
from kernel.core.certain import certain
from kernel.core.outbox.models import Message
from tax import CODE
from tax.models import TaxRegistration

log = logging.getLogger(__name__)


class TaxOffice(Protocol):
    def register(self, uscc: str, taxes: list[str], key: str) -> None:
        """Report a new taxpayer and its taxes. Called after the commit, and perhaps again, by the same `key` then."""

    def account(self, uscc: str, account: Mapping[str, str], key: str) -> None:
        """Report the company's basic account: `bank`, `number`, `basic_number`. After the commit, as above."""

    def accept(self, uscc: str, agreement: Mapping[str, str], key: str) -> None:
        """Accept an agreement on withholding: `number`, `bank`, `account`. Returns once it is accepted, else raises."""


class Sandbox:
    """Answers locally: no system outside is told anything."""

    def register(self, uscc: str, taxes: list[str], key: str) -> None:
        log.info("sandbox: taxpayer registered", extra={"count": len(taxes)})

    def account(self, uscc: str, account: Mapping[str, str], key: str) -> None:
        log.info("sandbox: account reported")

    def accept(self, uscc: str, agreement: Mapping[str, str], key: str) -> None:
        log.info("sandbox: withholding agreement accepted")


system: Adapter[TaxOffice] = Adapter(CODE, Sandbox)


def report(message: Message) -> Callable:
    """What tells the system outside of a case that its desk has closed; see `kernel.core.outbox`."""
    rows = TaxRegistration.objects.filter(application=message.payload["case"])
    uscc, taxes = rows.values_list("application__uscc", "taxes").get()
    return partial(system().register, certain(uscc), taxes, key=message.key)


def report_account(message: Message) -> Callable | None:
    """What tells it of the company's account, which another department opened."""
    application = Application.objects.get(pk=message.payload["case"])
    account = exchange.facts(exchange.ACCOUNT, application)
    if not account:
        return None
    return partial(system().account, certain(application.uscc), account, key=message.key)


def report_agreement(message: Message) -> Callable | None:
    """What has it accept the agreement on withholding that another department made with the account."""
    application = Application.objects.get(pk=message.payload["case"])
    agreement = exchange.facts(exchange.AGREEMENT, application)
    if not agreement:
        return None
    return partial(system().accept, certain(application.uscc), agreement, key=message.key)
