"""Who carries texts to phones: the sandbox, or the adapter that ADAPTERS names, of which `Http` is one."""

import logging
from typing import Protocol

from django.conf import settings

from kernel.core import gateways, sandbox
from kernel.core.adapters import Adapter

log = logging.getLogger(__name__)
SYSTEM = "texts"  # its name in ADAPTERS and in the sandbox
REFUSED_NUMBER = "0404"  # how a number ends that the sandbox's network doesn't know


class Carrier(Protocol):
    def send(self, phone: str, body: str, key: str) -> None:
        """Have the text sent; perhaps again, by the same `key` then. Raises whatever went wrong: NumberRefused for a
        phone that can't be written to, others where the carrier is away."""


class NumberRefused(Exception):
    """The network doesn't know the number, or its holder takes no texts."""


class Sandbox:
    """Shows its texts on `/sandbox/` and sends none. It fails as a carrier does: slow or away as the page says, and a
    number that ends in 0404 is refused."""

    def send(self, phone: str, body: str, key: str) -> None:
        sandbox.behave(SYSTEM)
        if phone.endswith(REFUSED_NUMBER):
            raise NumberRefused
        sandbox.show(SYSTEM, {"phone": phone, "body": body, "key": key})


class Http:
    """A carrier at the address TEXT_GATEWAY that takes texts as JSON over HTTPS, `{"phone", "text", "key"}`, and
    answers `{"taken": true}`, or `{"taken": false}` for a number that it refuses."""

    def send(self, phone: str, body: str, key: str) -> None:
        answer = gateways.ask(
            settings.TEXT_GATEWAY,
            settings.TEXT_GATEWAY_TOKEN,
            {"phone": phone, "text": body, "key": key},
        )
        if answer.get("taken") is False:
            raise NumberRefused
        if answer.get("taken") is not True:
            raise gateways.Unreadable


carrier: Adapter[Carrier] = Adapter(SYSTEM, Sandbox)
