"""Who carries texts to phones: the sandbox, or the adapter that ADAPTERS names, of which `Http` is one."""

from typing import Protocol

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from kernel.core import gateways, sandbox
from kernel.core.adapters import Adapter
from kernel.core.moment import now
from kernel.core.outbox.channels import Undeliverable
from kernel.core.text_messages.receipts import Receipt

SYSTEM = "texts"  # its name in ADAPTERS and in the sandbox
# What a number ends in with which the sandbox behaves as networks do.
REFUSED_NUMBER = "0404"  # the network doesn't know it
BUSY_NUMBER = "0429"  # the first try with each text is turned away
LATE_NUMBER = "0202"  # the text arrives after DELAY
SILENT_NUMBER = "0204"  # nobody ever hears whether the text arrived
LOST_NUMBER = "0410"  # the text is taken and doesn't arrive
DELAY = 300  # seconds
NUMBERS = {
    REFUSED_NUMBER: _("is refused by the carrier"),
    BUSY_NUMBER: _("is busy at the first try and takes the text at the next"),
    LATE_NUMBER: _("says five minutes later that the text arrived"),
    SILENT_NUMBER: _("never says whether the text arrived"),
    LOST_NUMBER: _("takes the text, which doesn't arrive"),
}


class Carrier(Protocol):
    def send(self, phone: str, body: str, key: str) -> None:
        """Have the text sent; perhaps again, by the same `key` then. Raises whatever went wrong: NumberRefused for a
        phone that can't be written to, others where the carrier is away."""

    def receipts(self) -> list[Receipt]:
        """What became of texts, each told once or more; nothing of a carrier that calls back. Raises whatever went
        wrong."""


class NumberRefused(Undeliverable):
    """The network doesn't know the number, or its holder takes no texts."""


class Busy(Exception):
    """The carrier turns this text away for now."""


class Sandbox:
    """Shows its texts on `/sandbox/` and sends none. It fails as a carrier does: slow or away as the page says, and
    refusing, busy, late or silent by how a number ends. A key that it knows isn't said twice."""

    def send(self, phone: str, body: str, key: str) -> None:
        sandbox.behave(SYSTEM)
        if phone.endswith(REFUSED_NUMBER):
            raise NumberRefused
        if phone.endswith(BUSY_NUMBER) and cache.add(_place("tried", key), True, sandbox.LASTS):
            raise Busy
        if cache.get(_place("said", key)):
            return
        sandbox.show(SYSTEM, {"phone": phone, "body": body, "key": key})
        cache.set(_place("said", key), True, sandbox.LASTS)
        if not phone.endswith(SILENT_NUMBER):
            due = now().timestamp() + (DELAY if phone.endswith(LATE_NUMBER) else 0)
            _owe({"key": key, "due": due, "arrived": not phone.endswith(LOST_NUMBER)})

    def receipts(self) -> list[Receipt]:
        sandbox.behave(SYSTEM)
        last, asked = cache.get(_place("owed"), 0), cache.get(_place("given"), 0)
        owed = [cache.get(_place("owed", number)) for number in range(asked + 1, last + 1)]
        cache.set(_place("given"), last, sandbox.LASTS)
        at = now().timestamp()
        known = [receipt for receipt in owed if receipt]
        for receipt in known:
            if receipt["due"] > at:
                _owe(receipt)
        return [Receipt(row["key"], row["arrived"]) for row in known if row["due"] <= at]


def _place(*parts) -> str:
    return ":".join(map(str, ("sandbox", SYSTEM, *parts)))


def _owe(receipt: dict) -> None:
    cache.add(_place("owed"), 0, sandbox.LASTS)
    cache.set(_place("owed", cache.incr(_place("owed"))), receipt, sandbox.LASTS)


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

    def receipts(self) -> list[Receipt]:
        return []  # it calls back


carrier: Adapter[Carrier] = Adapter(SYSTEM, Sandbox)
