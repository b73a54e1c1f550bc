"""The social security office's own system: it gives the unit number and is told. A deployment names its adapter."""

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from kernel.cases import exchange
from kernel.cases.models import Application
from kernel.core.adapters import Adapter
from kernel.core.certain import certain
from kernel.core.outbox.models import Message
from social_security import CODE
from social_security.models import Registration

log = logging.getLogger(__name__)


class SocialSecurityOffice(Protocol):
    def number_for(self, uscc: str) -> str:
        """The unit number of a company; the same company always gets the same number."""

    def register(self, uscc: str, number: str, key: str) -> None:
        """Report a new employer. Called after the commit, and perhaps again, by the same `key` then."""

    def account(self, uscc: str, account: Mapping[str, str], key: str) -> None:
        """Report the company's basic account: `bank`, `number`, `basic_number`. After the commit, as above."""


class Sandbox:
    """Answers locally: the number is the region and the organisation code out of the USCC, so it is unique too."""

    def number_for(self, uscc: str) -> str:
        return uscc[2:17]

    def register(self, uscc: str, number: str, key: str) -> None:
        log.info("sandbox: employer registered")

    def account(self, uscc: str, account: Mapping[str, str], key: str) -> None:
        log.info("sandbox: account reported")


system: Adapter[SocialSecurityOffice] = Adapter(CODE, Sandbox)


def report(message: Message) -> Callable:
    """What tells the system outside of a case that its desk has closed; see `kernel.core.outbox`."""
    rows = Registration.objects.filter(application=message.payload["case"])
    uscc, number = rows.values_list("application__uscc", "number").get()
    return partial(system().register, certain(uscc), number, key=message.key)


def report_account(message: Message) -> Callable | None:
    """What tells it of the company's account, which another department opened."""
    application = Application.objects.get(pk=message.payload["case"])
    account = exchange.facts(exchange.ACCOUNT, application)
    if not account:
        return None
    return partial(system().account, certain(application.uscc), account, key=message.key)
