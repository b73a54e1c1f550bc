"""Who carries texts to phones: the sandbox, or the adapter that ADAPTERS names, of which `Http` is one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from kernel.core import gateways, sandbox
from kernel.core.adapters import Adapter
from kernel.core.moment import now
from kernel.core.outbox.channels import Undeliverable
from kernel.core.sandbox import Behaviour
from kernel.core.text_messages.receipts import Receipt

SYSTEM = "texts"  # its name in ADAPTERS and in the sandbox
# What a number ends in with which the sandbox behaves as networks do.
REFUSED_NUMBER = "0404"  # the network doesn't know it
BUSY_NUMBER = "0429"  # the first try with each text is turned away
LATE_NUMBER = "0202"  # the text arrives after DELAY
SILENT_NUMBER = "0204"  # nobody ever hears whether the text arrived
LOST_NUMBER = "0410"  # the text is taken and doesn't arrive
FULL_NUMBER = "0431"  # it has had its texts: each is turned away for HOUR
HOUR = 3600  # seconds
DELAY = 300  # seconds
MOST_RECEIPTS = 500  # at one question
NUMBERS = {
    REFUSED_NUMBER: _("is refused by the carrier"),
    BUSY_NUMBER: _("is busy at the first try and takes the text at the next"),
    LATE_NUMBER: _("says five minutes later that the text arrived"),
    SILENT_NUMBER: _("never says whether the text arrived"),
    LOST_NUMBER: _("takes the text, which doesn't arrive"),
    FULL_NUMBER: _("has had all its texts, and takes this one an hour later"),
}


@dataclass(frozen=True)
class Text:
    """What a phone is told: `body`, or, at a carrier that says it in a template of its own, that of this `kind` with
    the `words` in its gaps."""

    kind: str
    body: str
    words: Mapping[str, object]


class Carrier(Protocol):
    uses_templates: bool  # it says approved words of its own, whatever `Text.body` is

    def send(self, phone: str, text: Text, key: str, again: bool = False) -> None:
        """Have the text sent; perhaps `again`, by the same `key` then, and perhaps it was taken before. Raises whatever
        went wrong: NumberRefused and TextRefused where another try is of no use, Busy and Full where the carrier turns
        it away for now, NotSetUp where it serves the installation with nothing of this kind, others where it is
        away."""

    def receipts(self) -> list[Receipt]:
        """What became of texts, each told once or more; nothing of a carrier that calls back. Raises whatever went
        wrong."""


class NumberRefused(Undeliverable):
    """The network doesn't know the number, or its holder takes no texts."""


class TextRefused(Undeliverable):
    """The carrier sends no such words."""


class Busy(Exception):
    """The carrier turns this text away for now: too many at once, or to this phone."""


class Full(Busy):
    """So many texts were sent to this phone, or by the installation, that more are turned away for hours."""


class NotSetUp(Exception):
    """The carrier doesn't serve the installation with this: a key, signature or template that is wrong or not
    approved, or nothing is paid. People must mend it; the texts wait meanwhile."""


class Sandbox:
    """Shows its texts on `/sandbox/` and sends none. It fails as a carrier does: slow, away, throttling or without an
    approved signature as the page says, and refusing, busy, full, late or silent by how a number ends. A key that it
    knows isn't said twice."""

    uses_templates = False

    def send(self, phone: str, text: Text, key: str, again: bool = False) -> None:
        how = sandbox.behave(SYSTEM)
        if error := _FAILS.get(how):
            raise error
        if phone.endswith(REFUSED_NUMBER):
            raise NumberRefused
        if phone.endswith(BUSY_NUMBER) and cache.add(_place("tried", key), True, sandbox.LASTS):
            raise Busy
        if phone.endswith(FULL_NUMBER) and _is_full(key):
            raise Full
        said = _place("said", key)
        if cache.get(said):
            return
        beside = {said: True} | ({} if phone.endswith(SILENT_NUMBER) else _owed(phone, key))
        sandbox.show(SYSTEM, {"phone": phone, "body": text.body, "key": key}, **beside)

    def receipts(self) -> list[Receipt]:
        sandbox.behave(SYSTEM)
        last, given = cache.get(_place("owed"), 0), cache.get(_place("given"), 0)
        until = min(last, given + MOST_RECEIPTS)
        places = [_place("owed", number) for number in range(given + 1, until + 1)]
        owed = cache.get_many([*places, _place("gap")])
        gap = next((place for place in places if place not in owed), None)
        if gap and gap != owed.get(_place("gap")):  # its text is being said just now
            places = places[: places.index(gap)]
        known = [owed[place] for place in places if place in owed]
        at = now().timestamp()
        again = [receipt for receipt in known if receipt["due"] > at]
        kept = {_place("owed", sandbox.count(_place("owed"))): receipt for receipt in again}
        kept |= {_place("given"): given + len(places), _place("gap"): gap}
        cache.set_many(kept, sandbox.LASTS)
        return [Receipt(row["key"], row["arrived"]) for row in known if row["due"] <= at]


_FAILS = {
    Behaviour.THROTTLES: Busy,
    Behaviour.NOT_APPROVED: NotSetUp,
    Behaviour.CENSORS: TextRefused,
}


def _is_full(key: str) -> bool:
    """Until an hour after the first try with this text."""
    at = now().timestamp()
    cache.add(_place("first", key), at, sandbox.LASTS)
    return at < cache.get(_place("first", key), at) + HOUR


def _place(*parts) -> str:
    return ":".join(map(str, ("sandbox", SYSTEM, *parts)))


def _owed(phone: str, key: str) -> dict[str, dict]:
    """Its receipt, at the next place of those that are owed."""
    due = now().timestamp() + (DELAY if phone.endswith(LATE_NUMBER) else 0)
    receipt = {"key": key, "due": due, "arrived": not phone.endswith(LOST_NUMBER)}
    return {_place("owed", sandbox.count(_place("owed"))): receipt}


class Http:
    """A carrier at the address TEXT_GATEWAY that takes texts as JSON over HTTPS, `{"phone", "text", "key"}`, and
    answers `{"taken": true}`, or `{"taken": false}` for a number that it refuses."""

    uses_templates = False

    def send(self, phone: str, text: Text, key: str, again: bool = False) -> None:
        answer = gateways.ask(
            settings.TEXT_GATEWAY,
            settings.TEXT_GATEWAY_TOKEN,
            {"phone": phone, "text": text.body, "key": key},
        )
        if answer.get("taken") is False:
            raise NumberRefused
        if answer.get("taken") is not True:
            raise gateways.Unreadable

    def receipts(self) -> list[Receipt]:
        return []  # it calls back


carrier: Adapter[Carrier] = Adapter(SYSTEM, Sandbox)
